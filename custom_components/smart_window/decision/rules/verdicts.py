"""The words that most rules say."""

from collections.abc import Mapping

from ..trace import Fact, Outcome, RuleVerdict
from ..why import Why


def passes(rule: str, facts: Mapping[str, Fact]) -> RuleVerdict:
    """The rule has nothing against a move."""
    return RuleVerdict(rule, Outcome.PASS, Why.READY, facts)
