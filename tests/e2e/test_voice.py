"""Speaking to the set-up integration."""

import pytest

from .house import House


@pytest.mark.parametrize(
    ("sentence", "position"),
    [
        ("Set the bedroom window to 70 percent", 70),
        ("Open the bedroom window", 100),
        ("Close the bedroom window", 0),
    ],
)
async def test_a_sentence_moves_the_window(house: House, sentence: str, position: float) -> None:
    assert await house.position("bedroom") != position
    since = house.tap.mark
    await house.home.say(sentence)
    await house.stands("bedroom", position)
    (command,) = house.commands(since)
    assert command.topic == "window/bedroom/control"
    assert command.content["source"] == "user"


async def test_who_speaks_holds_the_window(house: House) -> None:
    await house.set_mode("bedroom", "automatic")
    await house.home.say("Set the bedroom window to 55 percent")
    await house.stands("bedroom", 55)
    await house.sensor_when("bedroom", "reason", "held")
    await house.set_mode("bedroom", "advise")
    await house.release("bedroom")
