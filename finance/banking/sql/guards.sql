-- What went to the bank stays: the file is made once, and released payments are not altered.

CREATE TRIGGER banking_file_kept BEFORE UPDATE OR DELETE ON banking_paymentfile
    FOR EACH ROW EXECUTE FUNCTION core_keep('A payment file cannot be changed or deleted.', 'kept');
CREATE TRIGGER banking_file_no_truncate BEFORE TRUNCATE ON banking_paymentfile
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('A payment file cannot be changed or deleted.', 'kept');

CREATE FUNCTION banking_released_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF (SELECT r.state FROM public.banking_paymentrun r WHERE r.id = OLD.run_id) IN ('released', 'exported') THEN
        PERFORM core_refuse('A released payment cannot be changed or deleted.', 'released');
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER banking_payment_kept BEFORE UPDATE OR DELETE ON banking_payment
    FOR EACH ROW EXECUTE FUNCTION banking_released_kept();

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
