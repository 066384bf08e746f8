-- The ledger's own guards. They are owned by the role that migrates; the application can neither
-- alter nor switch them off. The same rules stand in Python, for the kinder message.

-- (Functions that look rows up say enable_seqscan = off: their plans are kept, and one made while the tables
-- were empty would read whole tables for ever.)

-- 1. Entries: "born" says in which transaction a row came into being; posted ones never change. ----

CREATE FUNCTION ledger_entry_born() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.born := pg_current_xact_id();
    RETURN NEW;
END $$;

CREATE FUNCTION ledger_entry_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 'posted' THEN
            PERFORM core_refuse(format('Entry %s is posted: it cannot be deleted, only reversed.', OLD.number), 'posted');
        END IF;
        DELETE FROM ledger_journalline WHERE entry_id = OLD.id;
        RETURN OLD;
    END IF;
    IF OLD.state = 'posted' THEN
        -- A posted entry without a number exists only inside the transaction that posts it
        -- (rule 4 sees to that): number and seal are its last write.
        IF OLD.number <> '' OR NEW.number = ''
           OR to_jsonb(NEW) - '{number,seal,seal_key}'::text[] <> to_jsonb(OLD) - '{number,seal,seal_key}'::text[] THEN
            PERFORM core_refuse(format('Entry %s is posted: it cannot be changed, only reversed.', OLD.number), 'posted');
        END IF;
    END IF;
    NEW.born := OLD.born;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_entry_born BEFORE INSERT ON ledger_journalentry FOR EACH ROW EXECUTE FUNCTION ledger_entry_born();
CREATE TRIGGER ledger_entry_guard BEFORE UPDATE OR DELETE ON ledger_journalentry FOR EACH ROW EXECUTE FUNCTION ledger_entry_guard();

-- 2. Lines: none is added to, changed in or taken from a posted entry. -----------------------------

CREATE FUNCTION ledger_line_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
DECLARE
    parent record;
BEGIN
    -- FOR SHARE, since a foreign key alone does not keep the parent's state from changing meanwhile.
    SELECT state, number INTO parent FROM ledger_journalentry WHERE id = OLD.entry_id FOR SHARE;
    IF OLD.entry_date IS NOT NULL OR (parent.state = 'posted' AND NOT (
        TG_OP = 'UPDATE' AND parent.number = '' AND NEW.entry_date IS NOT NULL
        AND to_jsonb(NEW) - 'entry_date' = to_jsonb(OLD) - 'entry_date')) THEN
        PERFORM core_refuse(format('Entry %s is posted: its lines cannot be changed.', parent.number), 'posted');
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.entry_id <> OLD.entry_id THEN
        PERFORM core_refuse('A line stays in its entry.', 'posted');
    END IF;
    IF NEW.entry_date IS NOT NULL AND parent.state <> 'posted' THEN
        PERFORM core_refuse('A line of a draft is not in the books.', 'posted');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_line_guard BEFORE UPDATE OR DELETE ON ledger_journalline FOR EACH ROW EXECUTE FUNCTION ledger_line_guard();

-- 3. Lines that enter the books fold into balances and open items, once a statement, in key order. --

