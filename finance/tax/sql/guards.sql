-- What was captured at posting is what a return reads: rows are only ever added, and only with their entry.
CREATE FUNCTION tax_row_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    RAISE EXCEPTION 'Tax rows of posted entries are final.' USING ERRCODE = 'integrity_constraint_violation', HINT = 'refused:posted';
END $$;

CREATE TRIGGER tax_row_final BEFORE UPDATE OR DELETE ON tax_taxrow FOR EACH ROW EXECUTE FUNCTION tax_row_guard();
CREATE TRIGGER tax_row_no_truncate BEFORE TRUNCATE ON tax_taxrow FOR EACH STATEMENT EXECUTE FUNCTION tax_row_guard();
