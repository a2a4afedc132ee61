# Finds an interpreter of our own liking. Sourced after common.sh, apt.sh and uv.sh; sets $python.
# shellcheck shell=bash

# accept CANDIDATE CONDITION: sets $python to the interpreter behind it (no shim, no environment), where it fits.
accept() {
  python=
  [ -n "$1" ] && [ -x "$1" ] || return 1
  python=$("$1" -c "import sys, ssl, sqlite3, venv
if not ($2): sys.exit(1)
print(getattr(sys, '_base_executable', sys.executable))" 2>/dev/null) || { python=; return 1; }
}

# python_installed VERSION CONDITION: PATH, pyenv's own folder, what uv knows. Nothing is downloaded.
python_installed() {
  local candidate
  for candidate in $(type -ap "python$1") "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/"python$1"; do
    if accept "$candidate" "$2"; then return; fi
  done
  find_uv
  accept "$("$uv" python find --no-python-downloads --no-project "$1" 2>/dev/null || true)" "$2"
}

# python_downloaded VERSION CONDITION: uv's own builds.
python_downloaded() {
  find_uv
  "$uv" python install --quiet "$1" 2>/dev/null || return 1
  accept "$("$uv" python find --no-python-downloads --no-project --managed-python "$1" 2>/dev/null || true)" "$2"
}
