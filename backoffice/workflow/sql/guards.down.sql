DROP FUNCTION workflow_append_only() CASCADE;
