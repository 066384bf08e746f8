DROP TRIGGER purchasing_revision_append_only ON purchasing_revision;
DROP TRIGGER purchasing_revision_no_truncate ON purchasing_revision;
DROP FUNCTION purchasing_order_line_guard() CASCADE;
DROP FUNCTION purchasing_requisition_line_guard() CASCADE;
