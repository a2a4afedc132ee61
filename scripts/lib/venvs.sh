# The environments, each made of one hashed requirement file. Sourced after python314.sh.
# shellcheck shell=bash

# The service runs on 3.11 to 3.13 first, because those are what torch has a CPU wheel for nearly everywhere.
find_python_for_torch() {
  local version
  for version in 3.11 3.12 3.13; do
    if python_installed "$version" 'sys.version_info >= (3, 11)'; then return; fi
  done
  if python_downloaded 3.12 'True'; then return; fi
  find_python314
}

# is_made VENV FILE…: whether the environment stands and was made of exactly these files.
is_made() {
  local venv=$root/$1 made
  shift
  [ -x "$venv/bin/python" ] && [ -f "$venv/.made-of" ] || return 1
  made=$(<"$venv/.made-of")
  [ "$made" = "$(fingerprint "$@")" ]
}

make_venv() {
  local venv=$root/$1 python=$2
  shift 2
  if ! "$venv/bin/python" -c '' 2>/dev/null; then "$uv" venv --quiet --clear "$@" --python "$python" "$venv" >&2; fi
  rm -f "$venv/.made-of"
}

# plain_venv VENV FILE FIND: an environment that holds exactly what the file says.
plain_venv() {
  local name=$1 file=$root/requirements/$2.txt find=$3 python
  if is_made "$name" "$file"; then return; fi
  find_uv
  "$find"
  step "fill $name" fill_plain_venv "$name" "$file" "$python"
}

# Some of Home Assistant's libraries (pymicro-vad, pyspeex-noise) come as C++ alone.
home_assistant_venv() {
  if ! is_made .venv-ha "$root/requirements/ha.txt"; then need_program c++ g++; fi
  plain_venv .venv-ha ha find_python314
}

fill_plain_venv() {
  make_venv "$1" "$3"
  "$uv" pip sync --quiet --compile-bytecode --python "$root/$1/bin/python" --require-hashes "$2" >&2
  fingerprint "$2" >"$root/$1/.made-of"
}

torch_venv() {
  local file=$root/requirements/ml.txt torch=$root/requirements/torch.txt python
  if is_made .venv-ml "$file" "$torch"; then return; fi
  find_uv
  find_python_for_torch
  step "fill .venv-ml" fill_torch_venv "$file" "$torch" "$python"
}

fill_torch_venv() {
  local inside=$root/.venv-ml/bin/python
  make_venv .venv-ml "$3" --seed
  "$uv" pip install --quiet --compile-bytecode --python "$inside" --require-hashes --requirement "$1" >&2
  install_torch "$inside" "$2"
  fingerprint "$1" "$2" >"$root/.venv-ml/.made-of"
}

# torch by pip, because pip knows the machine's own sources, and without what it asks for (ml.txt has that, hashed), so
# that no CUDA package can come with it. First a CPU build from those sources; then PyTorch's own index of CPU builds.
install_torch() {
  local inside=$1 pinned
  pinned=$(grep -v '^#' "$2")
  local pip=("$inside" -m pip --quiet --disable-pip-version-check install --no-deps --only-binary ':all:')
  if [ "$(uname -s)" = Darwin ]; then
    "${pip[@]}" "$pinned" >&2
  elif ! "${pip[@]}" "$pinned+cpu" >/dev/null 2>&1; then
    "${pip[@]}" --index-url https://download.pytorch.org/whl/cpu "$pinned" >&2 ||
      die "no CPU build of $pinned was found. Look at what pip says above, mend the network or the index, start again"
  fi
  "$inside" -c 'import sys, torch; sys.exit(torch.version.cuda is not None)' ||
    die "the torch in .venv-ml does not load, or is a CUDA build. Remove .venv-ml and start again"
}
