"""The real firmware as a process, on a real broker: what a window does when all is well, and when it is not."""

import pytest

from tests.firmware.build import ROOT
from tests.firmware.house import GUARD, SOON_S, House, closed, number, until_online

pytestmark = pytest.mark.timeout(300)


async def test_a_window_announces_itself_and_is_moved(house: House) -> None:
    announced = await house.tap.heard("announce", lambda m: m.topic.endswith("/announce"), SOON_S)
    said = announced.content
    assert (said["contract"], said["device_id"], said["name"]) == (1, "attic", "Attic window")
    assert said["capabilities"] == ["position", "temperature", "humidity", "rain", "audio"]
    assert said["audio"] == {"rate": 16000, "format": "pcm_s16le", "framing": "SWA1"}
    first = await house.state("the first state", position=None, operation="idle", rev=1)
    assert first["target"] is None

    await house.bench("temperature", {"value": 21.5})
    reading = await house.tap.heard("a reading", lambda m: m.topic == "sensor/attic/temperature", SOON_S)
    assert (reading.content["value"], reading.content["unit"]) == (21.5, "°C")

    assert await house.command("ml", position=40) == "guard:no_guard"
    await closed(house)
    await house.guard()
    await house.state("the guard counts", rev=3)
    assert await house.command("ml", position=60) == "accepted"
    await house.state("the machine's place", position=60, operation="idle", source="ml")
    assert await house.command("ml", position=30, command_id="c3") == "duplicate"
    assert await house.command("ml", position=30, session="s-other") == "stale:session"

    mark = house.tap.mark
    await house.bench("press", {"button": "close"})
    pressed = await house.state("the hand", mark, source="user", operation="closing")
    assert pressed["hand_id"] is not None
    await house.state("the hand's place", mark, position=0, operation="idle", source="user")


async def test_a_first_guard_after_a_connection_may_be_a_kept_one(house: House) -> None:
    await house.tap.publish("window/attic/guard", GUARD, retain=True)
    await house.state("its content counts", rev=2)
    assert await house.command("ml", position=40) == "guard:link"
    await house.tap.publish("window/attic/guard", GUARD, retain=True)
    assert await house.command("ml", position=40) == "accepted"


async def test_rain_closes_and_an_obstacle_stays(house: House) -> None:
    await closed(house)
    await house.guard()
    await house.command("user", position=100)
    await house.state("open", position=100, operation="idle")
    mark = house.tap.mark
    await house.bench("rain", {"on": True})
    await house.state("rain closes", mark, source="safety", operation="closing", rain=True)
    # The motor waits before it turns; only a sash that moves can be blocked.
    await house.tap.heard("it moves", lambda m: 0 < (number(m.content.get("position")) or 0) < 95, SOON_S, mark)
    mark = house.tap.mark
    await house.bench("stall")
    blocked = await house.state("an obstacle", mark, obstacle=True, operation="idle", fault="rain")
    assert blocked["position"] != 0
    await house.bench("rain", {"on": False})
    await house.state("dry", mark, rain=False, fault=None)
    assert await house.command("ml", position=0) == "fault:obstacle"
    assert await house.command("user", action="clear") == "accepted"
    assert await house.command("ml", position=0) == "accepted"
    await house.state("closed at last", mark, position=0, operation="idle", obstacle=False)


@pytest.mark.parametrize("message", ["control", "guard"])
async def test_no_invalid_example_moves_it(house: House, message: str) -> None:
    await closed(house)
    before = await house.last()
    folder = ROOT / "contract" / "examples" / message / "invalid"
    sent = [path for path in sorted(folder.iterdir()) if not path.with_suffix(".topic").exists()]
    for path in sent:
        if message == "control":
            assert (await house.send(path.read_bytes())).startswith("invalid:"), path.name
        else:
            await house.tap.publish("window/attic/guard", path.read_bytes())
    assert len(sent) > 20
    assert await house.command("ml", position=50) == "guard:no_guard"
    after = await house.last()
    assert {key: after[key] for key in before if key != "ts"} == {key: before[key] for key in before if key != "ts"}
    assert house.window.is_running


async def test_a_window_that_was_killed_in_a_move_knows_that_it_is_lost(house: House) -> None:
    await closed(house)
    await house.bench("press", {"button": "open"})
    hand = (await house.state("opening", operation="opening"))["hand_id"]
    await house.window.kill()
    mark = house.tap.mark
    await house.tap.heard("its will", lambda m: m.payload == b"offline", SOON_S)
    await house.window.start()
    lost = await house.state("its state", mark, position=None, operation="idle", hand_id=hand)
    assert (lost["rev"], lost["source"]) == (1, None)
    await until_online(house, mark)
    mark = house.tap.mark
    assert await house.command("user", position=20) == "accepted"
    await house.state("it closes first", mark, operation="closing", position=None)
    await house.state("and finds its place", mark, position=20, operation="idle")


async def test_a_power_cut_at_rest_keeps_the_place_and_a_jam_is_given_up(house: House) -> None:
    await closed(house)
    await house.command("user", position=50)
    await house.state("half open", position=50, operation="idle")
    mark = house.tap.mark
    await house.bench("power_cut")
    await house.state("it is back", mark, position=50, operation="idle", rev=1, source=None)
    await until_online(house, mark)
    await house.bench("jam", {"on": True})
    await house.command("user", position=90)
    await house.state("it is driven", mark, operation="opening", target=90)
    given_up = await house.state("it is given up", house.tap.mark, operation="idle", target=90)
    assert given_up["position"] != 90


async def test_a_kept_stop_stops_nothing(house: House) -> None:
    await closed(house)  # which takes longer than the second in which a stop may be a kept one
    await house.tap.publish(
        "window/attic/control", {"action": "stop", "source": "user", "command_id": "kept"}, retain=True
    )
    await house.state("obeyed while it was new", command_id="kept")
    mark = house.tap.mark
    await house.bench("disconnect", {"seconds": 0})
    heard = await house.tap.heard("its result", lambda m: m.topic.endswith("/result"), SOON_S, mark)
    assert heard.content["result"] == "invalid"
    assert heard.content["reason"] == "retained"
