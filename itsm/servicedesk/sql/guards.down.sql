DROP TRIGGER note_kept ON servicedesk_internalnote;
DROP TRIGGER message_kept ON servicedesk_message;
DROP TRIGGER warning_kept ON servicedesk_clockwarning;
DROP TRIGGER segment_kept ON servicedesk_segment;
DROP FUNCTION servicedesk_kept();
DROP TRIGGER breach_stays ON servicedesk_clock;
DROP FUNCTION servicedesk_breach_stays();
DROP TRIGGER segment_stays ON servicedesk_segment;
DROP FUNCTION servicedesk_segment_stays();
