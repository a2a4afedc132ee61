"""Devices that nobody has heard of."""

import asyncio
import json

from .house import House

STRANGER = "porch-7"


async def test_a_reading_for_an_unknown_id_makes_a_device_within_5_s_and_a_hostile_id_makes_none(house: House) -> None:
    before = set(await house.home.windows())
    for hostile in ("../x", "", "x" * 65, "Porch", "-porch", "a b"):
        await publish(house, f"sensor/{hostile}/temperature", json.dumps({"value": 21.5, "unit": "°C"}))
    await publish(house, f"sensor/{STRANGER}/temperature", json.dumps({"value": 21.5, "unit": "°C"}))
    window = await house.home.window(STRANGER, within_s=5)
    await house.sensor_when(STRANGER, "temperature", "21.5", within_s=5)
    assert not window.has("cover")
    # The broker delivers in order: whatever the hostile ones could make would be there by now.
    assert set(await house.home.windows()) == before | {STRANGER}


async def publish(house: House, topic: str, payload: str) -> None:
    """Publish as a person does, with the broker's own tool."""
    broker = house.stack.broker
    sender = await asyncio.create_subprocess_exec(
        "mosquitto_pub", "-h", broker.host, "-p", str(broker.port), "-q", "1", "-t", topic, "-m", payload
    )
    assert await sender.wait() == 0
