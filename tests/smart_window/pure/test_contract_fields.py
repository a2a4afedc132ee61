"""Every field of a message is read by its own name, and one that may be absent is None or empty without it."""

import json
from collections.abc import Mapping

import pytest

from custom_components.smart_window.contract import MessageKind, Request, Status, decode, encode

FULL: Mapping[MessageKind, Mapping[str, object]] = {
    MessageKind.ANNOUNCE: {
        "device_id": "bedroom",
        "name": "Bedroom",
        "model": "SW-1",
        "sw_version": "1.2",
        "hw": "rev b",
        "mac": "02:00:00:00:00:01",
        "suggested_area": "Upstairs",
        "capabilities": ["position", "rain"],
    },
    MessageKind.STATE: {
        "session": "s1",
        "rev": 7,
        "hand_id": "h1",
        "position": 30.0,
        "target": 40.0,
        "operation": "opening",
        "source": "ml",
        "rain": True,
        "obstacle": True,
        "fault": "stall",
        "lock": "child",
        "command_id": "c1",
        "rssi": -61.0,
        "ts": 1790000000.5,
    },
    MessageKind.CONTROL: {
        "source": "ml",
        "command_id": "c1",
        "position": 30.0,
        "session": "s1",
        "rev": 7,
        "confidence": 0.8,
        "model_version": "m-1",
        "ts": 1790000000.5,
    },
    MessageKind.CONTROL_RESULT: {"command_id": "c1", "result": "stale", "reason": "rev", "ts": 1790000000.5},
    MessageKind.STATUS: {
        "instance": "ml-1",
        "state": "ready",
        "reason": "warm",
        "model_version": "m-1",
        "models": ["m-1", "m-0"],
        "feature_schema": "f3",
        "counters": {"requests": 4},
        "ts": 1790000000.5,
    },
    MessageKind.MODELS: {"correlation_id": "o1", "version": "m-2", "ts": 1790000000.5},
    MessageKind.MODELS_RESULT: {"correlation_id": "o1", "model_version": "m-1", "shadow": "m-2", "error": None},
    MessageKind.REQUEST: {
        "correlation_id": "q1",
        "session": "s1",
        "rev": 7,
        "temperature": 21.5,
        "humidity": 48.0,
        "ts": 1790000000.5,
    },
    MessageKind.RESPONSE: {
        "correlation_id": "q1",
        "position": 30.0,
        "confidence": 0.8,
        "model_version": "m-1",
        "timings_ms": {"total": 3.0},
        "acted": True,
        "error": None,
        "features": {"la_eq": 40.0},
    },
}
GRANT = {"act": False, "min": 10.0, "max": 90.0, "min_confidence": 0.6, "ttl_s": 8.0}
BESIDE: Mapping[MessageKind, Mapping[str, object]] = {
    MessageKind.ANNOUNCE: {"contract": 1},
    MessageKind.STATUS: {"contract": 1},
    MessageKind.MODELS: {"contract": 1, "do": "shadow"},
    MessageKind.MODELS_RESULT: {"contract": 1},
    MessageKind.REQUEST: {"contract": 1, "grant": GRANT},
    MessageKind.RESPONSE: {"contract": 1, "reasons": [{"code": "noise", "effect": -3.5}]},
}
MAY_BE_ABSENT = {
    MessageKind.ANNOUNCE: {"device_id", "model", "sw_version", "hw", "mac", "suggested_area"},
    MessageKind.STATE: {"source", "lock", "command_id", "rssi", "ts"},
    MessageKind.CONTROL: {"session", "rev", "confidence", "model_version", "ts"},
    MessageKind.CONTROL_RESULT: {"reason", "ts"},
    MessageKind.MODELS: {"ts"},
    MessageKind.STATUS: {"reason", "model_version", "models", "feature_schema", "counters", "ts"},
    MessageKind.REQUEST: {"session", "rev", "temperature", "humidity", "ts"},
    MessageKind.RESPONSE: {"features"},
}


def read(kind: MessageKind, said: Mapping[str, object]) -> object:
    return decode(kind, json.dumps({**BESIDE.get(kind, {}), **said}).encode())


@pytest.mark.parametrize("kind", FULL)
def test_each_field_is_read_by_its_own_name(kind: MessageKind) -> None:
    message = read(kind, FULL[kind])
    for name, value in FULL[kind].items():
        assert getattr(message, name) == (tuple(value) if isinstance(value, list) else value), name


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in MAY_BE_ABSENT.items() for name in sorted(names)]
)
def test_a_field_that_may_be_absent_is_none_or_empty_then(kind: MessageKind, name: str) -> None:
    without = {key: value for key, value in FULL[kind].items() if key != name}
    message = read(kind, without)
    assert not getattr(message, name)
    for other, value in without.items():
        assert getattr(message, other) == (tuple(value) if isinstance(value, list) else value), other


def test_a_question_that_was_read_is_sent_as_it_was() -> None:
    said = {**BESIDE[MessageKind.REQUEST], **FULL[MessageKind.REQUEST]}
    audio = {"format": "features", "schema": "f3", "values": [1.0], "levels": {"la_eq": -40.0}}
    for heard in (audio, audio | {"full_scale_db": 120.0}):
        whole = said | {"audio": heard, "context": {"hour": 7.5}, "taste": {"warmth": 1.0}}
        request = read(MessageKind.REQUEST, whole)
        assert isinstance(request, Request)
        assert request.to_json() == whole
        assert json.loads(encode(request)) == whole


def test_each_figure_of_a_shadow_is_read_by_its_own_name_and_told_by_it() -> None:
    said: dict[str, object] = {
        "version": "m-2",
        "questions": 9,
        "differed": 8,
        "difference": 7.5,
        "confidence": 0.6,
        "shadow_confidence": 0.5,
        "corrections": 5,
        "nearer": 4,
        "farther": 3,
        "distance": 2.5,
        "shadow_distance": 1.5,
        "shed": 2,
        "better": False,
    }
    status = read(MessageKind.STATUS, {**FULL[MessageKind.STATUS], "shadow": said})
    assert isinstance(status, Status)
    assert status.shadow is not None
    assert status.shadow.to_json() == said
    counts = ("questions", "differed", "corrections", "nearer", "farther")
    assert status.shadow.counts == {f"shadow_{name}": said[name] for name in counts}
