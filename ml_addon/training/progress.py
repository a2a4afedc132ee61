"""Bars on standard error."""

import sys
import time
from collections.abc import Callable

_WIDTH = 30
_EVERY_S = 0.2


def bar(what: str, total: int) -> Callable[[int], None]:
    """Return what to call with how much is done. On a terminal it draws over itself, else it says each tenth."""
    began = last = time.monotonic()
    said = -1

    def show(done: int) -> None:
        nonlocal last, said
        now, tenth = time.monotonic(), done * 10 // total
        terminal = sys.stderr.isatty()
        if done < total and ((terminal and now - last < _EVERY_S) or (not terminal and tenth == said)):
            return
        last, said = now, tenth
        filled = "#" * (_WIDTH * done // total)
        line = f"{what:<28} [{filled:<{_WIDTH}}] {done}/{total} {now - began:.0f} s"
        end = "\n" if done >= total or not terminal else ""
        print(f"\r{line}" if terminal else line, end=end, file=sys.stderr, flush=True)

    return show
