"""Bytes in, messages out: what does not fit the contract is dropped here, counted, and logged once."""

import logging
from collections import Counter
from collections.abc import Mapping
from typing import Final

from .contract import Address, ContractError, ErrorKind, Message, MessageKind, Topics, decode

_LOGGER = logging.getLogger(__name__)

MAX_LOGGED: Final = 1024
"""Pairs of window and kind that are remembered as logged: hostile ids must not fill the memory or the log."""

MAX_KNOWN: Final = 16_384
"""Topics that are remembered taken apart; a thousand windows have half as many."""

NO_WINDOW: Final = "?"
"""Stands for the id where the topic itself is the bad part."""

# Home Assistant subscribes to them one after the other: a window's name and whose guard it has come before its state.
SUBSCRIPTIONS: Final = (
    (MessageKind.STATUS, 1),
    (MessageKind.GUARD, 1),
    (MessageKind.ANNOUNCE, 1),  # by Introductions
    (MessageKind.AVAILABILITY, 1),
    (MessageKind.STATE, 1),
    (MessageKind.TEMPERATURE, 1),
    (MessageKind.HUMIDITY, 1),
    (MessageKind.AUDIO, 1),
    (MessageKind.CONTROL, 1),
    (MessageKind.CONTROL_RESULT, 1),
    (MessageKind.RESPONSE, 1),
    (MessageKind.FEEDBACK_RESULT, 1),
    (MessageKind.MODELS_RESULT, 1),
)


class Router:
    """Decodes, and keeps the books on what it dropped."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._known: dict[str, Address] = {}
        self._taken: Counter[MessageKind] = Counter()
        self._dropped: Counter[ErrorKind] = Counter()
        self._logged: set[tuple[str, ErrorKind]] = set()

    @property
    def taken(self) -> Mapping[MessageKind, int]:
        """How many messages of each kind fitted."""
        return self._taken

    @property
    def dropped(self) -> Mapping[ErrorKind, int]:
        """How many messages did not fit, by what was wrong."""
        return self._dropped

    def address(self, topic: str) -> Address | None:
        """Whose message this is, or None: not of the contract."""
        known = self._known.get(topic)
        if known is not None:
            return known
        try:
            address = self._topics.parse(topic)
        except ContractError as error:
            self.drop(NO_WINDOW, topic, error)
            return None
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[topic] = address
        return address

    def decode(self, topic: str, address: Address, payload: bytes) -> Message | None:
        """The message, or None: it does not fit."""
        try:
            message = decode(address.kind, payload)
        except ContractError as error:
            self.drop(address.device_id, topic, error)
            return None
        self._taken[address.kind] += 1
        return message

    def drop(self, device_id: str, topic: str, error: ContractError) -> None:
        """Count a bad message; log the first of each kind from each window."""
        self._dropped[error.kind] += 1
        key = (device_id, error.kind)
        if key in self._logged or len(self._logged) >= MAX_LOGGED:
            return
        self._logged.add(key)
        _LOGGER.warning("Ignored a message on %s: %s. Further ones of this kind are only counted", ascii(topic), error)
