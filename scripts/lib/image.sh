#!/usr/bin/env bash
# The service's container image, built for real and run, also where there is no Docker daemon.
#   scripts/lib/image.sh build                   builds it where anything that goes into it changed
#   scripts/lib/image.sh size                    unpacked bytes
#   scripts/lib/image.sh create NAME [NAME=VALUE…]  makes a container of this name, with these variables
#   scripts/lib/image.sh run NAME [NAME=VALUE…]     serves in it, in the foreground; ends with SIGTERM
#   scripts/lib/image.sh check NAME [NAME=VALUE…]   what HEALTHCHECK runs
#   scripts/lib/image.sh remove NAME
# docker or podman are used where they answer. Elsewhere (root, Debian or Ubuntu) the base image is made from Debian's own
# packages, once, and buildah runs every step in a chroot.
set -euo pipefail

. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
. "$root/scripts/lib/apt.sh"
context=$root/ml_addon tag=localhost/smart-window-ml:test suite=bookworm
base=localhost/smart-window-base:$suite
stamp=$cache/image.made-of

engine=buildah
for program in docker podman; do
  if command -v $program >/dev/null && $program info >/dev/null 2>&1; then
    engine=$program
    break
  fi
done
if [ $engine = buildah ]; then
  [ "$(id -u)" = 0 ] || die "building without docker or podman needs root"
  export BUILDAH_ISOLATION=chroot
  need_program buildah buildah crun
  need_program mmdebstrap mmdebstrap
fi

make_base() {
  local mirror work
  work=$(mktemp -d)
  mirror=$(awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/*.sources 2>/dev/null || true)
  # As slim images are: without manuals, other languages, and apt's lists.
  mmdebstrap --quiet --variant=minbase --include=ca-certificates,python3,python3-venv \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' "$suite" "$work/root.tar" ${mirror:+"$mirror"} >&2
  printf 'FROM scratch\nADD root.tar /\n' >"$work/Dockerfile"
  buildah bud -q -t "$base" "$work" >/dev/null
  rm -rf "$work"
}

# pip inside the build uses the certificates and the folder of wheels of this machine, if it has any.
build_with_buildah() {
  buildah inspect --type image "$base" >/dev/null 2>&1 || step "make a Debian base image" make_base
  local extra=(--build-arg "BASE=$base" --volume /etc/ssl/certs:/etc/ssl/certs:ro)
  if [ -n "${PIP_CERT:-}" ]; then extra+=(--build-arg "PIP_CERT=$PIP_CERT"); fi
  if [ -d "${PIP_FIND_LINKS:-}" ]; then
    extra+=(--volume "$PIP_FIND_LINKS:$PIP_FIND_LINKS:ro" --build-arg "PIP_FIND_LINKS=$PIP_FIND_LINKS" --build-arg TORCH_INDEX=)
  fi
  # --layers: what did not change is not built again.
  buildah bud --layers --format docker "${extra[@]}" -t "$tag" "$context"
}

build() {
  local made_of
  made_of=$engine-$(cd "$context" && git ls-files --cached --others --exclude-standard -z . | sort -z | xargs -0 sha256sum 2>/dev/null | sha256sum)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$made_of" ] && $engine inspect "$tag" >/dev/null 2>&1; then return; fi
  local log
  log=$(mktemp)
  say "… build the image"
  local began=$SECONDS
  if [ $engine = buildah ]; then build_with_buildah; else $engine build -t "$tag" "$context"; fi >"$log" 2>&1 || {
    tail -n 60 "$log" >&2
    die "the image cannot be built"
  }
  say "✓ build the image ($((SECONDS - began)) s)"
  rm -f "$log"
  echo "$made_of" >"$stamp"
}

variables() {
  local pair
  for pair in "$@"; do printf -- '--env\n%s\n' "$pair"; done
}

command=${1:-}
[ $# = 0 ] || shift
case $command in
  build)
    exec 9>"$cache/image.lock"
    flock 9
    build
    ;;
  size)
    if [ $engine = buildah ]; then
      container=$(buildah from "$tag")
      du --summarize --bytes --one-file-system "$(buildah mount "$container")" | cut -f1
      buildah rm "$container" >/dev/null
    else $engine image inspect --format '{{.Size}}' "$tag"; fi
    ;;
  create)
    name=$1
    shift
    mapfile -t given < <(variables "$@")
    if [ $engine = buildah ]; then buildah from --name "$name" "$tag" >/dev/null; else
      $engine create --name "$name" --network host "${given[@]}" "$tag" >/dev/null
    fi
    ;;
  run)
    name=$1
    shift
    mapfile -t given < <(variables "$@")
    if [ $engine != buildah ]; then exec $engine start --attach "$name"; fi
    exec buildah run "${given[@]}" "$name" -- python -m ml_addon serve --user smart-window --keep-models
    ;;
  check)
    name=$1
    shift
    mapfile -t given < <(variables "$@")
    if [ $engine = buildah ]; then exec buildah run "${given[@]}" "$name" -- python -m ml_addon check --user smart-window; fi
    exec $engine exec "${given[@]}" "$name" python -m ml_addon check --user smart-window
    ;;
  remove) $engine rm "$1" >/dev/null 2>&1 || true ;;
  *) die "usage: scripts/lib/image.sh build|size|create|run|check|remove" ;;
esac
