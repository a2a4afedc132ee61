"""Words: each code has a sentence in each language, what is not known is left out, and the page shows a real run."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from custom_components.smart_window.contract import AnswerError, Result
from custom_components.smart_window.decision import Blocked, CouldNotClose, Why, decide
from custom_components.smart_window.fallback import Because
from custom_components.smart_window.inputs import ClimateRuns
from custom_components.smart_window.settings import HazardKind
from custom_components.smart_window.words import Templates, alarm, facts_of, facts_of_end, sentence

from .house import House, answer, result
from .scenes import FREE, hold, reigns
from .situations import TRANSLATIONS, document

DOCS = Path(__file__).parents[3] / "docs"
EN, DE = (json.loads((TRANSLATIONS / f"{language}.json").read_text())["common"] for language in ("en", "de"))


def names(template: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", template))


@pytest.mark.parametrize("templates", [EN, DE], ids=["en", "de"])
def test_each_code_has_words(templates: Templates) -> None:
    assert {f"why_{why}" for why in Why} <= templates.keys()
    assert {f"because_{one}" for one in Because} <= templates.keys()
    assert {f"hazard_{one}" for one in HazardKind} <= templates.keys()
    assert {f"blocked_{one}" for one in Blocked} <= templates.keys()
    assert {f"climate_{one}" for one in ClimateRuns} <= templates.keys()


def test_both_languages_tell_the_same_facts() -> None:
    assert EN.keys() == DE.keys()
    for key, template in EN.items():
        assert names(template) == names(DE[key]), key
        assert template.count("[") == template.count("]") == DE[key].count("["), key


def test_the_page_of_decisions_is_what_a_run_prints() -> None:
    assert (DOCS / "DECISIONS.md").read_text() == document()


def test_what_is_not_known_is_left_out() -> None:
    assert sentence(Why.MOVED_BY_MODEL, {"from": 60.0, "to": 10.0, "because": "noise"}, EN) == "Closed to 10 %: noise."
    told = sentence(
        Why.MOVED_BY_MODEL,
        {"from": 10.0, "to": 62.5, "because": "rumble", "level_dbfs": -21.0, "confidence": 86.0},
        DE,
    )
    assert told == "Auf 62 % geöffnet: rumble, Schall -21 dBFS, Sicherheit 86 %."
    assert sentence(Why.MOVED_BY_MODEL, {}, EN) == "Moved."
    assert sentence(Why.MOVED_BY_MODEL, {"from": 9.0, "to": 0.0, "confidence": 62.0}, EN) == (
        "Closed to 0 %, confidence 62 %."
    )
    assert sentence(Why.MOVED_BY_MODEL, {"to": 5.0, "because": "noise"}, EN) == "Stayed at 5 %: noise."


def test_numbers_are_told_as_people_say_them() -> None:
    wind = {"to": 0.0, "value": 9.25, "limit": 9.0}
    assert sentence(Why.WIND, wind, EN) == "Closes to 0 %: wind 9.2 m/s, the limit is 9."
    assert sentence(Why.WIND, wind, DE) == "Schließt auf 0 %: Wind 9,2 m/s, die Grenze ist 9."
    assert sentence(Why.PAUSE, {"since_last_s": 90.0}, EN) == "Rests: it moved 1.5 minutes ago."


def test_yes_and_no_have_words() -> None:
    assert sentence(Why.FAULT, {"fault": True}, EN).endswith("(yes).")
    assert sentence(Why.FAULT, {"fault": False}, DE).endswith("(nein).")


def test_a_code_without_a_template_is_told_as_it_is() -> None:
    assert sentence(Why.RAIN, {}, {}) == "Rain"
    assert alarm(CouldNotClose(Why.RAIN, Blocked.OFFLINE, None), {}) == "Offline"
    assert alarm(CouldNotClose(Why.RAIN, Blocked.OFFLINE, None), EN) == (
        "Could not close against rain: the window is offline."
    )


def test_the_facts_are_those_of_the_rule_that_gives_the_reason() -> None:
    held = decide(replace(FREE, hold=hold()))
    assert facts_of(held, Why.HELD, None)["left_s"] == 3000.0
    rain = decide(replace(FREE, hazards=(reigns(HazardKind.RAIN_SOON, value=600.0),)))
    assert facts_of(rain, Why.RAIN_SOON, None)["value_minutes"] == 10.0
    assert facts_of(decide(FREE), Why.NO_ANSWER, None) == {}


def test_the_facts_of_a_question_that_ended() -> None:
    house = House().settle()
    house.temperature(23.0)
    house.hear(answer(house.asked[-1], acted=True, position=70.0, confidence=0.86))
    house.hear(result(house.asked[-1], Result.ACCEPTED))
    ended = house.window.last_question
    assert ended is not None
    facts = facts_of(house.decision(), Why.MOVED_BY_MODEL, ended)
    assert facts == facts_of_end(ended)
    assert (facts["from"], facts["to"], facts["confidence"], facts["because"]) == (30.0, 70.0, 86.0, "noise")


def test_an_answer_with_an_error_has_neither_position_nor_confidence() -> None:
    house = House().settle()
    house.temperature(23.0)
    house.hear(answer(house.asked[-1], error=AnswerError.BUSY))
    ended = house.window.last_question
    assert ended is not None
    assert "confidence" not in facts_of_end(ended)
