"""Messages are dealt with at once, until a turn of the event loop has cost enough; the rest wait their turn, in order.

Home Assistant reads up to some hundred packets in one callback. When many windows speak at once, dealing with all of
them there would keep the house waiting. But on a machine that cannot keep up, more comes in each turn than a turn deals
with: from a bound on each new one has an old one dealt with at once, so that reading slows down, and what is too much
waits at the broker, which has a limit of its own.
"""

from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

ENOUGH_S: Final = 0.005
"""What the messages of one turn may take; the last one begun is finished."""

MOST: Final = 20_000
"""So many may wait, some 25 MB: twenty each of a thousand windows that all appear at once."""


class Loop(Protocol):
    """The event loop, as far as it is needed."""

    def call_soon(self, callback: Callable[[], None]) -> object:
        """Call it in the loop's next turn."""


class Inbox[T]:
    """`handle` deals with one message. `clock` gives seconds, as fine as the machine has them."""

    def __init__(self, loop: Loop, clock: Callable[[], float], handle: Callable[[T], None]) -> None:
        self._loop = loop
        self._clock = clock
        self._handle = handle
        self._waiting: deque[T] = deque()
        self._spent_s = 0.0
        self._planned = False

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def put(self, message: T) -> None:
        """Deal with it now, or in its turn."""
        if self._waiting or self._spent_s >= ENOUGH_S:
            self._waiting.append(message)
            if len(self._waiting) > MOST:
                self._deal_with(self._waiting.popleft())
        else:
            self._deal_with(message)
        if not self._planned:  # also to begin the next turn with nothing spent
            self._planned = True
            self._loop.call_soon(self._turn)

    def flush(self) -> None:
        """Deal with all that wait, for what comes next must not overtake them."""
        while self._waiting:
            self._deal_with(self._waiting.popleft())

    def clear(self) -> None:
        """Nobody is there any more who would read them."""
        self._waiting.clear()

    def _turn(self) -> None:
        self._spent_s, self._planned = 0.0, False
        try:
            while self._waiting and self._spent_s < ENOUGH_S:
                self._deal_with(self._waiting.popleft())
        finally:  # a message that nobody could deal with holds up none of the others
            self._plan()

    def _plan(self) -> None:
        if self._waiting and not self._planned:
            self._planned = True
            self._loop.call_soon(self._turn)

    def _deal_with(self, message: T) -> None:
        began = self._clock()
        self._handle(message)
        self._spent_s += self._clock() - began
