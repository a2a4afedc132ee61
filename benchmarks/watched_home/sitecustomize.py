"""Python loads this at its start where the folder is on its path: a stopwatch around each callback of the event loop.

Python's own collections of garbage are told apart: they fall into whatever callback comes first. SIGUSR2 appends one
line of JSON to the file that BENCH_CALLBACKS names, the longest callbacks since the last one, and starts anew. Thread
CPU time: what else the machine does counts for nothing.
"""

import asyncio
import functools
import gc
import heapq
import json
import os
import reprlib
import signal
import time
from asyncio import events
from pathlib import Path

# ruff: noqa: INP001  Python looks for this file by its name alone.
_FILE = os.environ.get("BENCH_CALLBACKS")
_KEPT = 5
_run = events.Handle._run  # noqa: SLF001
_longest: list[tuple[float, int, str]] = []
_collections: list[float] = []
_collected_s = 0.0
_count = 0


def _collecting(phase: str, _: dict[str, int]) -> None:
    global _collected_s  # noqa: PLW0603
    if phase == "start":
        _collections.append(time.thread_time())
    else:
        _collections[-1] = time.thread_time() - _collections[-1]
        _collected_s += _collections[-1]


def _name(callback: object, arguments: tuple[object, ...]) -> str:
    """What a person would call it: the coroutine of a task's step, the function of a partial."""
    if isinstance(callback, functools.partial):
        return _name(callback.func, callback.args)
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, asyncio.Task):
        return str(getattr(owner.get_coro(), "__qualname__", owner.get_name()))
    name = str(getattr(callback, "__qualname__", type(callback).__qualname__))
    return name if not arguments else f"{name}({', '.join(reprlib.repr(one) for one in arguments)})"


def _timed(handle: events.Handle) -> None:
    global _count  # noqa: PLW0603  one per process, as the patch is
    began, collected = time.thread_time(), _collected_s
    _run(handle)
    took = time.thread_time() - began - (_collected_s - collected)
    _count += 1
    if len(_longest) < _KEPT or took > _longest[0][0]:
        callback = _name(getattr(handle, "_callback", None), getattr(handle, "_args", None) or ())
        keep = heapq.heappush if len(_longest) < _KEPT else heapq.heapreplace
        keep(_longest, (took, _count, callback))


def _tell(*_: object) -> None:
    global _count  # noqa: PLW0603
    longest = [[round(took * 1000, 2), what] for took, _, what in sorted(_longest, reverse=True)]
    collecting = round(max(_collections, default=0.0) * 1000, 2)
    line = json.dumps(
        {"callbacks": _count, "longest_ms": longest, "collecting_ms": collecting, "cpu_s": time.process_time()}
    )
    with Path(str(_FILE)).open("a") as file:
        file.write(line + "\n")
    _longest.clear()
    _collections.clear()
    _count = 0


if _FILE:
    events.Handle._run = _timed  # type: ignore[method-assign,assignment]  # noqa: SLF001
    gc.callbacks.append(_collecting)
    signal.signal(signal.SIGUSR2, _tell)
