"""The captured messages, and what the interfaces of Home Assistant tell of the window that stays the same."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from stack.json_shape import Json, JsonObject, as_list, as_object, as_objects, member, text

HERE = Path(__file__).parent
DEVICE_ID = "captured"
_EXPECTED = HERE / "seen.json"

_OF_DEVICE = ("hw_version", "manufacturer", "model", "name", "sw_version", "serial_number", "connections")
_OF_ENTITY = (
    "disabled_by",
    "entity_category",
    "entity_id",
    "hidden_by",
    "original_name",
    "translation_key",
)
_BY_THE_HOUR = {"last_move", "hold_until", "reason", "suggestion", "confidence", "decision"}
"""Entities whose state is what was decided meanwhile."""


def retained() -> Iterator[tuple[str, str]]:
    """Topic and payload of each message."""
    for line in (HERE / "retained.jsonl").read_text("utf-8").splitlines():
        said = as_object(json.loads(line), "a captured message")
        yield text(said, "topic", "a captured message"), text(said, "payload", "a captured message")


def seen(devices: Json, entities: Json, states: Json, diagnostics: JsonObject) -> JsonObject:
    """What is told of the window: lists of Home Assistant's registries and states, and the entry's diagnostics."""
    device = next(one for one in as_objects(devices, "devices") if _is_ours(one))
    ours = [one for one in as_objects(entities, "entities") if one.get("device_id") == device["id"]]
    shown = {text(one, "entity_id", "a state"): one for one in as_objects(states, "states")}
    window = member(member(member(diagnostics, "data", "diagnostics"), "windows", "diagnostics"), DEVICE_ID, "windows")
    return {
        "device": {key: device.get(key) for key in _OF_DEVICE},
        "entities": {_key(one): _entity(one, shown) for one in sorted(ours, key=_key)},
        "diagnostics": {key: window[key] for key in ("announce", "state")},
    }


def expected() -> JsonObject:
    """What is to be seen."""
    return as_object(json.loads(_EXPECTED.read_text("utf-8")), "seen.json")


def update(found: JsonObject) -> None:
    """Keep what was seen, where that is wanted: the change is then looked at like any other."""
    if os.environ.get("SMART_WINDOW_UPDATE"):
        _EXPECTED.write_text(json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def _is_ours(device: JsonObject) -> bool:
    return ["smart_window", DEVICE_ID] in as_list(device.get("identifiers"), "identifiers")


def _key(entity: JsonObject) -> str:
    """Platform and key: sensor.temperature."""
    entity_id, unique_id = text(entity, "entity_id", "an entity"), text(entity, "unique_id", "an entity")
    return f"{entity_id.split('.')[0]}.{unique_id.split('.')[-1]}"


def _entity(entity: JsonObject, states: dict[str, JsonObject]) -> JsonObject:
    told: JsonObject = {key: entity.get(key) for key in _OF_ENTITY}
    state = states.get(text(entity, "entity_id", "an entity"))
    if state is not None and _key(entity).split(".")[1] not in _BY_THE_HOUR:
        told["state"] = state["state"]
        told["attributes"] = state["attributes"]
    return told
