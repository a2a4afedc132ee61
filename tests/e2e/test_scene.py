"""The scene of ./scripts/demo --check: from a reading to a moved window, and who must not move."""

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from grafana.macros import Choice, View, expand
from grafana.query import Query
from stack import chain
from stack.profiles import SCENE
from stack.scene import Act, Scene
from stack.waiting import until

from .house import House

LOUD, QUIET, COMPARISON, ADVISE, HAND = range(5)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def acts(house: House) -> AsyncIterator[list[Act]]:
    """The scene, played once."""
    yield await Scene(house.tap, house.home, house.stack.clickhouse.reader, print).play()
    for profile in SCENE:
        await house.set_mode(profile.id, "off")


@pytest.mark.parametrize("street", [LOUD, QUIET])
async def test_a_reading_moves_a_window_and_every_link_shows(acts: list[Act], street: int) -> None:
    assert chain.missing(acts[street].links) == []


async def test_a_loud_and_a_quiet_window_that_differ_in_nothing_else_end_apart(acts: list[Act]) -> None:
    assert chain.missing(acts[COMPARISON].links) == []


async def test_a_window_in_advise_is_asked_and_never_moves(acts: list[Act]) -> None:
    assert chain.missing(acts[ADVISE].links) == []


async def test_a_window_pressed_during_its_question_keeps_the_hands_position(acts: list[Act]) -> None:
    assert chain.missing(acts[HAND].links) == []


@pytest.mark.usefixtures("acts")
async def test_the_record_holds_the_whole_chain_of_one_decision_under_its_correlation_id(house: House) -> None:
    """By the query of its panel: what it rested on, the question, the answer, the command and what came of it."""
    reader, device = house.stack.clickhouse.reader, SCENE[LOUD].id
    newest = "SELECT argMax(correlation_id, ts) AS id FROM ml_predictions WHERE acted AND device_id = {device:String}"
    (found,) = await reader.rows(newest, {"device": device})
    question = str(found["id"])
    assert question

    end = round(time.time() * 1000) + 60_000
    variables = {"device": Choice((device,)), "question": Choice((question,))}
    shown = View(end - 86_400_000, end, variables=variables)

    async def whole() -> list[str]:
        rows = await reader.rows(expand(Query("device/chain").sql, shown))
        steps = [str(row["step"]) for row in rows]
        return steps if "moved" in steps else []

    steps = await until("the move's row", whole, 20)
    before = steps[: steps.index("asked")]
    assert sorted(before) in (["clip", "decided", "reading", "reading"], ["clip", "reading", "reading"])
    # The service commands before it answers; a state on the way is a move, too.
    order = [steps.index(step) for step in ("asked", "command", "result", "moved")]
    assert order == sorted(order)
    assert {"decided", "answered"} <= set(steps)
    # The readings and the clip that it rested on are rows, too.
    asked = (
        "(SELECT max({at}) FROM ml_predictions WHERE correlation_id = {{id:String}} AND device_id = {{device:String}})"
    )
    for kind in ("temperature", "humidity", "audio"):
        rested_on = asked.format(at=f"{kind}_ts")
        there = f"SELECT count() AS n FROM sensor_{kind} WHERE device_id = {{device:String}} AND ts = {rested_on}"  # noqa: S608  # ours
        assert (await reader.rows(there, {"device": device, "id": question}))[0]["n"]
    # The same id on the wire: what was asked, answered and commanded is what the rows tell of.
    topics = [message.topic for message in house.tap.messages if question in message.payload.decode(errors="replace")]
    for topic in (f"ml/inference/request/{device}", f"ml/inference/response/{device}", f"window/{device}/control"):
        assert topic in topics
    assert f"window/{device}/control/result" in topics
