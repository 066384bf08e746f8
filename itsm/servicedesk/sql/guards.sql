-- What a clock has measured stays: an ended segment never changes, a warning is for ever, a breach is a fact.
CREATE FUNCTION servicedesk_segment_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF OLD.ends_at IS NOT NULL THEN
        RAISE EXCEPTION 'An ended segment of a clock is not changed.'
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'refused:kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER segment_stays BEFORE UPDATE ON servicedesk_segment
FOR EACH ROW EXECUTE FUNCTION servicedesk_segment_stays();

CREATE FUNCTION servicedesk_breach_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    RAISE EXCEPTION 'A broken promise stays broken.'
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'refused:kept';
END $$;
CREATE TRIGGER breach_stays BEFORE UPDATE ON servicedesk_clock FOR EACH ROW
WHEN (OLD.breached_at IS NOT NULL AND NEW.breached_at IS DISTINCT FROM OLD.breached_at)
EXECUTE FUNCTION servicedesk_breach_stays();

CREATE FUNCTION servicedesk_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    RAISE EXCEPTION 'What was said or measured is kept.'
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'refused:kept';
END $$;
CREATE TRIGGER segment_kept BEFORE DELETE ON servicedesk_segment
FOR EACH ROW EXECUTE FUNCTION servicedesk_kept();
CREATE TRIGGER warning_kept BEFORE UPDATE OR DELETE ON servicedesk_clockwarning
FOR EACH ROW EXECUTE FUNCTION servicedesk_kept();
CREATE TRIGGER message_kept BEFORE UPDATE OR DELETE ON servicedesk_message
FOR EACH ROW EXECUTE FUNCTION servicedesk_kept();
CREATE TRIGGER note_kept BEFORE UPDATE OR DELETE ON servicedesk_internalnote
FOR EACH ROW EXECUTE FUNCTION servicedesk_kept();
