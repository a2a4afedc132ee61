"""Filling in a form in sections as the front end does."""

import pytest

from stack.home_assistant.flows import filled_in
from stack.home_assistant.rest import HomeAssistantError
from stack.json_shape import JsonObject

FORM: list[JsonObject] = [
    {
        "name": "questions",
        "schema": [
            {"name": "min_interval_s", "default": 20.0},
            {"name": "heartbeat_s", "default": 1800.0, "description": {"suggested_value": 600.0}},
        ],
    },
    {"name": "recording", "schema": [{"name": "url"}, {"name": "user", "default": "default"}]},
]


def test_what_is_not_changed_is_sent_back_as_it_is_shown() -> None:
    assert filled_in(FORM, {"recording": {"url": "http://127.0.0.1:1"}}) == {
        "questions": {"min_interval_s": 20.0, "heartbeat_s": 600.0},
        "recording": {"user": "default", "url": "http://127.0.0.1:1"},
    }


def test_a_change_wins_over_what_is_shown() -> None:
    changed = filled_in(FORM, {"questions": {"heartbeat_s": 60}})
    assert changed["questions"] == {"min_interval_s": 20.0, "heartbeat_s": 60}


def test_a_section_that_the_form_does_not_have_is_an_error_that_names_those_it_has() -> None:
    with pytest.raises(HomeAssistantError, match="no section hand; they have questions, recording"):
        filled_in(FORM, {"hand": {}})
