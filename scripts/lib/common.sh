# What every script here shares: where things lie, how to speak, how to time a step. Sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/smart-window
mkdir -p "$cache"

# Without written bytecode every start of Home Assistant costs seconds more.
unset PYTHONDONTWRITEBYTECODE
# mosquitto lies in /usr/sbin on Debian, which a plain user's PATH lacks.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf '%s\n' "$*" >&2; }
die() {
  say "error: $*"
  exit 1
}

# step WHAT COMMAND…: says what is waited for, and afterwards how long it took. Where it fails, the script ends and says
# so: the command stands in no condition, so that the shell's own -e holds inside it.
doing=
step() {
  local what=$1 began=$SECONDS
  shift
  doing=$what
  say "… $what"
  "$@"
  doing=
  say "✓ $what ($((SECONDS - began)) s)"
}
trap 'status=$?; if [ $status != 0 ] && [ -n "$doing" ]; then say "✗ $doing: failed"; fi' EXIT

# fingerprint FILE…: one short hash of their contents.
fingerprint() {
  local sum=(sha256sum)
  command -v sha256sum >/dev/null || sum=(shasum -a 256)
  cat "$@" | "${sum[@]}" | cut -c1-16
}
