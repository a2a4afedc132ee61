# What the firmware and its tests are built with: ESPHome in an environment of its own, a compiler, and two libraries.
# Sourced after venvs.sh.
# shellcheck shell=bash

# need_header HEADER PACKAGE: the compiler finds the header, or its package is installed where we may, or is named.
need_header() {
  if echo "#include <$1>" | c++ -std=c++17 -fsyntax-only -x c++ - 2>/dev/null; then return; fi
  if ! can_apt; then die "the header $1 is missing. Install it and start again: sudo apt-get install $2"; fi
  step "install $2 by apt-get" apt_install "$2"
}

firmware_tools() {
  need_program c++ g++
  need_program ninja ninja-build
  need_header doctest/doctest.h doctest-dev
  need_header mosquitto.h libmosquitto-dev # the broker's client of the firmware on Linux
  if [ "${HYPOTHESIS_PROFILE:-}" = nightly ]; then fuzzing_tools; fi
  plain_venv .venv-fw firmware find_python314
}

# libFuzzer is a part of clang, and lies in a package of clang's own version.
fuzzing_tools() {
  need_program clang++ clang
  local version package
  version=$(clang++ -dumpversion)
  package=libclang-rt-${version%%.*}-dev
  if echo 'extern "C" int LLVMFuzzerTestOneInput(const char *, long) { return 0; }' |
    clang++ -fsanitize=fuzzer -x c++ - -o /dev/null 2>/dev/null; then return; fi
  if ! can_apt; then die "clang's libFuzzer is missing. Install it and start again: sudo apt-get install $package"; fi
  step "install $package by apt-get" apt_install "$package"
}
