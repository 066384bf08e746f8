DROP FUNCTION people_pay_rate_guard() CASCADE;
DROP FUNCTION people_bank_account_guard() CASCADE;
