-- What was proposed as pay stays as it was proposed: dates of validity and state move, the rest never does.
-- The history leaves the amount out for the sake of those who may not read it, so it must not change unseen.

CREATE FUNCTION people_pay_rate_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.company_id, OLD.employment_id, OLD.basis, OLD.amount, OLD.currency, OLD.valid_from, OLD.entered_by_id)
       IS DISTINCT FROM (NEW.company_id, NEW.employment_id, NEW.basis, NEW.amount, NEW.currency, NEW.valid_from, NEW.entered_by_id) THEN
        PERFORM core_refuse('A pay rate is never altered: propose another one.', 'pay');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER people_pay_rate_guard BEFORE UPDATE OR DELETE ON people_payrate FOR EACH ROW EXECUTE FUNCTION people_pay_rate_guard();

-- An account that somebody confirmed is the one that was entered: nobody swaps the number afterwards.

CREATE FUNCTION people_bank_account_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.state <> 'entered' AND
       (OLD.person_id, OLD.fingerprint, OLD.bic, OLD.holder) IS DISTINCT FROM (NEW.person_id, NEW.fingerprint, NEW.bic, NEW.holder)) THEN
        PERFORM core_refuse('A bank account that was decided on is never altered: enter another one.', 'bank');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER people_bank_account_guard BEFORE UPDATE OR DELETE ON people_personbankaccount FOR EACH ROW EXECUTE FUNCTION people_bank_account_guard();
