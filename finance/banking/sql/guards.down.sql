DROP TRIGGER banking_file_kept ON banking_paymentfile;
DROP TRIGGER banking_file_no_truncate ON banking_paymentfile;
DROP FUNCTION banking_released_kept() CASCADE;
DROP FUNCTION banking_released_items_kept() CASCADE;
DROP TRIGGER banking_run_released_kept ON banking_paymentrun;
DROP FUNCTION banking_two_persons() CASCADE;
