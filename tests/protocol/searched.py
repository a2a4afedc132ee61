"""The small searches, each made once for all tests."""

from functools import cache

from .scenes import SCENES
from .search import Found, search


@cache
def searched(scene: str) -> Found:
    return search(SCENES[scene].start(small=True))
