# What the tests of each room need: parts of the set-up, an environment, options. Sourced, never run.
# shellcheck shell=bash

has_tests() { [ "$1" = lint ] || [ -n "$(find "tests/$1" -name 'test_*.py' -print -quit 2>/dev/null)" ]; }

# parts_for ROOM: what scripts/setup must have made for it.
parts_for() {
  case $1 in
    bench | contract | docs | smart_window | mutation) echo test ;;
    recorder | grafana) echo test clickhouse ;;
    lint | fuzz) echo test ml ;;
    ml_addon) echo ml broker ;;
    simulator) echo test broker ;;
    firmware) echo test broker firmware ml ;;
    e2e) echo test ha ml clickhouse broker browser firmware ;;
    deploy) echo test ml broker browser clickhouse ;;
    *) echo test ha ml clickhouse broker ;;
  esac
}

# pytest_for ROOM: the interpreter and the options of its pytest. Home Assistant's harness is a plugin that forbids
# sockets, so that only the integration's tests load it; the others talk to real parts on 127.0.0.1.
pytest_for() {
  case $1 in
    smart_window) echo .venv/bin/python -m pytest --numprocesses 2 ;;
    contract | fuzz) echo .venv/bin/python -m pytest -p no:homeassistant --numprocesses 2 ;;
    firmware) echo .venv/bin/python -m pytest -p no:homeassistant --numprocesses 2 --dist worksteal ;;
    ml_addon) echo .venv-ml/bin/python -m pytest --numprocesses 2 ;;
    *) echo .venv/bin/python -m pytest -p no:homeassistant ;;
  esac
}
