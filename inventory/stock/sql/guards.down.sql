DROP FUNCTION stock_append_only() CASCADE;
DROP FUNCTION stock_not_oversold() CASCADE;
