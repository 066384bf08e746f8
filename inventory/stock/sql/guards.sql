-- The ledgers of stock are added to, never altered; a bin falls below nought only where its warehouse allows it.

CREATE TRIGGER stock_move_append_only BEFORE UPDATE OR DELETE ON stock_stockmove
    FOR EACH ROW EXECUTE FUNCTION core_keep('What moved in stock cannot be changed or deleted: move it back.', 'kept');
CREATE TRIGGER stock_move_no_truncate BEFORE TRUNCATE ON stock_stockmove
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('What moved in stock cannot be changed or deleted: move it back.', 'kept');
CREATE TRIGGER stock_cost_entry_append_only BEFORE UPDATE OR DELETE ON stock_costentry
    FOR EACH ROW EXECUTE FUNCTION core_keep('What moved in stock cannot be changed or deleted: move it back.', 'kept');
CREATE TRIGGER stock_cost_entry_no_truncate BEFORE TRUNCATE ON stock_costentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('What moved in stock cannot be changed or deleted: move it back.', 'kept');
CREATE TRIGGER stock_issue_cost_append_only BEFORE UPDATE OR DELETE ON stock_issuecost
    FOR EACH ROW EXECUTE FUNCTION core_keep('What moved in stock cannot be changed or deleted: move it back.', 'kept');
CREATE TRIGGER stock_issue_cost_no_truncate BEFORE TRUNCATE ON stock_issuecost
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('What moved in stock cannot be changed or deleted: move it back.', 'kept');

CREATE FUNCTION stock_not_oversold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT (SELECT w.allows_negative FROM public.stock_bin b JOIN public.stock_warehouse w ON w.id = b.warehouse_id
             WHERE b.id = NEW.bin_id) THEN
        PERFORM core_refuse('There is not so much in this bin.', 'short');
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER stock_on_hand_not_oversold AFTER INSERT OR UPDATE ON stock_onhand
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.quantity < 0) EXECUTE FUNCTION stock_not_oversold();

-- An account that a category names for its value is kept by stock from then on (finance.ledger.kept).
CREATE FUNCTION stock_keep_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.ledger_account a WHERE a.id = NEW.stock_account_id AND (a.is_control
               OR (a.kept_by = '' AND EXISTS (SELECT 1 FROM public.ledger_journalline l
                                               WHERE l.account_id = a.id AND l.entry_date IS NOT NULL)))) THEN
        PERFORM core_refuse('What a category is worth stands on an account without postings of its own.', 'kept');
    END IF;
    UPDATE public.ledger_account SET kept_by = 'stock' WHERE id = NEW.stock_account_id AND kept_by = '';
    RETURN NULL;
END $$;

CREATE TRIGGER stock_keep_account_new AFTER INSERT ON catalogue_category
    FOR EACH ROW WHEN (NEW.stock_account_id IS NOT NULL) EXECUTE FUNCTION stock_keep_account();
CREATE TRIGGER stock_keep_account_changed AFTER UPDATE ON catalogue_category
    FOR EACH ROW WHEN (NEW.stock_account_id IS NOT NULL AND NEW.stock_account_id IS DISTINCT FROM OLD.stock_account_id)
    EXECUTE FUNCTION stock_keep_account();
