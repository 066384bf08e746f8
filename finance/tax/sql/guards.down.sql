DROP TRIGGER tax_row_final ON tax_taxrow;
DROP TRIGGER tax_row_no_truncate ON tax_taxrow;
