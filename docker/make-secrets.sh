#!/bin/sh
# Makes the secrets that docker-compose.yml reads, once: ./docker/make-secrets.sh [folder]. What is there is never overwritten.
set -eu

folder=${1:-.rollcall/secrets}
mkdir -p "$folder"
# The folder is closed to other users of this machine; the files must be open, for each container reads them as another user.
chmod 700 "$folder"

random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

put() {
  if [ -e "$folder/$1" ]; then
    echo "$folder/$1: kept" >&2
  else
    printf '%s' "$2" >"$folder/$1"
    chmod 444 "$folder/$1"
    echo "$folder/$1: made" >&2
  fi
}

put postgres_password "$(random 24)"
put temporal_database_password "$(random 24)"
put rollcall_database_url "postgres://rollcall:$(random 24)@postgres:5432/rollcall"
