#!/usr/bin/env bash
# Starts ClickHouse with Smart Window's users, and lets Home Assistant offer to record into it. Root, as only root may read
# an app's options; ClickHouse itself runs as the user clickhouse.
set -euo pipefail
data=${SMART_WINDOW_DATA:-/data}

# option NAME: the option's text, empty where there is none.
option() {
  clickhouse local --query "SELECT multiIf(JSONType(c, '$1') = 'String', JSONExtractString(c, '$1'), JSONType(c, '$1') = 'Null', '',
    JSONExtractRaw(c, '$1')) FROM file('$data/options.json', RawBLOB, 'c String') FORMAT TSVRaw"
}
fail() {
  printf 'error: the configuration has mistakes:\n%s' "$1" >&2
  exit 78
}

umask 077
mistakes=
memory=$(option memory_mb)
if ! [[ $memory =~ ^[0-9]+$ ]] || [ "$memory" -lt 500 ]; then mistakes+="  - memory_mb: expected a number from 500, got '$memory'"$'\n'; fi
reader=$(option grafana_password)
if [ -n "$reader" ] && [ ${#reader} -lt 12 ]; then mistakes+="  - grafana_password: expected 12 characters or more"$'\n'; fi
[ -z "$mistakes" ] || fail "$mistakes"

[ -s "$data/writer.password" ] || head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' >"$data/writer.password"
# Nobody knows the password of a reader that was not asked for.
[ -n "$reader" ] || reader=$(head -c 24 /dev/urandom | base64)
hash_of() { printf %s "$1" | sha256sum | cut -d' ' -f1; }
SMART_WINDOW_WRITER_HASH=$(hash_of "$(cat "$data/writer.password")")
SMART_WINDOW_READER_HASH=$(hash_of "$reader")
SMART_WINDOW_MEMORY=$((memory * 1000000))
export SMART_WINDOW_WRITER_HASH SMART_WINDOW_READER_HASH SMART_WINDOW_MEMORY

# Once the server answers: make the database, and tell Supervisor. Nothing else waits for it.
announce() {
  for _ in $(seq 120); do
    if wget --quiet --spider http://127.0.0.1:8123/ping; then break; fi
    sleep 1
  done
  clickhouse client --query 'CREATE DATABASE IF NOT EXISTS smart_window'
  local content
  content=$(printf '{"service":"smart_window","config":{"clickhouse_url":"http://%s:8123","clickhouse_user":"smart_window","clickhouse_password":"%s","clickhouse_database":"smart_window"}}' \
    "$(hostname)" "$(cat "$data/writer.password")")
  printf %s "$content" >/tmp/discovery.json
  wget --quiet --output-document=/dev/null --header "Authorization: Bearer ${SUPERVISOR_TOKEN:-}" \
    --header 'Content-Type: application/json' --post-file=/tmp/discovery.json http://supervisor/discovery ||
    echo 'Home Assistant could not be told of this app: fill in the address in Smart Window by hand' >&2
  rm -f /tmp/discovery.json
}
announce &

mkdir -p "$data/clickhouse"
export CLICKHOUSE_SKIP_USER_SETUP=1
exec "${SMART_WINDOW_ENTRYPOINT:-/entrypoint.sh}"
