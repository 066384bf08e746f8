-- How the guards of all apps refuse: with a message for people and a hint by which Python knows a refusal
-- (backoffice.core.flow.kindly). Functions are owned by the role that migrates; the application can neither alter
-- nor switch off what uses them.

CREATE FUNCTION core_refuse(message text, reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    RAISE EXCEPTION '%', message USING ERRCODE = 'integrity_constraint_violation', HINT = 'refused:' || reason;
END $$;

-- The trigger of what is not changed, deleted or emptied: core_keep('message', 'reason'). A %s in the message is the
-- table. Which rows and which changes are meant, says the trigger's own WHEN: it costs nothing where it does not hold.
CREATE FUNCTION core_keep() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM public.core_refuse(format(TG_ARGV[0], TG_TABLE_NAME), TG_ARGV[1]);
    RETURN NULL;
END $$;
