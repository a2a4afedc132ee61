"""Every order of events within a scene's bounds keeps every invariant."""

import pytest

from .scenes import SCENES
from .searched import searched
from .story import told


@pytest.mark.parametrize("scene", SCENES)
def test_nothing_is_violated_whatever_the_order(scene: str) -> None:
    found = searched(scene)
    start = SCENES[scene].start(small=True)
    assert not found.violations, "\n".join(
        line for text, trace in found.violations.items() for line in (text, *told(start, trace))
    )
    assert found.whole
    assert found.states > len(start.events)
