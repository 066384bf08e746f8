-- What was said and what was filed stays: comments and attachments are added, never altered or taken away.

CREATE TRIGGER documents_comment_append_only BEFORE UPDATE OR DELETE ON documents_comment
    FOR EACH ROW EXECUTE FUNCTION core_keep('A comment or an attachment cannot be changed or deleted.', 'kept');
CREATE TRIGGER documents_comment_no_truncate BEFORE TRUNCATE ON documents_comment
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('A comment or an attachment cannot be changed or deleted.', 'kept');
CREATE TRIGGER documents_attachment_append_only BEFORE UPDATE OR DELETE ON documents_attachment
    FOR EACH ROW EXECUTE FUNCTION core_keep('A comment or an attachment cannot be changed or deleted.', 'kept');
CREATE TRIGGER documents_attachment_no_truncate BEFORE TRUNCATE ON documents_attachment
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('A comment or an attachment cannot be changed or deleted.', 'kept');
