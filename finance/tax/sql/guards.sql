-- What was captured at posting is what a return reads: rows are only ever added, and only with their entry.
CREATE TRIGGER tax_row_final BEFORE UPDATE OR DELETE ON tax_taxrow
    FOR EACH ROW EXECUTE FUNCTION core_keep('Tax rows of posted entries are final.', 'posted');
CREATE TRIGGER tax_row_no_truncate BEFORE TRUNCATE ON tax_taxrow
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('Tax rows of posted entries are final.', 'posted');
