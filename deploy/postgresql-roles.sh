#!/bin/sh
# The two roles of the platform and its database; may be played again. Run as the administrator of the server:
# by the container of PostgreSQL at its first start, by ./jalon run on its own server, by hand on one of yours.
#
# jalon_owner owns the tables and migrates. jalon, with which web and worker sign in, owns nothing: what it may
# do is granted table by table and column by column by « manage.py migrate » (foundation/database/grants.py), from
# what the models declare; whatever is not granted is refused. Here it receives nothing at all.
set -eu

psql -v ON_ERROR_STOP=1 --quiet --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-postgres}" \
    -v owner_password="$DATABASE_OWNER_PASSWORD" -v password="$DATABASE_PASSWORD" <<'SQL'
SELECT 'CREATE ROLE ' || name FROM unnest('{jalon_owner,jalon}'::text[]) name
 WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec
ALTER ROLE jalon_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE jalon LOGIN PASSWORD :'password';
-- The owner may act with the fewer rights of the platform, never the other way round.
GRANT jalon TO jalon_owner;
-- In the model of databases, so that one restored beside has them too.
\connect template1
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS btree_gin;
SELECT 'CREATE DATABASE jalon OWNER jalon_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'jalon') \gexec
SQL
