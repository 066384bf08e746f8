-- A posted bill is final: the books and the paper must say the same for ever. Discarded ones stay as they were.
-- Owned by the role that migrates; the same rules stand in Python, for the kinder message.

CREATE FUNCTION payables_bill_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state IN ('posted', 'void') THEN
            PERFORM core_refuse(format('Bill %s is %s: it cannot be deleted.', OLD.reference, OLD.state), 'posted');
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state = 'void' OR (OLD.state = 'posted' AND (
        -- Number and entry are the last write of the transaction that posts (a trigger below sees to that).
        (OLD.number <> '' AND to_jsonb(NEW) - 'version' <> to_jsonb(OLD) - 'version')
        OR to_jsonb(NEW) - '{version,number,entry_id}'::text[] <> to_jsonb(OLD) - '{version,number,entry_id}'::text[])) THEN
        PERFORM core_refuse(
            format('Bill %s is %s: it cannot be changed, only reversed.', coalesce(nullif(OLD.number, ''), OLD.reference), OLD.state),
            'posted');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION payables_bill_line_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    parent record;
    bill bigint;
BEGIN
    FOREACH bill IN ARRAY (CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.bill_id] WHEN 'DELETE' THEN ARRAY[OLD.bill_id]
                           ELSE ARRAY[OLD.bill_id, NEW.bill_id] END) LOOP
        -- FOR SHARE, since a foreign key alone does not keep the parent's state from changing meanwhile.
        SELECT state, reference INTO parent FROM payables_bill WHERE id = bill FOR SHARE;
        IF parent.state IN ('posted', 'void') THEN
            PERFORM core_refuse(format('Bill %s is %s: its lines cannot be changed.', parent.reference, parent.state), 'posted');
        END IF;
    END LOOP;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE FUNCTION payables_bill_is_whole() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    now_is record;
BEGIN
    SELECT b.state, b.reference, b.number, e.number AS entry_number, e.state AS entry_state INTO now_is
      FROM payables_bill b LEFT JOIN ledger_journalentry e ON e.id = b.entry_id WHERE b.id = NEW.id;
    IF now_is.state = 'posted' AND (now_is.entry_state IS DISTINCT FROM 'posted' OR now_is.number <> now_is.entry_number) THEN
        PERFORM core_refuse(format('Bill %s is posted without its entry.', now_is.reference), 'posted');
    END IF;
    RETURN NULL;
END $$;

-- Why a bill was not paid is told once and ended once; nobody rewrites it afterwards.
CREATE FUNCTION payables_block_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    told CONSTANT text[] := '{released_by_id,released_at,release_note}';
BEGIN
    IF TG_OP = 'DELETE' OR OLD.released_at IS NOT NULL OR NEW.released_at IS NULL
       OR to_jsonb(NEW) - told <> to_jsonb(OLD) - told THEN
        PERFORM core_refuse('A payment block can only be released, once.', 'blocked');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payables_block_guard BEFORE UPDATE OR DELETE ON payables_paymentblock
    FOR EACH ROW EXECUTE FUNCTION payables_block_guard();
CREATE TRIGGER payables_no_truncate BEFORE TRUNCATE ON payables_paymentblock
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('%s keeps the books: it cannot be emptied.', 'posted');
CREATE TRIGGER payables_bill_guard BEFORE UPDATE OR DELETE ON payables_bill
    FOR EACH ROW EXECUTE FUNCTION payables_bill_guard();
CREATE TRIGGER payables_bill_line_guard BEFORE INSERT OR UPDATE OR DELETE ON payables_billline
    FOR EACH ROW EXECUTE FUNCTION payables_bill_line_guard();
CREATE CONSTRAINT TRIGGER payables_bill_is_whole AFTER INSERT OR UPDATE OF state ON payables_bill
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'posted') EXECUTE FUNCTION payables_bill_is_whole();
CREATE TRIGGER payables_no_truncate BEFORE TRUNCATE ON payables_bill
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('%s keeps the books: it cannot be emptied.', 'posted');
CREATE TRIGGER payables_no_truncate BEFORE TRUNCATE ON payables_billline
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('%s keeps the books: it cannot be emptied.', 'posted');
