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
  plain_venv .venv-fw firmware find_python314
}
