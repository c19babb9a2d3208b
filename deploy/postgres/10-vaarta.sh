#!/bin/bash
# A role for Vaarta that owns its database and may nothing beside: run once, by the image's
# entrypoint, when the data folder is empty.
set -euo pipefail

psql --no-psqlrc -v ON_ERROR_STOP=1 -v password="$VAARTA_DB_PASSWORD" \
    --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
CREATE ROLE vaarta LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE vaarta OWNER vaarta;
REVOKE ALL ON DATABASE vaarta FROM PUBLIC;
SQL
