DROP FUNCTION core_keep() CASCADE;
DROP FUNCTION core_refuse(text, text);
