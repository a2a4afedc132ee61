"""The words that leave Home Assistant: on the wire, in traces, in the record. Others read them, so they stay."""

from enum import StrEnum

import pytest

from custom_components.smart_window import contract, decision, hands, happenings, health, question, settings, trigger
from custom_components.smart_window.contract import AnswerError, ErrorKind, MessageKind, Operation, Result, Source
from custom_components.smart_window.decision import Blocked, Why, trace

MODULES = (contract, contract.words, decision, trace, hands, happenings, health, question, settings, trigger)
WORDS = sorted(
    {
        found
        for module in MODULES
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, StrEnum) and found is not StrEnum
    },
    key=lambda found: found.__name__,
)


def test_the_closed_sets_are_found() -> None:
    assert {AnswerError, Blocked, ErrorKind, MessageKind, Operation, Result, Source, Why, trace.Outcome} <= set(WORDS)


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words.__name__)
def test_each_word_is_its_name_in_small_letters(words: type[StrEnum]) -> None:
    assert [str(word) for word in words] == [word.name.lower() for word in words]
