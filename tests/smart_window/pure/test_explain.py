"""Why a window stood as it did: the sentence of a code, also of one that only another version knows."""

from custom_components.smart_window.contract import Grant, Request, Sound
from custom_components.smart_window.explain import said, steps
from custom_components.smart_window.record import request_text

TEMPLATES = {"why_wind": "wind {value} km/h"}


def test_a_code_that_this_version_does_not_know_is_told_as_it_is() -> None:
    assert said("meteor", {"value": 3.0}, TEMPLATES) == "meteor"


def test_a_step_that_only_another_version_knows_stays_in_the_trace_with_its_numbers() -> None:
    [told] = steps([{"rule": "sky", "outcome": "decides", "why": "meteor", "facts": '{"value": 3.0}'}], TEMPLATES)
    assert told == {"rule": "sky", "outcome": "decides", "why": "meteor", "facts": {"value": 3.0}, "sentence": "meteor"}


def test_a_question_whose_sound_nobody_turned_into_features_is_kept_without_sound() -> None:
    grant = Grant(act=True, min=0.0, max=100.0, min_confidence=0.6, ttl_s=10.0)
    request = Request("q", grant, temperature=21.5, audio=Sound(16_000, 1, b"\0\0" * 16_000))
    kept = request_text(request, {}, None)
    assert "audio" not in kept
    assert '"temperature":21.5' in kept
    assert "audio" not in request_text(request, {"rms": 0.1}, None)
    assert '"values":[0.1]' in request_text(request, {"rms": 0.1}, "f1")
