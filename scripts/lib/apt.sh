# Debian's and Ubuntu's packages, where we may install them. Sourced after common.sh.
# shellcheck shell=bash

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# apt_quietly ARG…: what apt-get says is shown only where it fails. What it starts must not hold our lock (9).
apt_quietly() {
  local words
  words=$(DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes -o Dpkg::Use-Pty=0 "$@" </dev/null 2>&1 9>&-) || {
    say "$words"
    return 1
  }
}

apt_install() {
  # A fresh container has no lists, and old lists name files that the mirror no longer has.
  if ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 &&
    apt_quietly install --no-install-recommends "$@" 2>/dev/null; then return; fi
  apt_quietly update
  apt_quietly install --no-install-recommends "$@"
}

# need_program PROGRAM PACKAGE…: the program is on PATH, or is installed where we may, or is named.
need_program() {
  local program=$1
  shift
  if command -v "$program" >/dev/null; then return; fi
  if ! can_apt; then die "$program is missing. Install it and start again: sudo apt-get install $*"; fi
  step "install $* by apt-get" apt_install "$@"
  command -v "$program" >/dev/null || die "apt-get installed $*, but there is still no $program on PATH"
}
