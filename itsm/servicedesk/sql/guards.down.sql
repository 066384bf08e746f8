DROP TRIGGER note_kept ON servicedesk_internalnote;
DROP TRIGGER message_kept ON servicedesk_message;
DROP TRIGGER warning_kept ON servicedesk_clockwarning;
DROP TRIGGER segment_kept ON servicedesk_segment;
DROP TRIGGER breach_stays ON servicedesk_clock;
DROP TRIGGER segment_stays ON servicedesk_segment;
