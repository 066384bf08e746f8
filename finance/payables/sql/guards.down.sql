DROP TRIGGER payables_no_truncate ON payables_bill;
DROP TRIGGER payables_no_truncate ON payables_billline;
DROP TRIGGER payables_no_truncate ON payables_paymentblock;
DROP FUNCTION payables_block_guard() CASCADE;
DROP FUNCTION payables_bill_guard() CASCADE;
DROP FUNCTION payables_bill_line_guard() CASCADE;
DROP FUNCTION payables_bill_is_whole() CASCADE;
