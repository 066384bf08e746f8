-- A calendar's version grows with every change of its hours, days or zone, whoever makes it:
-- what processes keep of it is found to be old by its number. A sequence never gives a number twice, also not after
-- a rollback, so no process can keep hours that were never committed under the number of others that were.
CREATE SEQUENCE workcal_version START 2;

CREATE FUNCTION workcal_new_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE workcal_calendar SET version = nextval('workcal_version') WHERE id IN (SELECT calendar_id FROM gone);
    ELSE
        UPDATE workcal_calendar SET version = nextval('workcal_version') WHERE id IN (SELECT calendar_id FROM now_there);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER span_new AFTER INSERT ON workcal_span REFERENCING NEW TABLE AS now_there
FOR EACH STATEMENT EXECUTE FUNCTION workcal_new_version();
CREATE TRIGGER span_changed AFTER UPDATE ON workcal_span REFERENCING NEW TABLE AS now_there
FOR EACH STATEMENT EXECUTE FUNCTION workcal_new_version();
CREATE TRIGGER span_gone AFTER DELETE ON workcal_span REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION workcal_new_version();
CREATE TRIGGER day_new AFTER INSERT ON workcal_calendarday REFERENCING NEW TABLE AS now_there
FOR EACH STATEMENT EXECUTE FUNCTION workcal_new_version();
CREATE TRIGGER day_changed AFTER UPDATE ON workcal_calendarday REFERENCING NEW TABLE AS now_there
FOR EACH STATEMENT EXECUTE FUNCTION workcal_new_version();
CREATE TRIGGER day_gone AFTER DELETE ON workcal_calendarday REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION workcal_new_version();

CREATE FUNCTION workcal_own_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := nextval('workcal_version');
    RETURN NEW;
END $$;
CREATE TRIGGER calendar_changed BEFORE UPDATE ON workcal_calendar FOR EACH ROW
WHEN (OLD.zone IS DISTINCT FROM NEW.zone) EXECUTE FUNCTION workcal_own_version();
