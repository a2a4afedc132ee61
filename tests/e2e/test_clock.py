"""Home Assistant's clock is set back by three hours, and later right again: no hold ends, and nothing moves by it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from stack.home_assistant.home import Home
from stack.home_assistant.rest import Rest
from stack.json_shape import number, text

from .at_work import ask
from .clock import Clock
from .house import House
from .test_hands_and_restarts import back, is_held, put
from .wire import Wire, each

THREE_HOURS_S = 3 * 3600


@pytest_asyncio.fixture(loop_scope="session")
async def clock(house: House, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Clock]:
    """Home Assistant's clock: it is started again with it. The next start is without."""
    clock = Clock(tmp_path_factory.mktemp("clock"))
    await clock.build()
    child = house.stack.home_assistant.child
    usual = child.program
    clock.give_to(child)
    await house.stack.restart_home_assistant()
    child.program = usual
    yield clock
    clock.set(0)


@asynccontextmanager
async def signed_in_anew(house: House) -> AsyncIterator[House]:
    """The house as its owner sees it after another sign-in: for Home Assistant, older tokens are of the future."""
    stack = house.stack
    account, url = stack.account, stack.home_assistant.settings.url
    form = {"grant_type": "refresh_token", "refresh_token": account.refresh_token, "client_id": account.client_id}
    tokens = await Rest(stack.session, url).post_form("/auth/token", form)
    async with Home(stack.session, url, text(tokens, "access_token", "the tokens")) as home:
        yield House(stack, house.tap, home)


def ahead(wire: Wire) -> list[float]:
    """How far Home Assistant's clock is ahead of ours, by each question, whole minutes."""
    return [round((number(question, "ts", "a question") - time.time()) / 60) for question in wire.questions]


async def test_a_clock_that_is_set_back_ends_no_hold_and_moves_nothing(house: House, clock: Clock) -> None:
    await back(house, "pantry")
    await ask(house, "pantry")
    await put(house, "pantry", 90, release=False)
    await house.set_mode("pantry", "automatic")
    await house.sensor_when("pantry", "reason", "held")

    since = house.tap.mark
    clock.set(-THREE_HOURS_S)
    async with signed_in_anew(house) as then:
        await ask(then, "pantry")
        await then.sensor_when("pantry", "reason", "held")
        assert await is_held(then, "pantry")
        assert await then.position("pantry") == 90
        wire = Wire.of(house.tap, "pantry", since)
        assert ahead(wire) == [-180]
        assert (wire.may_act, wire.acted) == ([False], [False])
        assert set(wire.targets) <= {90}
        assert all(guard["machines"] is False for guard in wire.guards)
        assert wire.results == ()
        assert house.commands(since) == []

        # It works on with the wrong clock: the owner lets go, and the next question moves the window, once.
        await then.release("pantry")
        since = house.tap.mark
        answer = await ask(then, "pantry")
        target = answer.content["position"]
        await then.stands("pantry", float(str(target)))
        wire = Wire.of(house.tap, "pantry", since)
        assert ahead(wire) == [-180]
        assert wire.asked == each(wire.commands, "command_id") == [answer.content["correlation_id"]]
        assert wire.commanded == [("ml", target)]
        assert wire.targets[-1] == target
        assert set(wire.targets) <= {90, target}
        assert each(wire.results, "result") == ["accepted"]
        assert len(house.commands(since)) == 1

        # Right again, a leap of three hours: whatever would end by it, a hand, a rule or a wait, moves nothing.
        await put(then, "pantry", 90, release=False)
    since = house.tap.mark
    clock.set(0)
    await ask(house, "pantry")
    assert await is_held(house, "pantry")
    wire = Wire.of(house.tap, "pantry", since)
    assert ahead(wire) == [0]
    assert (wire.may_act, wire.acted) == ([False], [False])
    assert set(wire.targets) <= {90}
    assert house.commands(since) == []
    await house.release("pantry")
    await house.set_mode("pantry", "advise")
