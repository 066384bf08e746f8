-- What a clock has measured stays: an ended segment never changes, a warning is for ever, a breach is a fact.
CREATE TRIGGER segment_stays BEFORE UPDATE ON servicedesk_segment FOR EACH ROW
WHEN (OLD.ends_at IS NOT NULL) EXECUTE FUNCTION core_keep('An ended segment of a clock is not changed.', 'kept');

CREATE TRIGGER breach_stays BEFORE UPDATE ON servicedesk_clock FOR EACH ROW
WHEN (OLD.breached_at IS NOT NULL AND NEW.breached_at IS DISTINCT FROM OLD.breached_at)
EXECUTE FUNCTION core_keep('A broken promise stays broken.', 'kept');

CREATE TRIGGER segment_kept BEFORE DELETE ON servicedesk_segment
FOR EACH ROW EXECUTE FUNCTION core_keep('What was said or measured is kept.', 'kept');
CREATE TRIGGER warning_kept BEFORE UPDATE OR DELETE ON servicedesk_clockwarning
FOR EACH ROW EXECUTE FUNCTION core_keep('What was said or measured is kept.', 'kept');
CREATE TRIGGER message_kept BEFORE UPDATE OR DELETE ON servicedesk_message
FOR EACH ROW EXECUTE FUNCTION core_keep('What was said or measured is kept.', 'kept');
CREATE TRIGGER note_kept BEFORE UPDATE OR DELETE ON servicedesk_internalnote
FOR EACH ROW EXECUTE FUNCTION core_keep('What was said or measured is kept.', 'kept');
