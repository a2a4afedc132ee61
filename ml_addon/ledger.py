"""Counts what happened, and says of each kind of trouble only once per window that it happened."""

import logging
from collections import Counter

from .strict_json import Kind

_LOG = logging.getLogger(__name__)
_MAX_TOLD = 1000


class Ledger:
    """`counts` goes into the status; its names are few and fixed."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._told: set[tuple[str, Kind]] = set()

    def bad(self, device_id: str, kind: Kind, message: str) -> None:
        """Note a message that did not fit the contract."""
        self.counts[f"bad_{kind}"] += 1
        if (device_id, kind) in self._told or len(self._told) >= _MAX_TOLD:
            return
        self._told.add((device_id, kind))
        _LOG.warning("Window %s: dropped a request (%s): %s. The next ones are only counted", device_id, kind, message)
        if len(self._told) == _MAX_TOLD:
            _LOG.warning("Bad requests of %d windows and kinds were told; further ones are only counted", _MAX_TOLD)
