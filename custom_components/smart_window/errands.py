"""What concerns many windows at once is done for one after the other, some in each turn of the event loop. Pure.

Rain comes, the service goes, the connection is back: each is nothing for one window and a third of a second for a
thousand. What is due for a window is done before anything else happens to it, so that nothing overtakes it.
"""

from collections.abc import Callable
from enum import Enum, auto

from .inbox import Inbox, Loop


class Errand(Enum):
    """What is due for a window."""

    TURN = auto()
    """Decide anew."""
    CHANGED = auto()
    """An entity that counts for it says something else."""
    SURROUND = auto()
    """Look at all its entities, whether they say something else or not."""
    STARTED = auto()
    """All entities are there: look at them, and tell of those that were deleted."""


class Errands:
    """`run` does one. `clock` gives seconds, as fine as the machine has them."""

    def __init__(self, loop: Loop, clock: Callable[[], float], run: Callable[[str, Errand], None]) -> None:
        self._run = run
        self._due: dict[str, list[Errand]] = {}
        self._turns = Inbox(loop, clock, self.settle)

    def put(self, device_id: str, errand: Errand) -> None:
        """Do it now, or in its turn; once, however often it is asked for until then."""
        due = self._due.setdefault(device_id, [])
        if errand not in due:
            due.append(errand)
            self._turns.put(device_id)

    def settle(self, device_id: str) -> None:
        """Do what is due for a window."""
        for errand in self._due.pop(device_id, ()):
            self._run(device_id, errand)

    def clear(self) -> None:
        """Nobody is there any more for whom anything is due."""
        self._turns.clear()
        self._due.clear()
