"""Python loads this at its start where the folder is on its path: a stopwatch around each callback of the event loop.

Python's own collections of garbage are told apart: they fall into whatever callback comes first. Beside each of the
longest stand how many MQTT packets it read, and how long the integration dealt with messages in it. SIGUSR2 appends one
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
import sys
import time
from asyncio import events
from collections.abc import Callable
from pathlib import Path

# ruff: noqa: INP001  Python looks for this file by its name alone.
_FILE = os.environ.get("BENCH_CALLBACKS")
_KEPT = 5
_run = events.Handle._run  # noqa: SLF001
_longest: list[tuple[float, int, str, int, float]] = []
_collections: list[float] = []
_collected_s = 0.0
_count = 0
_packets = 0
_dealing_s = 0.0
_watched: set[str] = set()
_CLIENT, _INBOX = "paho.mqtt.client", "custom_components.smart_window.inbox"


def _watch_once_loaded() -> None:
    """Count what is read and what is dealt with; neither module is there yet when this file is loaded."""
    if _CLIENT in sys.modules and _CLIENT not in _watched:
        client = getattr(sys.modules[_CLIENT], "Client", None)
        if client is not None:
            client._handle_on_message = _counted(client._handle_on_message)  # noqa: SLF001
            _watched.add(_CLIENT)
    if _INBOX in sys.modules and _INBOX not in _watched:
        inbox = getattr(sys.modules[_INBOX], "Inbox", None)
        if inbox is not None:
            inbox._deal_with = _clocked(inbox._deal_with)  # noqa: SLF001
            _watched.add(_INBOX)


def _counted(read: Callable[[object, object], None]) -> Callable[[object, object], None]:
    def counted(client: object, message: object) -> None:
        global _packets  # noqa: PLW0603
        _packets += 1
        read(client, message)

    return counted


def _clocked(deal_with: Callable[[object, object], None]) -> Callable[[object, object], None]:
    def clocked(inbox: object, message: object) -> None:
        global _dealing_s  # noqa: PLW0603
        began, collected = time.thread_time(), _collected_s
        deal_with(inbox, message)
        _dealing_s += time.thread_time() - began - (_collected_s - collected)

    return clocked


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
    if len(_watched) < 2:  # noqa: PLR2004  both
        _watch_once_loaded()
    packets, dealing_s = _packets, _dealing_s
    began, collected = time.thread_time(), _collected_s
    _run(handle)
    took = time.thread_time() - began - (_collected_s - collected)
    _count += 1
    if len(_longest) < _KEPT or took > _longest[0][0]:
        callback = _name(getattr(handle, "_callback", None), getattr(handle, "_args", None) or ())
        keep = heapq.heappush if len(_longest) < _KEPT else heapq.heapreplace
        keep(_longest, (took, _count, callback, _packets - packets, _dealing_s - dealing_s))


def _tell(*_: object) -> None:
    global _count  # noqa: PLW0603
    longest = [
        [round(took * 1000, 2), what, packets, round(dealing_s * 1000, 2)]
        for took, _, what, packets, dealing_s in sorted(_longest, reverse=True)
    ]
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
