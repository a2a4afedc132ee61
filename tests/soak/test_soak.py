"""A day of twenty windows in twenty minutes, on the real stack: nothing is left behind, and memory stays where it is.

Nightly. In each usual run tests/smart_window/ha/test_short_soak.py does the same in one process, for some seconds.
SOAK_MESSAGES asks for another number of messages.
"""

import os
import sys

import pytest

from .house import DAY_OF_MESSAGES, ROOT, Soak
from .picture import draw
from .verdict import leaks, most_grown

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
MESSAGES = int(os.environ.get("SOAK_MESSAGES", str(DAY_OF_MESSAGES)))
WARM, HALF = 0.2, 0.6
"""The warm-up's share, and the middle of what follows."""
WITHIN_S = 20 * 60
MOST_RESIDENT_GROWTH = 0.1
"""Of the service over the second half; what the allocator keeps is not ours to say."""


@pytest.mark.timeout(1800)
@pytest.mark.skipif(not NIGHTLY, reason="takes twenty minutes: ./scripts/test nightly soak")
async def test_a_day_of_twenty_windows_leaves_nothing_behind(soak: Soak) -> None:
    counts, marks, held = [], [], []
    for share in (WARM, HALF, 1.0):
        left = WITHIN_S - soak.passed
        await soak.until_heard(round(MESSAGES * share), left)
        counts.append(await soak.at_rest())
        held.append(await soak.by_line())
        marks.append(soak.passed)
    warm, half, end = counts
    picture = ROOT / "build" / "soak" / "memory.png"
    draw(soak.moments, marks, picture)
    for name, count in zip(("warm", "half", "end"), counts, strict=True):
        sys.stderr.write(f"{name}: {count}\n")
    for name, grown in most_grown(held[1], held[2]):
        sys.stderr.write(f"over the second half: {grown:+9,d} bytes  {name}\n")
    sys.stderr.write(f"{soak.tap.mark} messages in {soak.passed:.0f} s; {picture.relative_to(ROOT)}\n")
    assert not list(leaks(warm, half, end))
    after_half = [moment.resident["inference service"] for moment in soak.moments if moment.messages > MESSAGES * HALF]
    assert after_half[-1] < after_half[0] * (1 + MOST_RESIDENT_GROWTH)
