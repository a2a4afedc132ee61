"""What the broker still keeps and nobody should obey: commands, and what removed windows once said."""

from .command import Outbox
from .issues import Issue, Issues
from .roster import Roster


class Leftovers:
    """One per hub."""

    def __init__(self, roster: Roster, issues: Issues, outbox: Outbox) -> None:
        self._roster = roster
        self._issues = issues
        self._outbox = outbox
        self._cleared: set[str] = set()

    def is_command(self, device_id: str, payload: bytes, *, retained: bool) -> bool:
        """Whether this is a command that somebody left there: told to the owner, never obeyed."""
        station = self._roster.get(device_id)
        kept = retained and bool(payload)
        if kept and station is not None:
            self._issues.put(Issue.RETAINED_CONTROL, device_id, {"name": station.name}, holds=True)
        elif not payload:
            self._issues.put(Issue.RETAINED_CONTROL, device_id, holds=False)
        return kept

    def of_removed(self, device_id: str, payload: bytes, *, retained: bool) -> None:
        """A removed window stays removed: what is kept of it is cleared, once per start."""
        if retained and payload and device_id not in self._cleared:
            self._cleared.add(device_id)
            self._outbox.forget(device_id)
