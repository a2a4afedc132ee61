#!/usr/bin/env bash
# Writes requirements/*.txt, and ml_addon/requirements.txt, anew from the *.in beside them: versions and hashes, and no
# address of an index.
#   scripts/lib/lock.sh [--upgrade]
# To raise Home Assistant or its test harness, change its version in ha.in or test.in and run this.
set -euo pipefail

lib=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
for piece in common apt uv python python314; do
  # shellcheck source=/dev/null
  . "$lib/$piece.sh"
done
find_uv
find_python314

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root/requirements"

lock() {
  local name=$1 version=$2
  shift 2
  step "lock $name" "$uv" pip compile --quiet --universal --python-version "$version" --generate-hashes \
    --no-emit-index-url --no-annotate --custom-compile-command "scripts/lib/lock.sh" "$name.in" -o "$name.txt" \
    "${upgrade[@]}" "$@"
}

# What Home Assistant would fetch when it loads an integration is written in its manifests, so it is unpacked to read them.
lock_with_home_assistant() {
  local name=$1 release=$2
  shift 2
  "$uv" pip install --quiet --no-deps --python "$python" --target "$work/$name" "homeassistant==$release"
  local home_assistant=$work/$name/homeassistant
  "$python" "$lib/ha_requirements.py" "$home_assistant/components" "$@" >"$work/$name.in"
  lock "$name" 3.14.2 -c "$home_assistant/package_constraints.txt" "$work/$name.in"
}

upgrade=("$@")
lock ml 3.11
(cd ../ml_addon && lock requirements 3.11) # what the container holds
lock clickhouse 3.11
lock firmware 3.14.2
lock energyplus 3.11 --no-deps # their files alone are used
lock_with_home_assistant ha "$(sed -n 's/^homeassistant==//p' ha.in)"
# The harness names the release of Home Assistant that it tests.
lock test 3.14.2
lock_with_home_assistant test "$(sed -n 's/^homeassistant==\([^ ]*\).*/\1/p' test.txt)" \
  alexa camera conversation cover diagnostics google_assistant homeassistant homekit mqtt repairs select sensor system_health
