#!/bin/sh
# Run once by the database image: the owner migrates, the application reads and writes rows and owns nothing.
set -eu
psql --set ON_ERROR_STOP=1 --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE backoffice_owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE backoffice_app LOGIN PASSWORD :'app_password';
CREATE DATABASE backoffice OWNER backoffice_owner;
REVOKE ALL ON DATABASE backoffice FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE backoffice TO backoffice_app;
SQL
