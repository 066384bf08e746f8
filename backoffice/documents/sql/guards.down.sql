DROP FUNCTION documents_append_only() CASCADE;
