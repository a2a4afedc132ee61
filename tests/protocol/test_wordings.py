"""Each wording of the contract is needed: without it, an invariant breaks in a small scene."""

import pytest

from .breaks import BREAKS, CASES, broken
from .rules import WORDINGS


def test_every_wording_is_dropped_once() -> None:
    assert set(BREAKS) == set(WORDINGS)


@pytest.mark.parametrize(("wording", "scene", "invariant"), CASES)
def test_without_it_an_invariant_breaks(wording: str, scene: str, invariant: str) -> None:
    found = broken(wording, scene, invariant)
    assert invariant in found.names, f"without {wording!r} {scene} breaks {sorted(found.names) or 'nothing'}"
