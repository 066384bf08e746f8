-- What somebody decided stays decided: approvals and returns are added, never altered or taken away.

CREATE FUNCTION workflow_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    RAISE EXCEPTION 'A decision cannot be changed or deleted.'
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'refused:decided';
END $$;

CREATE TRIGGER workflow_decision_append_only BEFORE UPDATE OR DELETE ON workflow_decision
    FOR EACH ROW EXECUTE FUNCTION workflow_append_only();
CREATE TRIGGER workflow_decision_no_truncate BEFORE TRUNCATE ON workflow_decision
    FOR EACH STATEMENT EXECUTE FUNCTION workflow_append_only();
