# uv: the one on PATH, else one in the cache. Sourced after common.sh and apt.sh.
# shellcheck shell=bash

tools=$cache/tools

# tool NAME: installs an ordinary wheel that brings a program into the cache, once.
tool() {
  if [ ! -x "$tools/bin/$1" ]; then
    need_program python3 python3 python3-venv
    if ! [ -x "$tools/bin/python" ] || ! "$tools/bin/python" -m pip --version >/dev/null 2>&1; then
      if ! python3 -m ensurepip --version >/dev/null 2>&1; then
        can_apt || die "python3 cannot make an environment. Install it and start again: sudo apt-get install python3-venv"
        step "install python3-venv by apt-get" apt_install python3-venv
      fi
      python3 -m venv --clear "$tools"
    fi
    step "install $1 into the cache" "$tools/bin/python" -m pip -qq --disable-pip-version-check install "$1" >&2
  fi
}

# Sets $uv.
find_uv() {
  # Its own roots do not know a company's proxy; the machine's do, where it has any.
  if [ -r /etc/ssl/certs/ca-certificates.crt ]; then export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-true}; fi
  uv=$(command -v uv || true)
  if [ -z "$uv" ] || ! "$uv" --version >/dev/null 2>&1; then
    tool uv
    uv=$tools/bin/uv
  fi
}
