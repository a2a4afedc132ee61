"""The scene of ./scripts/demo --check: from a reading to a moved window, and who must not move."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from stack import chain
from stack.profiles import SCENE
from stack.scene import Act, Scene

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
