DROP FUNCTION stock_append_only() CASCADE;
DROP FUNCTION stock_not_oversold() CASCADE;
DROP FUNCTION stock_keep_account() CASCADE;
