DROP FUNCTION tax_row_guard() CASCADE;
