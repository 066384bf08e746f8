DROP TRIGGER stock_move_append_only ON stock_stockmove;
DROP TRIGGER stock_move_no_truncate ON stock_stockmove;
DROP TRIGGER stock_cost_entry_append_only ON stock_costentry;
DROP TRIGGER stock_cost_entry_no_truncate ON stock_costentry;
DROP TRIGGER stock_issue_cost_append_only ON stock_issuecost;
DROP TRIGGER stock_issue_cost_no_truncate ON stock_issuecost;
DROP FUNCTION stock_not_oversold() CASCADE;
DROP FUNCTION stock_keep_account() CASCADE;
