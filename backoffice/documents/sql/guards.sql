-- What was said and what was filed stays: comments and attachments are added, never altered or taken away.

CREATE FUNCTION documents_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    RAISE EXCEPTION 'A comment or an attachment cannot be changed or deleted.'
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'refused:kept';
END $$;

CREATE TRIGGER documents_comment_append_only BEFORE UPDATE OR DELETE ON documents_comment
    FOR EACH ROW EXECUTE FUNCTION documents_append_only();
CREATE TRIGGER documents_comment_no_truncate BEFORE TRUNCATE ON documents_comment
    FOR EACH STATEMENT EXECUTE FUNCTION documents_append_only();
CREATE TRIGGER documents_attachment_append_only BEFORE UPDATE OR DELETE ON documents_attachment
    FOR EACH ROW EXECUTE FUNCTION documents_append_only();
CREATE TRIGGER documents_attachment_no_truncate BEFORE TRUNCATE ON documents_attachment
    FOR EACH STATEMENT EXECUTE FUNCTION documents_append_only();
