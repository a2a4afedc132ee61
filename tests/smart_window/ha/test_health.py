"""How everything fares: entities that spare Home Assistant's recorder, rows, and repairs where the owner must act."""

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.helpers import entity_registry as er

from custom_components.smart_window.const import DOMAIN
from custom_components.smart_window.recorder.rows import HealthKind, HealthRow, Row

from .house import House, PlayedWindow
from .test_recording import STATUS, of, rows  # noqa: F401  # a fixture

pytestmark = pytest.mark.usefixtures("rows")


def health(taken: list[Row], kind: HealthKind, device_id: str | None = None) -> list[HealthRow]:
    return [row for row in of(HealthRow, taken) if row.kind is kind and device_id in {None, row.device_id}]


def figure(house: House, key: str) -> str | None:
    entity_id = er.async_get(house.hass).async_get_entity_id("sensor", DOMAIN, f"{house.entry.entry_id}.{key}")
    state = None if entity_id is None else house.hass.states.get(entity_id)
    return None if state is None else state.state


async def minutes(house: House, freezer: FrozenDateTimeFactory, count: int) -> None:
    for _ in range(count):
        await house.wait(freezer, 60)


async def test_a_window_that_falls_silent_is_told_by_entity_row_and_after_an_hour_by_a_repair(
    freezer: FrozenDateTimeFactory,
    quick_house: House,
    quick_window: PlayedWindow,
    rows: list[Row],  # noqa: F811  # the fixture
) -> None:
    await quick_house.wait(freezer, 60)
    assert quick_house.shown("sensor", "health") == "online"
    [well] = health(rows, HealthKind.WINDOW)
    assert (well.device_id, well.state, well.reasons) == ("bedroom", "online", ())
    await minutes(quick_house, freezer, 4)
    state = quick_house.state("sensor", "health")
    assert state is not None
    assert (state.state, state.attributes["reasons"]) == ("silent", ["no_message"])
    silent = health(rows, HealthKind.WINDOW)[-1]
    assert (silent.state, silent.metrics) == ("silent", {"messages": 2})
    assert "window_silent.bedroom" not in quick_house.issues()
    await minutes(quick_house, freezer, 62)
    assert "window_silent.bedroom" in quick_house.issues()
    # Unchanged health has a row now and then, not each minute.
    assert len(health(rows, HealthKind.WINDOW)) < 25
    await quick_window.report()
    await quick_house.wait(freezer, 60)
    assert quick_house.shown("sensor", "health") == "online"
    assert "window_silent.bedroom" not in quick_house.issues()


async def test_a_faulty_window_is_a_repair_at_once_and_goes_with_its_fault(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    await quick_window.report(fault="stall", rssi=-90)
    await quick_house.wait(freezer, 60)
    state = quick_house.state("sensor", "health")
    assert state is not None
    assert (state.state, state.attributes["reasons"], state.attributes["rssi"]) == (
        "faulty",
        ["fault", "weak_signal"],
        -90,
    )
    assert "window_faulty.bedroom" in quick_house.issues()
    await quick_window.report(fault=None)
    await quick_house.wait(freezer, 60)
    assert "window_faulty.bedroom" not in quick_house.issues()


async def test_broker_service_and_home_have_a_row_each_minute(
    freezer: FrozenDateTimeFactory,
    quick_house: House,
    quick_window: PlayedWindow,
    rows: list[Row],  # noqa: F811  # the fixture
) -> None:
    await quick_house.hear("ml/status/ml-1", STATUS)
    await quick_house.wait(freezer, 60)
    rows.clear()
    await quick_house.hear("ml/status/ml-1", STATUS | {"counters": {"answered": 5}})
    await quick_window.measure("temperature", 25)
    question = quick_house.sent("/request/bedroom")[-1].json["correlation_id"]
    freezer.tick(0.25)
    await quick_window.answer(question)
    await quick_house.hear("sensor/bedroom/humidity", "true")
    await quick_house.wait(freezer, 60)
    [broker], [service], [home] = (
        health(rows, kind) for kind in (HealthKind.BROKER, HealthKind.SERVICE, HealthKind.HOME)
    )
    assert (broker.device_id, broker.state) == ("broker", "online")
    assert broker.latency_ms is not None
    assert (service.device_id, service.state, service.metrics) == ("ml-1", "ready", {"answered": 2})
    assert service.latency_ms == pytest.approx(250, abs=20)
    assert (home.metrics["messages_temperature"], home.metrics["dropped_type"]) == (1, 1)
    assert (home.metrics["questions"], home.metrics["answers"], home.metrics["no_answers"]) == (1, 1, 0)
    assert (home.metrics["windows"], home.metrics["windows_online"]) == (1, 1)
    assert figure(quick_house, "service") == "ready"
    assert figure(quick_house, "database") == "off"
    assert figure(quick_house, "errors") == "1.0"
    assert float(figure(quick_house, "inference_latency") or 0) == pytest.approx(250, abs=20)
    assert figure(quick_house, "messages") is None  # off until somebody wants it


async def test_how_a_second_model_fares_is_in_the_row_of_its_service(
    freezer: FrozenDateTimeFactory,
    quick_house: House,
    rows: list[Row],  # noqa: F811  # the fixture
) -> None:
    figures = {"questions": 40, "differed": 9, "corrections": 3, "nearer": 2, "farther": 1}
    shadow = {"version": "v2", "shed": 0, **figures}
    await quick_house.hear("ml/status/ml-1", STATUS | {"shadow": shadow})
    await quick_house.wait(freezer, 60)
    rows.clear()
    await quick_house.hear("ml/status/ml-1", STATUS | {"shadow": shadow | {"questions": 50, "nearer": 3}})
    await quick_house.wait(freezer, 60)
    [service] = health(rows, HealthKind.SERVICE)
    assert service.metrics == {"shadow_questions": 10, "shadow_nearer": 1}


async def test_figures_that_hardly_change_are_not_written_again(
    freezer: FrozenDateTimeFactory, quick_house: House, quick_window: PlayedWindow
) -> None:
    entities = er.async_get(quick_house.hass)
    entity_id = entities.async_get_entity_id("sensor", DOMAIN, f"{quick_house.entry.entry_id}.inference_latency")
    assert entity_id is not None
    seen: list[str] = []
    for late_ms in (200, 205, 210, 400):
        await quick_window.measure("temperature", 20 + len(seen))
        question = quick_house.sent("/request/bedroom")[-1].json["correlation_id"]
        freezer.tick(late_ms / 1000)
        await quick_window.answer(question)
        await quick_house.wait(freezer, 60)
        state = quick_house.hass.states.get(entity_id)
        assert state is not None
        seen.append(state.state)
        await quick_window.report()
    assert len(set(seen)) == 2
