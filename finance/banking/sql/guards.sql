-- What went to the bank stays: the file is made once, and released payments are neither altered nor added to. Between
-- release and file a payment may be taken out, once, and stays as a row; a release that is taken back frees all.

CREATE TRIGGER banking_file_kept BEFORE UPDATE OR DELETE ON banking_paymentfile
    FOR EACH ROW EXECUTE FUNCTION core_keep('A payment file cannot be changed or deleted.', 'kept');
CREATE TRIGGER banking_file_no_truncate BEFORE TRUNCATE ON banking_paymentfile
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('A payment file cannot be changed or deleted.', 'kept');

CREATE FUNCTION banking_released_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    run_state text := (SELECT r.state FROM public.banking_paymentrun r
                        WHERE r.id = CASE TG_OP WHEN 'INSERT' THEN NEW.run_id ELSE OLD.run_id END);
    taken_out text[] := ARRAY['taken_out_at', 'taken_out_by_id', 'taken_out_because'];
BEGIN
    IF TG_OP = 'UPDATE' AND run_state = 'released' AND OLD.taken_out_at IS NULL AND NEW.taken_out_at IS NOT NULL
       AND to_jsonb(OLD) - taken_out = to_jsonb(NEW) - taken_out THEN
        RETURN NEW;
    END IF;
    IF run_state IN ('released', 'exported') THEN
        PERFORM public.core_refuse('A released payment cannot be changed or deleted.', 'released');
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER banking_payment_kept BEFORE INSERT OR UPDATE OR DELETE ON banking_payment
    FOR EACH ROW EXECUTE FUNCTION banking_released_kept();

CREATE FUNCTION banking_released_items_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF (SELECT r.state FROM public.banking_payment p JOIN public.banking_paymentrun r ON r.id = p.run_id
         WHERE p.id = CASE TG_OP WHEN 'INSERT' THEN NEW.payment_id ELSE OLD.payment_id END) IN ('released', 'exported') THEN
        PERFORM public.core_refuse('A released payment cannot be changed or deleted.', 'released');
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER banking_item_kept BEFORE INSERT OR UPDATE OR DELETE ON banking_paymentitem
    FOR EACH ROW EXECUTE FUNCTION banking_released_items_kept();

-- The released run itself: from where, when and for what it pays stands, its total only shrinks, and after the file
-- nothing changes. A new date or account needs that the release is taken back and given anew.
CREATE TRIGGER banking_run_released_kept BEFORE UPDATE ON banking_paymentrun
    FOR EACH ROW WHEN (
        OLD.state IN ('released', 'exported') AND NEW.state IN ('released', 'exported', 'cancelled') AND (
            (OLD.company_id, OLD.bank_account_id, OLD.source, OLD.pay_on, OLD.number, OLD.entry_id, OLD.released_by_id)
            IS DISTINCT FROM
            (NEW.company_id, NEW.bank_account_id, NEW.source, NEW.pay_on, NEW.number, NEW.entry_id, NEW.released_by_id)
            OR NEW.total > OLD.total OR NEW.state = 'cancelled')
        OR OLD.state = 'exported' AND (NEW.state <> 'exported' OR NEW.total <> OLD.total)
        OR OLD.state = 'released' AND NEW.state = 'proposed' AND NEW.released_by_id IS NOT NULL)
    EXECUTE FUNCTION core_keep('A released payment run is not altered: take its release back first.', 'released');

-- Whoever proposed or last changed a run does not release it (operations B0.13); an override is written down apart.
CREATE FUNCTION banking_two_persons() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW.released_by_id IN (NEW.entered_by_id, NEW.changed_by_id) AND NOT EXISTS (
        SELECT 1 FROM public.access_override o JOIN public.django_content_type t ON t.id = o.content_type_id
         WHERE t.app_label = 'banking' AND t.model = 'paymentrun' AND o.object_id = NEW.id
           AND o.user_id = NEW.released_by_id AND o.verb = 'release') THEN
        PERFORM core_refuse('Whoever proposed a payment run cannot release it.', 'duty');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER banking_run_two_persons BEFORE UPDATE ON banking_paymentrun FOR EACH ROW
    WHEN (NEW.released_by_id IS NOT NULL) EXECUTE FUNCTION banking_two_persons();
