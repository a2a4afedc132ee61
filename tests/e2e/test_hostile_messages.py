"""Messages that nobody should send."""

from pathlib import Path

import pytest
import yaml

from stack.json_shape import JsonObject, as_object, member, text

from .house import House, complaints

CONTRACT = Path(__file__).parents[2] / "contract"


def addresses() -> dict[str, str]:
    """The topic of each message, from the contract."""
    content: JsonObject = yaml.safe_load((CONTRACT / "asyncapi.yaml").read_text())
    channels = member(content, "channels", "the contract")
    return {name: text(as_object(channel, name), "address", name) for name, channel in channels.items()}


def topic_of(payload: Path, address: str) -> str:
    other = payload.with_suffix(".topic")
    if other.exists():
        return other.read_text().strip()
    return address.replace("{id}", "bedroom").replace("{instance}", "demo")


@pytest.mark.parametrize("kind", sorted(addresses()))
async def test_no_invalid_message_changes_anything(house: House, kind: str) -> None:
    payloads = sorted(path for path in (CONTRACT / "examples" / kind / "invalid").iterdir() if path.suffix != ".topic")
    assert len(payloads) >= 8
    before, windows, logs = await house.cover("bedroom"), set(await house.home.windows()), house.logs()
    since = house.tap.mark
    for payload in payloads:
        await house.tap.publish(topic_of(payload, addresses()[kind]), payload.read_bytes())
    # What comes after them in order shows that they were read.
    value = 20 + sorted(addresses()).index(kind) / 10
    await house.bench("bedroom", "temperature", {"value": value})
    await house.sensor_when("bedroom", "temperature", f"{value:.1f}")
    after = await house.cover("bedroom")
    assert (after.state, after.position) == (before.state, before.position)
    assert set(await house.home.windows()) == windows
    if kind != "control":
        assert house.commands(since) == []
    assert complaints(logs) == []


async def test_a_retained_command_is_not_obeyed_and_raises_a_repair(house: House) -> None:
    before = await house.position("bedroom")
    states = house.tap.all(lambda message: message.topic == "window/bedroom/state" and bool(message.content))
    command: JsonObject = {
        "position": 90,
        "source": "user",
        "command_id": "kept",
        "session": "of-another-time",
        "rev": states[-1].content["rev"],
    }
    await house.tap.publish("window/bedroom/control", command, retain=True)
    # Who subscribes from now on gets the broker's kept copy: Home Assistant after a reload, the window after a lost
    # connection.
    since = house.tap.mark
    await house.home.rest.post(f"/api/config/config_entries/entry/{house.stack.entry_id}/reload")
    await house.issue_when("retained_control.bedroom", there=True)
    await house.bench("bedroom", "disconnect", {"seconds": 0})
    result = await house.tap.heard(
        "the window's word",
        lambda message: (
            message.topic == "window/bedroom/control/result" and message.content.get("reason") == "retained"
        ),
        20,
        since,
    )
    assert result.content["result"] == "invalid"
    await house.cover_when("bedroom", "available", lambda now: now.is_available)
    assert await house.position("bedroom") == before
    await house.tap.publish("window/bedroom/control", b"", retain=True)
    await house.issue_when("retained_control.bedroom", there=False)
