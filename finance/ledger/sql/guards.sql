-- The ledger's own guards. They are owned by the role that migrates; the application can neither
-- alter nor switch them off. The same rules stand in Python, for the kinder message.

CREATE FUNCTION ledger_refuse(message text, reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    RAISE EXCEPTION '%', message USING ERRCODE = 'integrity_constraint_violation', HINT = 'refused:' || reason;
END $$;

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
            PERFORM ledger_refuse(format('Entry %s is posted: it cannot be deleted, only reversed.', OLD.number), 'posted');
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state = 'posted' THEN
        -- A posted entry without a number exists only inside the transaction that posts it
        -- (rule 4 sees to that): number and seal are its last write.
        IF OLD.number <> '' OR NEW.number = ''
           OR to_jsonb(NEW) - '{number,seal,seal_key}'::text[] <> to_jsonb(OLD) - '{number,seal,seal_key}'::text[] THEN
            PERFORM ledger_refuse(format('Entry %s is posted: it cannot be changed, only reversed.', OLD.number), 'posted');
        END IF;
    END IF;
    NEW.born := OLD.born;
    RETURN NEW;
END $$;

CREATE FUNCTION ledger_no_truncate() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM ledger_refuse(format('%s keeps the books: it cannot be emptied.', TG_TABLE_NAME), 'posted');
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_entry_born BEFORE INSERT ON ledger_journalentry FOR EACH ROW EXECUTE FUNCTION ledger_entry_born();
CREATE TRIGGER ledger_entry_guard BEFORE UPDATE OR DELETE ON ledger_journalentry FOR EACH ROW EXECUTE FUNCTION ledger_entry_guard();

-- 2. Lines: none is added to, changed in or taken from a posted entry. -----------------------------

CREATE FUNCTION ledger_line_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    parent record;
BEGIN
    -- FOR SHARE, since a foreign key alone does not keep the parent's state from changing meanwhile.
    SELECT state, number INTO parent FROM ledger_journalentry WHERE id = OLD.entry_id FOR SHARE;
    IF OLD.entry_date IS NOT NULL OR (parent.state = 'posted' AND NOT (
        TG_OP = 'UPDATE' AND parent.number = '' AND NEW.entry_date IS NOT NULL
        AND to_jsonb(NEW) - 'entry_date' = to_jsonb(OLD) - 'entry_date')) THEN
        PERFORM ledger_refuse(format('Entry %s is posted: its lines cannot be changed.', parent.number), 'posted');
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.entry_id <> OLD.entry_id THEN
        PERFORM ledger_refuse('A line stays in its entry.', 'posted');
    END IF;
    IF NEW.entry_date IS NOT NULL AND parent.state <> 'posted' THEN
        PERFORM ledger_refuse('A line of a draft is not in the books.', 'posted');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_line_guard BEFORE UPDATE OR DELETE ON ledger_journalline FOR EACH ROW EXECUTE FUNCTION ledger_line_guard();

-- 3. Lines that enter the books fold into balances and open items, once a statement, in key order. --

CREATE FUNCTION ledger_take_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM ledger_journalentry e
          WHERE e.id IN (SELECT entry_id FROM new_lines WHERE entry_date IS NULL) ORDER BY e.id FOR SHARE;
        IF EXISTS (SELECT 1 FROM new_lines l JOIN ledger_journalentry e ON e.id = l.entry_id
                    WHERE e.state = 'posted' AND e.born <> pg_current_xact_id()) THEN
            PERFORM ledger_refuse('The entry is posted: no line can be added.', 'posted');
        END IF;
    END IF;
    IF EXISTS (SELECT 1 FROM new_lines l JOIN ledger_journalentry e ON e.id = l.entry_id
                WHERE l.entry_date IS DISTINCT FROM CASE WHEN e.state = 'posted' THEN e.entry_date END) THEN
        PERFORM ledger_refuse('The date of a line is that of its posted entry.', 'posted');
    END IF;

    -- All lines of an entry enter the books in one statement, so each statement balances by itself;
    -- rule 4 alone could be asked too early (SET CONSTRAINTS).
    IF EXISTS (SELECT 1 FROM new_lines WHERE entry_date IS NOT NULL
                GROUP BY entry_id HAVING sum(debit) <> sum(credit)) THEN
        PERFORM ledger_refuse('The entry is posted: its lines must balance.', 'balance');
    END IF;

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

    INSERT INTO ledger_openitem (line_id, company_id, account_id, party_id, currency, entry_date, due_on,
                                 amount, amount_company, rest, rest_company)
    SELECT l.id, a.company_id, l.account_id, l.party_id, l.currency, l.entry_date, coalesce(l.due_on, l.entry_date),
           l.currency_debit - l.currency_credit, l.debit - l.credit, l.currency_debit - l.currency_credit, l.debit - l.credit
      FROM new_lines l JOIN ledger_account a ON a.id = l.account_id
     WHERE l.entry_date IS NOT NULL AND a.is_control AND l.currency_debit <> l.currency_credit;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_line_insert AFTER INSERT ON ledger_journalline
REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION ledger_take_lines();
CREATE TRIGGER ledger_line_update AFTER UPDATE ON ledger_journalline
REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION ledger_take_lines();

-- 4. At commit every entry that became posted is whole: once an entry, not once a line. -------------

CREATE FUNCTION ledger_entry_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    is_open boolean;
    sums record;
    entry record;
BEGIN
    SELECT * INTO entry FROM ledger_journalentry WHERE id = NEW.id;
    IF NOT FOUND OR entry.state <> 'posted' THEN
        RETURN NULL;
    END IF;
    IF entry.number = '' THEN
        PERFORM ledger_refuse('A posted entry has a number.', 'number');
    END IF;
    SELECT p.state = 'open' INTO is_open FROM ledger_period p
     WHERE p.id = entry.period_id AND p.company_id = entry.company_id
       AND entry.entry_date BETWEEN p.starts_on AND p.ends_on FOR SHARE;
    IF is_open IS NOT TRUE THEN
        PERFORM ledger_refuse(format('The period of %s is closed.', entry.entry_date), 'period');
    END IF;
    SELECT count(*) AS lines, sum(l.debit) - sum(l.credit) AS rest,
           sum(l.currency_debit) - sum(l.currency_credit) AS currency_rest,
           count(DISTINCT l.currency) AS currencies,
           bool_and(l.entry_date = entry.entry_date) AS dated,
           bool_and(a.company_id = entry.company_id) AS own
      INTO sums FROM ledger_journalline l JOIN ledger_account a ON a.id = l.account_id WHERE l.entry_id = entry.id;
    IF sums.lines < 2 THEN
        PERFORM ledger_refuse(format('Entry %s needs at least two lines.', entry.number), 'balance');
    ELSIF sums.rest <> 0 OR (sums.currencies = 1 AND sums.currency_rest <> 0) THEN
        PERFORM ledger_refuse(format('Entry %s does not balance: debits and credits differ by %s.',
                                     entry.number, trim_scale(abs(sums.rest))), 'balance');
    ELSIF NOT sums.dated OR NOT sums.own THEN
        PERFORM ledger_refuse(format('Lines of entry %s belong to another day or company.', entry.number), 'balance');
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_entry_check_new AFTER INSERT ON ledger_journalentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'posted') EXECUTE FUNCTION ledger_entry_check();
CREATE CONSTRAINT TRIGGER ledger_entry_check_posted AFTER UPDATE OF state ON ledger_journalentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'posted' AND OLD.state <> 'posted') EXECUTE FUNCTION ledger_entry_check();

