#!/usr/bin/env bash
# Builds the service's container image for real and asks it a question.
#   scripts/lib/check_image.sh
# With docker or podman it uses those. Without a daemon (root, Debian or Ubuntu) the base image is made from Debian's own
# packages, and buildah runs every step in a chroot: about 100 s for the base, once.
set -euo pipefail

. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
context=$root/ml_addon tag=localhost/smart-window-ml:check
need() { command -v "$1" >/dev/null || die "$1 is missing: sudo apt-get install $2"; }
need mosquitto mosquitto
need mosquitto_rr mosquitto-clients

work=$(mktemp -d)
children=()
finish() {
  local child
  for child in "${children[@]}"; do
    kill "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  done
  [ -z "${container:-}" ] || "${remove[@]}" "$container" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

# build, run_in COMMAND… (in a running or new container), serve: by the engine that is there.
engine=
for program in docker podman; do
  if command -v $program >/dev/null && $program info >/dev/null 2>&1; then
    engine=$program
    break
  fi
done

if [ -n "$engine" ]; then
  remove=("$engine" rm -f)
  build() { "$engine" build -t "$tag" "$context"; }
  serve() { container=$("$engine" run -d --network host "${environment[@]}" "$tag"); }
  run_check() { "$engine" exec "$container" python -m ml_addon check --user smart-window; }
else
  need buildah "buildah debootstrap crun"
  need debootstrap "buildah debootstrap crun"
  [ "$(id -u)" = 0 ] || die "building without docker or podman needs root"
  export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
  suite=bookworm base=localhost/smart-window-base:bookworm
  remove=(buildah rm)
  make_base() {
    local mirror
    mirror=$(awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/*.sources 2>/dev/null)
    debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv "$suite" "$work/root" \
      ${mirror:+"$mirror"} >"$work/debootstrap.log" || { tail -n 20 "$work/debootstrap.log" >&2; return 1; }
    tar -C "$work/root" -cf "$work/root.tar" .
    printf 'FROM scratch\nADD root.tar /\n' >"$work/Dockerfile"
    buildah bud -q -t "$base" "$work" >/dev/null
  }
  build() {
    buildah inspect --type image "$base" >/dev/null 2>&1 || step "make a Debian base" make_base
    # pip inside the build uses the certificates and the folder of wheels of this machine, if it has any.
    local extra=(--build-arg "BASE=$base" --volume /etc/ssl/certs:/etc/ssl/certs:ro)
    if [ -n "${PIP_CERT:-}" ]; then extra+=(--build-arg "PIP_CERT=$PIP_CERT"); fi
    if [ -d "${PIP_FIND_LINKS:-}" ]; then
      extra+=(--volume "$PIP_FIND_LINKS:$PIP_FIND_LINKS:ro" --build-arg "PIP_FIND_LINKS=$PIP_FIND_LINKS" --build-arg TORCH_INDEX=)
    fi
    buildah bud --format docker "${extra[@]}" -t "$tag" "$context"
  }
  in_container() { exec buildah run "${environment[@]}" "$container" -- python -m ml_addon "$1" --user smart-window; }
  serve() {
    container=$(buildah from "$tag")
    in_container serve >"$work/service.log" 2>&1 &
    children+=($!)
  }
  run_check() { (in_container check); }
fi

port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
environment=(--env "SMART_WINDOW_MQTT_HOST=127.0.0.1" --env "SMART_WINDOW_MQTT_PORT=$port")
printf 'listener %s 127.0.0.1\nallow_anonymous true\nmax_packet_size 1048576\n' "$port" >"$work/mosquitto.conf"
if [ "$(id -u)" = 0 ]; then echo "user root" >>"$work/mosquitto.conf"; fi
mosquitto -c "$work/mosquitto.conf" 2>/dev/null &
children+=($!)

step "build the image" build >"$work/build.log" || { tail -n 40 "$work/build.log" >&2; die "the image cannot be built"; }
serve
began=$SECONDS
until run_check 2>"$work/check.log"; do
  if [ $((SECONDS - began)) -gt 60 ]; then cat "$work/check.log" "$work/service.log" >&2 2>/dev/null || true; die "the container does not become well"; fi
done
answer=$(mosquitto_rr -V 5 -p "$port" -q 1 -W 20 -t ml/inference/request/bedroom -e ml/inference/response/bedroom \
  -m "$(cat "$root/contract/examples/request/valid/full.json")")
printf '%s\n' "$answer"
case $answer in
  *'"acted":true'*) say "✓ the container answered the contract's question and acted" ;;
  *) die "the container did not act" ;;
esac
