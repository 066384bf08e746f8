DROP FUNCTION banking_kept() CASCADE;
DROP FUNCTION banking_released_kept() CASCADE;
DROP FUNCTION banking_two_persons() CASCADE;
