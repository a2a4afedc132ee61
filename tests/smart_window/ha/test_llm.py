"""What an assistant with a language model may ask and do, in the words that Home Assistant gives it."""

from typing import Any

import pytest
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context
from homeassistant.helpers import llm
from homeassistant.setup import async_setup_component

from .house import House, PlayedWindow
from .test_actions import advise

ASSISTANT = "conversation"


@pytest.fixture(autouse=True)
async def assist(quick_house: House, quick_window: PlayedWindow) -> None:
    for component in ("homeassistant", "conversation", "llm"):
        assert await async_setup_component(quick_house.hass, component, {})
    await quick_house.settle()
    expose(quick_house, "bedroom")


def expose(house: House, device_id: str, *, exposed: bool = True) -> None:
    entity_id = house.entity("cover", "cover", device_id)
    assert entity_id is not None
    async_expose_entity(house.hass, ASSISTANT, entity_id, exposed)


async def api(house: House) -> llm.APIInstance:
    context = llm.LLMContext(platform="test", context=Context(), language="en", assistant=ASSISTANT, device_id=None)
    return await llm.async_get_api(house.hass, llm.LLM_API_ASSIST, context)


async def use(house: House, tool: str, **said: object) -> llm.ToolResult:
    return await (await api(house)).async_call_tool(llm.ToolInput(f"smart_window__{tool}", dict(said)))


async def ours(house: House) -> set[str]:
    return {tool.name for tool in (await api(house)).tools if tool.name.startswith("smart_window__")}


async def test_the_tools_are_there_where_a_window_is_exposed(quick_house: House) -> None:
    assert await ours(quick_house) == {f"smart_window__{one}" for one in ("why", "predict", "hold", "release")}
    assert "smart_window__why" in (await api(quick_house)).api_prompt
    expose(quick_house, "bedroom", exposed=False)
    assert await ours(quick_house) == set()


async def test_why_says_the_sentence_that_a_person_reads(quick_house: House, quick_window: PlayedWindow) -> None:
    await quick_window.press("h1", position=60, target=60)
    answer = await use(quick_house, "why", name="Bedroom window")
    assert not answer.error
    assert answer.data["sentence"] == "Stays as you set it for 60 more minutes."
    assert (answer.data["position"], answer.data["held"], answer.data["moved_by"]) == (60, True, "user")


@pytest.mark.parametrize("name", ["bedroom window", "Bedroom"])
async def test_a_window_answers_to_its_name_and_to_its_room(quick_house: House, name: str) -> None:
    assert (await use(quick_house, "why", name=name)).data["window"] == "Bedroom window"


async def test_what_would_you_do_asks_the_model_and_moves_nothing(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await advise(quick_house, quick_window)
    quick_house.forget_sent()
    task = quick_house.hass.async_create_background_task(use(quick_house, "predict", name="Bedroom window"), "predict")
    asked = (await quick_house.until_sent("/request/bedroom")).json["correlation_id"]
    await quick_window.answer(asked, position=20)
    assert (await task).data["position"] == 20
    assert quick_house.moves() == []


async def test_hold_it_for_an_hour_and_let_it_go(quick_house: House) -> None:
    answer = await use(quick_house, "hold", name="Bedroom window", minutes=60)
    assert answer.data["sentence"] == "Stays as you set it for 60 more minutes."
    assert quick_house.shown("binary_sensor", "held") == "on"
    assert not (await use(quick_house, "release", name="Bedroom window")).error
    assert quick_house.shown("binary_sensor", "held") == "off"
    assert quick_house.moves() == []


@pytest.mark.parametrize(
    ("tool", "said", "told"),
    [
        ("why", {"name": "Cellar"}, "Cellar is no window"),
        ("hold", {"name": "Bedroom window", "minutes": 0}, "do not fit"),
        ("hold", {"name": "Bedroom window", "minutes": "long"}, "do not fit"),
        ("hold", {"minutes": 5}, "do not fit"),
        ("predict", {"name": "Bedroom window"}, "measured nothing"),
    ],
)
async def test_what_cannot_be_done_is_told_in_words(
    quick_house: House, tool: str, said: dict[str, Any], told: str
) -> None:
    answer = await use(quick_house, tool, **said)
    assert answer.error
    assert told in str(answer.data["error"])
    assert quick_house.shown("binary_sensor", "held") == "off"


async def test_an_offline_window_is_told_and_a_removed_one_is_none(
    quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_house.hear("window/bedroom/availability", "offline")
    assert "is offline" in str((await use(quick_house, "predict", name="Bedroom window")).data["error"])


async def test_a_window_that_is_not_exposed_is_none(quick_house: House) -> None:
    kitchen = PlayedWindow(quick_house, "kitchen", announce={"contract": 1, "name": "Kitchen window"})
    await kitchen.appear()
    expose(quick_house, "kitchen", exposed=False)
    assert (await use(quick_house, "why", name="Kitchen window")).error


async def test_two_windows_of_one_room_must_be_told_apart(quick_house: House) -> None:
    announce = {"contract": 1, "name": "Left window", "suggested_area": "Bedroom"}
    await PlayedWindow(quick_house, "left", announce=announce).appear()
    expose(quick_house, "left")
    answer = await use(quick_house, "why", name="Bedroom")
    assert "More than one window" in str(answer.data["error"])
    assert (await use(quick_house, "why", name="Left window")).data["window"] == "Left window"


async def test_without_an_entry_there_are_no_tools(quick_house: House) -> None:
    assert await quick_house.hass.config_entries.async_unload(quick_house.entry.entry_id)
    assert await ours(quick_house) == set()
