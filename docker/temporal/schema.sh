#!/bin/sh
# One-shot: brings both of Temporal's databases to the schema of this version of admin-tools. Harmless when it is there already.
set -eu

export SQL_PLUGIN=postgres12 SQL_HOST="${SQL_HOST:-postgres}" SQL_PORT="${SQL_PORT:-5432}" SQL_USER=temporal
SQL_PASSWORD=$(cat "${TEMPORAL_DATABASE_PASSWORD_FILE:-/run/secrets/temporal_database_password}")
export SQL_PASSWORD

for database in temporal visibility; do
  name=temporal
  [ "$database" = visibility ] && name=temporal_visibility
  temporal-sql-tool --db "$name" setup-schema --version 0.0
  temporal-sql-tool --db "$name" update-schema --schema-name "postgresql/v12/$database"
done
