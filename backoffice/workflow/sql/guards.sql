-- What somebody decided stays decided: approvals and returns are added, never altered or taken away.

CREATE TRIGGER workflow_decision_append_only BEFORE UPDATE OR DELETE ON workflow_decision
    FOR EACH ROW EXECUTE FUNCTION core_keep('A decision cannot be changed or deleted.', 'decided');
CREATE TRIGGER workflow_decision_no_truncate BEFORE TRUNCATE ON workflow_decision
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('A decision cannot be changed or deleted.', 'decided');
