"""Who is behind a call."""

from homeassistant.components.automation import EVENT_AUTOMATION_TRIGGERED as FIRED_BY_CORE

from custom_components.smart_window.const import EVENT_AUTOMATION_TRIGGERED
from custom_components.smart_window.contract import Source
from custom_components.smart_window.origin import Origins


def test_the_context_of_a_run_and_its_children_are_a_machines() -> None:
    origins = Origins()
    origins.ran("run")
    assert origins.source("run", None) is Source.AUTOMATION
    assert origins.source("child", "run") is Source.AUTOMATION


def test_everybody_else_is_a_person() -> None:
    origins = Origins()
    origins.ran("run")
    assert origins.source("click", None) is Source.USER
    assert origins.source("click", "parent") is Source.USER


def test_the_oldest_runs_are_forgotten_and_a_run_that_comes_again_is_young() -> None:
    origins = Origins(limit=2)
    for run in ("a", "b", "a", "c"):
        origins.ran(run)
    assert [origins.source(run, None) for run in "abc"] == [Source.AUTOMATION, Source.USER, Source.AUTOMATION]


def test_automations_are_heard_by_the_word_that_core_has_for_them() -> None:
    assert EVENT_AUTOMATION_TRIGGERED == FIRED_BY_CORE