-- It also stands for the foreign key of lines to entries, and checks the balance of each entry: all of this
-- set-based, once a statement, since a check a line costs twice the whole insert.
CREATE FUNCTION ledger_take_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    wrong record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM ledger_journalentry e
          WHERE e.id IN (SELECT entry_id FROM new_lines WHERE entry_date IS NULL) ORDER BY e.id FOR SHARE;
    END IF;
    SELECT e.id, e.number, e.state = 'posted' AND e.born <> pg_current_xact_id() AND TG_OP = 'INSERT' AS late,
           n.dates <> 1 OR n.entry_date IS DISTINCT FROM CASE WHEN e.state = 'posted' THEN e.entry_date END AS misdated,
           n.foreign_accounts OR n.company_id <> e.company_id AS not_own,
           n.entry_date IS NOT NULL AND (n.lines < 2 OR n.rest <> 0 OR (n.currencies = 1 AND n.currency_rest <> 0)) AS unbalanced,
           n.kept AND e.origin_type_id IS NULL AS kept, n.rest
      INTO wrong
      FROM (SELECT l.entry_id, min(l.entry_date) AS entry_date, count(DISTINCT coalesce(l.entry_date, 'infinity')) AS dates,
                   count(*) AS lines, sum(l.debit) - sum(l.credit) AS rest,
                   sum(l.currency_debit) - sum(l.currency_credit) AS currency_rest,
                   count(DISTINCT l.currency) AS currencies,
                   min(a.company_id) AS company_id, bool_or(a.kept_by <> '' AND l.entry_date IS NOT NULL) AS kept,
                   min(a.company_id) <> max(a.company_id) OR count(a.id) <> count(*) AS foreign_accounts
              FROM new_lines l LEFT JOIN ledger_account a ON a.id = l.account_id
             GROUP BY l.entry_id) n
      LEFT JOIN ledger_journalentry e ON e.id = n.entry_id
     WHERE e.id IS NULL
        OR (e.state = 'posted' AND e.born <> pg_current_xact_id() AND TG_OP = 'INSERT')
        OR n.dates <> 1 OR n.entry_date IS DISTINCT FROM CASE WHEN e.state = 'posted' THEN e.entry_date END
        OR n.foreign_accounts OR n.company_id <> e.company_id OR (n.kept AND e.origin_type_id IS NULL)
        OR (n.entry_date IS NOT NULL AND (n.lines < 2 OR n.rest <> 0 OR (n.currencies = 1 AND n.currency_rest <> 0)))
     LIMIT 1;
    IF FOUND THEN
        PERFORM core_refuse(CASE
            WHEN wrong.id IS NULL THEN 'A line belongs to an entry.'
            WHEN wrong.late THEN format('Entry %s is posted: no line can be added.', wrong.number)
            WHEN wrong.misdated THEN format('Entry %s: lines are in the books when it is posted, with its date.', wrong.number)
            WHEN wrong.kept THEN format('Entry %s: an account that is kept by documents takes no other lines.', wrong.number)
            WHEN wrong.not_own THEN format('Entry %s has accounts of another company.', wrong.number)
            ELSE format('Entry %s does not balance: debits and credits differ by %s.', wrong.number, trim_scale(abs(wrong.rest)))
        END, CASE WHEN wrong.unbalanced THEN 'balance' ELSE 'posted' END);
    END IF;

    WITH items AS (
        INSERT INTO ledger_openitem (line_id, company_id, account_id, party_id, currency, entry_date, due_on,
                                     amount, amount_company, rest, rest_company)
        SELECT l.id, a.company_id, l.account_id, l.party_id, l.currency, l.entry_date, coalesce(l.due_on, l.entry_date),
               l.currency_debit - l.currency_credit, l.debit - l.credit,
               l.currency_debit - l.currency_credit, l.debit - l.credit
          FROM new_lines l JOIN ledger_account a ON a.id = l.account_id
         WHERE l.entry_date IS NOT NULL AND a.is_control AND l.currency_debit <> l.currency_credit)
    INSERT INTO ledger_balance AS b (account_id, period_id, dimension_set_id, currency,
                                     debit, credit, currency_debit, currency_credit)
    SELECT l.account_id, e.period_id, l.dimension_set_id, l.currency,
           sum(l.debit), sum(l.credit), sum(l.currency_debit), sum(l.currency_credit)
      FROM new_lines l JOIN ledger_journalentry e ON e.id = l.entry_id
     WHERE l.entry_date IS NOT NULL
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (account_id, period_id, dimension_set_id, currency) DO UPDATE
       SET debit = b.debit + excluded.debit, credit = b.credit + excluded.credit,
           currency_debit = b.currency_debit + excluded.currency_debit,
           currency_credit = b.currency_credit + excluded.currency_credit;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_line_insert AFTER INSERT ON ledger_journalline
REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION ledger_take_lines();
CREATE TRIGGER ledger_line_update AFTER UPDATE ON ledger_journalline
REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION ledger_take_lines();

-- 4. A posted entry is whole: number, lines, journal of its company, and an open period, which is held until
--    the transaction ends (this stands for the entry's foreign key to the company). An entry that is born
--    posted comes with its lines in one statement and is checked with it, set-based; a draft that becomes
--    posted is checked at commit, since its number is the last thing it gets.

CREATE FUNCTION ledger_entry_check_new() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    wrong record;
BEGIN
    SELECT n.number, n.entry_date, p.id IS NULL AS closed INTO wrong
      FROM new_entries n
      LEFT JOIN (SELECT id, company_id, starts_on, ends_on FROM ledger_period
                  WHERE id IN (SELECT period_id FROM new_entries) AND state = 'open' FOR SHARE) p
             ON p.id = n.period_id AND p.company_id = n.company_id AND n.entry_date BETWEEN p.starts_on AND p.ends_on
      LEFT JOIN ledger_journal j ON j.id = n.journal_id AND j.company_id = n.company_id
      LEFT JOIN access_user u ON u.id = n.posted_by_id
     WHERE n.state = 'posted' AND (p.id IS NULL OR j.id IS NULL OR u.id IS NULL OR n.number = ''
           OR NOT EXISTS (SELECT 1 FROM ledger_journalline l WHERE l.entry_id = n.id))
     LIMIT 1;
    IF FOUND AND wrong.closed THEN
        PERFORM core_refuse(format('The period of %s is closed.', wrong.entry_date), 'period');
    ELSIF FOUND THEN
        PERFORM core_refuse(format('Entry %s needs a number, a poster, a journal of its company and lines.', wrong.number), 'balance');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_entry_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
DECLARE
    is_whole boolean;
BEGIN
    SELECT e.number <> '' AND j.company_id = e.company_id
           AND EXISTS (SELECT 1 FROM ledger_journalline l WHERE l.entry_id = e.id AND l.entry_date = e.entry_date OFFSET 1)
           AND NOT EXISTS (SELECT 1 FROM ledger_journalline l WHERE l.entry_id = e.id AND l.entry_date IS NULL)
      INTO is_whole
      FROM ledger_journalentry e
      JOIN ledger_period p ON p.id = e.period_id AND p.company_id = e.company_id AND p.state = 'open'
                          AND e.entry_date BETWEEN p.starts_on AND p.ends_on
      JOIN ledger_journal j ON j.id = e.journal_id
     WHERE e.id = NEW.id AND e.state = 'posted' FOR SHARE OF p;
    IF is_whole IS NULL THEN
        PERFORM core_refuse(format('The period of %s is closed.', NEW.entry_date), 'period');
    ELSIF NOT is_whole THEN
        PERFORM core_refuse(format('Entry %s needs a number and at least two lines.', NEW.number), 'balance');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_entry_check_new AFTER INSERT ON ledger_journalentry
REFERENCING NEW TABLE AS new_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_check_new();
CREATE CONSTRAINT TRIGGER ledger_entry_check_posted AFTER UPDATE OF state ON ledger_journalentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'posted' AND OLD.state <> 'posted') EXECUTE FUNCTION ledger_entry_check();

