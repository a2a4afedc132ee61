"""Decoders with one fault each, for the test of the engine."""

import json
from collections.abc import Callable

from .engine.target import Target, promise

_MANY = 10_000_000


def targets() -> list[Target]:
    """One for each kind of fault, and one without any."""
    changed: list[int] = []

    def changes_what_it_refuses(payload: bytes) -> bool:
        if _object(payload) is not None:
            return True
        changed.append(len(payload))
        return False

    return [
        _target("sound", lambda payload: _object(payload) is not None),
        _target("nesting", _walks),
        _target("surrogates", _writes_a_text),
        _target("integers", lambda payload: bool(float(_number(payload)) + 1)),
        _target("memory", lambda payload: bool(bytearray(_MANY if b"[[" in payload else 1))),
        _target("promise", _promises_small_numbers),
        _target("state", changes_what_it_refuses, state=lambda: len(changed)),
        _target("time", _takes_time),
    ]


def _target(name: str, feed: Callable[[bytes], bool], state: Callable[[], object] | None = None) -> Target:
    return Target(name, (b'{"name":"bedroom","rev":7,"of":[1,2.5]}',), feed, state=state)


def _object(payload: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(payload)
    except ValueError, RecursionError:
        return None
    return found if isinstance(found, dict) else None


def _walks(payload: bytes) -> bool:
    found = _object(payload)
    return found is not None and all(_depth(value) >= 0 for value in found.values())


def _depth(value: object) -> int:
    """By recursion, as a careless reader walks."""
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _writes_a_text(payload: bytes) -> bool:
    found = _object(payload)
    return found is not None and str(found.get("name")).encode() != b""


def _number(payload: bytes) -> int:
    found = _object(payload)
    value = 1 if found is None else found.get("rev")
    return value if isinstance(value, int) else 1


def _promises_small_numbers(payload: bytes) -> bool:
    promise("it is small", _number(payload) < 2**32)
    return True


def _takes_time(payload: bytes) -> bool:
    """Quadratic, as a careless reader of digits is."""
    digits = payload.count(b"9")
    return sum(1 for _ in range(digits * digits)) >= 0
