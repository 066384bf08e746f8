DROP TRIGGER calendar_changed ON workcal_calendar;
DROP TRIGGER day_gone ON workcal_calendarday;
DROP TRIGGER day_changed ON workcal_calendarday;
DROP TRIGGER day_new ON workcal_calendarday;
DROP TRIGGER span_gone ON workcal_span;
DROP TRIGGER span_changed ON workcal_span;
DROP TRIGGER span_new ON workcal_span;
DROP FUNCTION workcal_own_version();
DROP FUNCTION workcal_new_version();