-- 5. Allocations shrink the rests of both items; they are only ever added. --------------------------

CREATE FUNCTION ledger_allocate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_openitem d JOIN ledger_openitem c
          ON c.account_id = d.account_id AND c.currency = d.currency AND c.party_id IS NOT DISTINCT FROM d.party_id
         WHERE d.id = NEW.debit_item_id AND c.id = NEW.credit_item_id AND d.amount > 0 AND c.amount < 0) <> 1 THEN
        PERFORM ledger_refuse('Only a debit and a credit item of one party, account and currency settle each other.', 'allocation');
    END IF;
    UPDATE ledger_openitem SET rest = rest - NEW.amount, rest_company = rest_company - NEW.debit_company WHERE id = NEW.debit_item_id;
    UPDATE ledger_openitem SET rest = rest + NEW.amount, rest_company = rest_company + NEW.credit_company WHERE id = NEW.credit_item_id;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM ledger_refuse(format('%s is only ever added to.', TG_TABLE_NAME), 'posted');
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_allocate AFTER INSERT ON ledger_allocation FOR EACH ROW EXECUTE FUNCTION ledger_allocate();
CREATE TRIGGER ledger_allocation_append_only BEFORE UPDATE OR DELETE ON ledger_allocation FOR EACH ROW EXECUTE FUNCTION ledger_append_only();

-- 6. A period keeps its dates once it has entries; none of these tables can be emptied. -------------

CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_journalentry FOR EACH STATEMENT EXECUTE FUNCTION ledger_no_truncate();
CREATE TRIGGER ledger_line_no_truncate BEFORE TRUNCATE ON ledger_journalline FOR EACH STATEMENT EXECUTE FUNCTION ledger_no_truncate();
CREATE TRIGGER ledger_balance_no_truncate BEFORE TRUNCATE ON ledger_balance FOR EACH STATEMENT EXECUTE FUNCTION ledger_no_truncate();
CREATE TRIGGER ledger_openitem_no_truncate BEFORE TRUNCATE ON ledger_openitem FOR EACH STATEMENT EXECUTE FUNCTION ledger_no_truncate();
CREATE TRIGGER ledger_allocation_no_truncate BEFORE TRUNCATE ON ledger_allocation FOR EACH STATEMENT EXECUTE FUNCTION ledger_no_truncate();

ALTER TABLE ledger_balance SET (fillfactor = 50);
ALTER TABLE ledger_counter SET (fillfactor = 50);
