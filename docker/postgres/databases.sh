#!/bin/sh
# Run once by the postgres image, when its volume is new: each service gets a role of its own and can't read the other's rows.
set -eu

temporal_password=$(cat /run/secrets/temporal_database_password)
rollcall_password=$(sed -E 's#^postgres(ql)?://[^:]+:([^@]+)@.*#\2#' /run/secrets/rollcall_database_url)

# Byte order everywhere (C), stated, so that a later image can't change how rows sort.
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  -v temporal_password="$temporal_password" -v rollcall_password="$rollcall_password" <<'SQL'
create role temporal login password :'temporal_password';
create role rollcall login password :'rollcall_password';
create database temporal owner temporal template template0 encoding 'UTF8' locale 'C';
create database temporal_visibility owner temporal template template0 encoding 'UTF8' locale 'C';
create database rollcall owner rollcall template template0 encoding 'UTF8' locale 'C';
revoke connect on database temporal, temporal_visibility, rollcall from public;
SQL
