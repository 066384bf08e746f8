DROP TRIGGER audit_act_append_only ON audit_act;
DROP TRIGGER audit_act_no_truncate ON audit_act;
DROP TRIGGER audit_change_append_only ON audit_change;
DROP TRIGGER audit_change_no_truncate ON audit_change;
DROP FUNCTION audit_note_change() CASCADE;
DROP FUNCTION audit_keep_acting() CASCADE;
