"""The subscription to what windows say of themselves. It is taken again when something speaks that never did.

A broker drops what waits for a slow reader (mosquitto: more than 1,000 messages), announcements too. What is retained
it gives once more to who subscribes once more. A plain device never announces itself: it is asked for once.
"""

from collections.abc import Callable

from homeassistant.components import mqtt
from homeassistant.core import CALLBACK_TYPE, HomeAssistant

from .roster import Roster

type Receive = Callable[[mqtt.ReceiveMessage], None]


class Introductions:
    """One per hub. Not thread-safe: the event loop's alone."""

    def __init__(self, hass: HomeAssistant, roster: Roster, pattern: str, receive: Receive) -> None:
        self._hass = hass
        self._roster = roster
        self._pattern = pattern
        self._receive = receive
        self._asked_for: tuple[frozenset[str], int] = (frozenset(), 0)
        self._end: CALLBACK_TYPE | None = None

    async def start(self) -> None:
        """Begin to listen. HomeAssistantError when MQTT is gone."""
        self._end = await self._subscribe()

    async def ask_again(self) -> None:
        """Subscribe once more if somebody new speaks without an announcement, or was turned away for want of one."""
        strangers = self._roster.strangers, self._roster.turned_away
        if self._end is None or (strangers[0] <= self._asked_for[0] and strangers[1] == self._asked_for[1]):
            return
        self._asked_for = strangers
        # The new one first: with none at all, what is announced meanwhile would be lost.
        again = await self._subscribe()
        self.stop()
        self._end = again

    def stop(self) -> None:
        """Listen no more."""
        if self._end is not None:
            self._end()
            self._end = None

    async def _subscribe(self) -> CALLBACK_TYPE:
        return await mqtt.async_subscribe(self._hass, self._pattern, self._receive, 1, encoding=None)
