#!/bin/sh
# The server takes its database password from the environment alone: read it from the secret and hand over to the image's own start.
set -eu

POSTGRES_PWD=$(cat "${TEMPORAL_DATABASE_PASSWORD_FILE:-/run/secrets/temporal_database_password}")
export POSTGRES_PWD
exec "${@:-/etc/temporal/entrypoint.sh}"
