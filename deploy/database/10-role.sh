#!/usr/bin/env bash
# Creates the application's role and database the first time the server starts.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set password="$HELPDESK_PASSWORD" <<'SQL'
CREATE ROLE helpdesk LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE helpdesk OWNER helpdesk;
REVOKE ALL ON DATABASE helpdesk FROM PUBLIC;
SQL
