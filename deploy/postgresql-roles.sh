#!/bin/sh
# First start of PostgreSQL: the owner (migrations) and the platform's role, which may neither change a table,
# silence a trigger nor empty a table. The journal's protection relies on it.
set -eu

psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-postgres}" \
    -v owner_password="$DATABASE_OWNER_PASSWORD" -v password="$DATABASE_PASSWORD" <<'SQL'
CREATE ROLE jalon_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE jalon LOGIN PASSWORD :'password';
CREATE DATABASE jalon OWNER jalon_owner;
REVOKE ALL ON DATABASE jalon FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE jalon TO jalon;
\connect jalon
CREATE EXTENSION unaccent;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
CREATE EXTENSION btree_gin;
ALTER SCHEMA public OWNER TO jalon_owner;
GRANT USAGE ON SCHEMA public TO jalon;
ALTER DEFAULT PRIVILEGES FOR ROLE jalon_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO jalon;
ALTER DEFAULT PRIVILEGES FOR ROLE jalon_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO jalon;
SQL