-- 5. Allocations shrink the rests of both items; they are only ever added. --------------------------

CREATE FUNCTION ledger_allocate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_openitem d JOIN ledger_openitem c
          ON c.account_id = d.account_id AND c.currency = d.currency AND c.party_id IS NOT DISTINCT FROM d.party_id
         WHERE d.id = NEW.debit_item_id AND c.id = NEW.credit_item_id AND d.amount > 0 AND c.amount < 0) <> 1 THEN
        PERFORM core_refuse('Only a debit and a credit item of one party, account and currency settle each other.', 'allocation');
    END IF;
    UPDATE ledger_openitem SET rest = rest - NEW.amount, rest_company = rest_company - NEW.debit_company WHERE id = NEW.debit_item_id;
    UPDATE ledger_openitem SET rest = rest + NEW.amount, rest_company = rest_company + NEW.credit_company WHERE id = NEW.credit_item_id;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_allocate AFTER INSERT ON ledger_allocation FOR EACH ROW EXECUTE FUNCTION ledger_allocate();
CREATE TRIGGER ledger_allocation_append_only BEFORE UPDATE OR DELETE ON ledger_allocation
    FOR EACH ROW EXECUTE FUNCTION core_keep('%s is only ever added to.', 'posted');

-- 6. What lines and entries point to stays, and a period keeps its days; no table can be emptied. ----------

CREATE FUNCTION ledger_keep_referenced() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_TABLE_NAME = 'ledger_period' AND TG_OP = 'UPDATE' THEN
        IF (NEW.company_id, NEW.fiscal_year_id, NEW.starts_on, NEW.ends_on)
           IS NOT DISTINCT FROM (OLD.company_id, OLD.fiscal_year_id, OLD.starts_on, OLD.ends_on) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF (TG_TABLE_NAME = 'ledger_account' AND EXISTS (SELECT 1 FROM ledger_journalline WHERE account_id = OLD.id))
       OR (TG_TABLE_NAME = 'ledger_period' AND EXISTS (SELECT 1 FROM ledger_journalentry WHERE period_id = OLD.id))
       OR (TG_TABLE_NAME = 'ledger_journal' AND EXISTS (SELECT 1 FROM ledger_journalentry WHERE journal_id = OLD.id)) THEN
        PERFORM core_refuse('Entries use this: it cannot be deleted or moved.', 'posted');
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER ledger_keep_referenced BEFORE DELETE ON ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_keep_referenced();
CREATE TRIGGER ledger_keep_referenced BEFORE DELETE ON ledger_journal FOR EACH ROW EXECUTE FUNCTION ledger_keep_referenced();
CREATE TRIGGER ledger_keep_referenced BEFORE DELETE OR UPDATE ON ledger_period FOR EACH ROW EXECUTE FUNCTION ledger_keep_referenced();

CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('%s keeps the books: it cannot be emptied.', 'posted');
CREATE TRIGGER ledger_line_no_truncate BEFORE TRUNCATE ON ledger_journalline
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('%s keeps the books: it cannot be emptied.', 'posted');
CREATE TRIGGER ledger_balance_no_truncate BEFORE TRUNCATE ON ledger_balance
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('%s keeps the books: it cannot be emptied.', 'posted');
CREATE TRIGGER ledger_openitem_no_truncate BEFORE TRUNCATE ON ledger_openitem
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('%s keeps the books: it cannot be emptied.', 'posted');
CREATE TRIGGER ledger_allocation_no_truncate BEFORE TRUNCATE ON ledger_allocation
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('%s keeps the books: it cannot be emptied.', 'posted');

ALTER TABLE ledger_balance SET (fillfactor = 50);
ALTER TABLE ledger_counter SET (fillfactor = 50);
