"""Every invalid example of the contract, on its topic, at a window that is alive."""

import logging
from pathlib import Path

import pytest

from .house import House, PlayedWindow

EXAMPLES = Path(__file__).parents[3] / "contract" / "examples"
ROOTS = {
    "announce": "window/{}/announce",
    "availability": "window/{}/availability",
    "temperature": "sensor/{}/temperature",
    "humidity": "sensor/{}/humidity",
    "audio": "sensor/{}/audio",
    "state": "window/{}/state",
    "guard": "window/{}/guard",
    "control": "window/{}/control",
    "control_result": "window/{}/control/result",
    "response": "ml/inference/response/{}",
    "status": "ml/status/{}",
}
"""All but the request: the integration does not listen to its own questions."""


def invalid(kind: str) -> list[Path]:
    return [path for path in sorted((EXAMPLES / kind / "invalid").iterdir()) if path.suffix != ".topic"]


def topic_of(path: Path) -> str:
    beside = path.with_suffix(".topic")
    if beside.exists():
        return beside.read_text().strip("\n")
    kind = path.parent.parent.name
    return ROOTS[kind].format("ml-1" if kind == "status" else "bedroom")


def seen(house: House) -> dict[str, tuple[str, dict[str, object]]]:
    return {state.entity_id: (state.state, dict(state.attributes)) for state in house.hass.states.async_all()}


def ours(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name.startswith("custom_components.smart_window")]


@pytest.mark.parametrize("kind", ROOTS)
async def test_invalid_messages_are_dropped_and_counted_and_change_nothing(
    house: House, window: PlayedWindow, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    await window.appear()
    await window.measure("temperature", 21.5)
    before, station = seen(house), house.hub.roster.get("bedroom")
    assert station is not None
    state_before = station.window.state
    house.forget_sent()
    examples = invalid(kind)
    assert len(examples) >= 8
    for path in examples:
        topic = topic_of(path)
        # What has a level too many is on no topic that we listen to: the broker keeps it.
        arrives = topic.count("/") == ROOTS[kind].count("/")
        house.hub.router._logged.clear()
        caplog.clear()
        dropped = sum(house.hub.router.dropped.values())

        for _ in range(3):
            await house.hear(topic, path.read_bytes())

        assert sum(house.hub.router.dropped.values()) - dropped == (3 if arrives else 0), path
        assert seen(house) == before, path
        assert station.window.state is state_before, path
        assert house.sent() == [], path
        assert [record.levelno for record in ours(caplog)] == ([logging.WARNING] if arrives else []), path
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info], path


async def test_hostile_ids_neither_make_devices_nor_fill_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    for device_id in ("", "x" * 65, "BEDROOM", "a b", "ünder", "-first"):
        await house.hear(f"sensor/{device_id}/temperature", "20")
        await house.hear(f"window/{device_id}/announce", '{"contract": 1, "name": "x"}')
    assert house.hub.roster.shown == []
    assert house.hub.router.dropped == {"topic": 12}
    assert len(ours(caplog)) == 1


async def test_each_window_and_kind_is_logged_once(house: House, caplog: pytest.LogCaptureFixture) -> None:
    for device_id in ("kitchen", "attic"):
        for _ in range(5):
            await house.hear(f"sensor/{device_id}/temperature", "no json")
            await house.hear(f"sensor/{device_id}/humidity", "true")
    assert len(ours(caplog)) == 4
    assert house.hub.router.dropped == {"json": 10, "type": 10}
    assert house.hub.roster.shown == []
