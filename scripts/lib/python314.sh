# Python 3.14 for Home Assistant. Sourced after python.sh; sets $python.
# shellcheck shell=bash
# Tried in turn: one that is there, uv's own build, and Debian testing's packages unpacked into the cache. The last way
# needs neither root nor any host but the Debian mirror that the machine already uses.

# Home Assistant 2026.10 and later ask for it.
fits_314='sys.version_info[:2] == (3, 14) and sys.version_info >= (3, 14, 2)'
prefix_314=$cache/python3.14

find_python314() {
  if accept "$prefix_314/usr/bin/python3.14" "$fits_314"; then return; fi
  if python_installed 3.14 "$fits_314"; then return; fi
  say "… no Python 3.14 here; asking uv for one"
  if python_downloaded 3.14 "$fits_314"; then return; fi
  step "unpack Python 3.14 from Debian testing into the cache" unpack_python314
  accept "$prefix_314/usr/bin/python3.14" "$fits_314" ||
    die "Python 3.14 was unpacked into $prefix_314 but does not run. Install Python 3.14.2 or later and start again"
}

unpack_python314() {
  local by_hand="Install Python 3.14.2 or later (uv python install 3.14) and start again"
  if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
    die "uv could not download Python 3.14, and this is no Debian or Ubuntu. $by_hand"
  fi
  local arch triplet loader
  arch=$(dpkg --print-architecture)
  case $arch in
    amd64) triplet=x86_64-linux-gnu loader=ld-linux-x86-64.so.2 ;;
    arm64) triplet=aarch64-linux-gnu loader=ld-linux-aarch64.so.1 ;;
    *) die "there is no Python 3.14 for the architecture $arch here. $by_hand" ;;
  esac

  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg mirror
  mirror=$(debian_mirror)
  if [ -z "$mirror" ] || [ ! -r "$keyring" ]; then
    die "uv could not download Python 3.14, and apt names no Debian mirror. $by_hand"
  fi

  tool patchelf
  rm -rf "$prefix_314"
  mkdir -p "$prefix_314"
  download_debian_packages "$prefix_314/apt" "$arch" "$mirror" "$keyring" python3.14-venv libpython3.14-dev
  local package
  for package in "$prefix_314"/apt/cache/archives/*.deb; do dpkg -x "$package" "$prefix_314"; done
  rm -rf "$prefix_314/apt"

  # The host's libc may be older, so the interpreter starts with the loader and libraries unpacked beside it.
  local libraries=$prefix_314/usr/lib/$triplet
  "$tools/bin/patchelf" --set-interpreter "$libraries/$loader" --force-rpath --set-rpath "$libraries" \
    "$prefix_314/usr/bin/python3.14"

  # Debian's pyconfig.h includes <TRIPLET/python3.14/pyconfig.h>. Packages without a wheel (pyspeex-noise) compile when
  # the one include folder that they know finds it; /usr/include of testing would bring a second libc's headers along.
  mkdir -p "$prefix_314/usr/include/python3.14/$triplet"
  ln -sfn "../../$triplet/python3.14" "$prefix_314/usr/include/python3.14/$triplet/python3.14"
}

# The mirror that this machine uses already: the first Debian address in either format of apt's sources.
debian_mirror() {
  local file
  for file in /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    if [ -r "$file" ]; then cat "$file"; fi
  done | awk '/^URIs:/ && /debian/ && !/security/ {print $2; exit}
              /^deb / && /debian/ && !/security/ {for (i = 2; i <= NF; i++) if ($i ~ /^[a-z+]+:\//) {print $i; exit}}'
}

# apt with a state of its own. It believes that nothing is installed, so it fetches libc too, and touches no system file.
download_debian_packages() {
  local state=$1 arch=$2 mirror=$3 keyring=$4 command
  shift 4
  mkdir -p "$state/state/lists/partial" "$state/cache/archives/partial"
  : >"$state/status"
  echo "deb [signed-by=$keyring] $mirror forky main" >"$state/sources.list"
  for command in update "install --download-only --no-install-recommends $*"; do
    # shellcheck disable=SC2086  # the command is a list of words
    apt-get --quiet --quiet --yes \
      -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null \
      -o Dir::Etc::preferencesparts=/dev/null \
      -o Dir::State="$state/state" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
      -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o APT::Sandbox::User= -o Debug::NoLocking=1 \
      $command </dev/null >&2
  done
}
