#!/bin/sh
# The least that test/servers needs of the official image's entry point: on first start, a cluster whose superuser
# has POSTGRES_PASSWORD; then the command, as the user postgres.
set -e
bin=$(echo /usr/lib/postgresql/*/bin)
data=${PGDATA:-/var/lib/postgresql/container}
export PATH="$bin:$PATH" PGDATA="$data"

if [ ! -s "$data/PG_VERSION" ]; then
  install -d -m 700 -o postgres "$data" /run/postgresql
  password=$(mktemp)
  printf '%s\n' "$POSTGRES_PASSWORD" > "$password"
  chown postgres "$password"
  setpriv --reuid=postgres --regid=postgres --init-groups initdb --username=postgres --pwfile="$password" --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync > /dev/null
  rm "$password"
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
  echo "listen_addresses = '*'" >> "$data/postgresql.conf"
fi

exec setpriv --reuid=postgres --regid=postgres --init-groups "$@"
