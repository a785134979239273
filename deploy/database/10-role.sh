#!/usr/bin/env bash
# Creates the application's role and database the first time the server starts.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set password="$HELPDESK_PASSWORD" <<'SQL'
CREATE ROLE helpdesk LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE helpdesk OWNER helpdesk;
REVOKE ALL ON DATABASE helpdesk FROM PUBLIC;
SQL
# What a search does to a row tells nothing of it: without this, PostgreSQL searches no index through row-level security.
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname helpdesk <<'SQL'
CREATE EXTENSION pg_trgm;
ALTER FUNCTION similarity_op(text, text) LEAKPROOF;
ALTER FUNCTION word_similarity_op(text, text) LEAKPROOF;
ALTER FUNCTION word_similarity_commutator_op(text, text) LEAKPROOF;
ALTER FUNCTION ts_match_vq(tsvector, tsquery) LEAKPROOF;
ALTER FUNCTION ts_match_qv(tsquery, tsvector) LEAKPROOF;
SQL
