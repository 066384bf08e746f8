-- Every write to a watched table leaves its values before and after. The trigger runs as the owner,
-- so the application cannot write or alter history by itself.
CREATE FUNCTION audit_note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    skipped text[] := string_to_array(coalesce(TG_ARGV[1], ''), ',');
    old_row jsonb;
    new_row jsonb;
    key text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        old_row := to_jsonb(OLD) - skipped;
        key := old_row ->> TG_ARGV[0];
    END IF;
    IF TG_OP <> 'DELETE' THEN
        new_row := to_jsonb(NEW) - skipped;
        key := new_row ->> TG_ARGV[0];
    END IF;
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, new_row -> o.key)
          INTO old_row, new_row
          FROM jsonb_each(old_row) AS o
         WHERE o.value IS DISTINCT FROM new_row -> o.key;
        IF old_row IS NULL THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO audit_change (table_name, row_id, operation, before, after, by_id, database_user)
    VALUES (TG_TABLE_NAME, key, lower(TG_OP), old_row, new_row,
            nullif(current_setting('backoffice.actor', true), '')::bigint, session_user);
    RETURN NULL;
END $$;

CREATE TRIGGER audit_act_append_only BEFORE UPDATE OR DELETE ON audit_act
    FOR EACH ROW EXECUTE FUNCTION core_keep('History is only ever added to.', 'audit');
CREATE TRIGGER audit_act_no_truncate BEFORE TRUNCATE ON audit_act
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('History is only ever added to.', 'audit');
CREATE TRIGGER audit_change_append_only BEFORE UPDATE OR DELETE ON audit_change
    FOR EACH ROW EXECUTE FUNCTION core_keep('History is only ever added to.', 'audit');
CREATE TRIGGER audit_change_no_truncate BEFORE TRUNCATE ON audit_change
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('History is only ever added to.', 'audit');

-- Acts point to users and kinds of documents without a foreign key (a hot row for all who act): whoever
-- acted, and what was acted on, stays.
CREATE FUNCTION audit_keep_acting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF (TG_TABLE_NAME = 'access_user' AND EXISTS (SELECT 1 FROM audit_act WHERE by_id = OLD.id))
       OR (TG_TABLE_NAME = 'django_content_type' AND EXISTS (SELECT 1 FROM audit_act WHERE content_type_id = OLD.id)) THEN
        PERFORM core_refuse('History names this: it cannot be deleted, only made inactive.', 'audit');
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER audit_keep_acting BEFORE DELETE ON access_user FOR EACH ROW EXECUTE FUNCTION audit_keep_acting();
CREATE TRIGGER audit_keep_acting BEFORE DELETE ON django_content_type FOR EACH ROW EXECUTE FUNCTION audit_keep_acting();
