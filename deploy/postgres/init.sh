#!/bin/sh
# Run once by the postgres image, in an empty cluster: the database and its owner, who is no superuser.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/postgres_password)" <<'SQL'
CREATE ROLE tillsyn LOGIN PASSWORD :'password';
CREATE DATABASE tillsyn OWNER tillsyn ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0;
REVOKE CONNECT ON DATABASE tillsyn FROM PUBLIC;
SQL
