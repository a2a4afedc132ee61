"""The fence: which commands were made for the window as it stands now."""

from collections import deque

_RING = 16


class Fence:
    """Session, revision, the revision of the last press, rain edge, obstacle or fault, and the known commands."""

    def __init__(self) -> None:
        self.session: str | None = None
        self.rev = 1
        self.floor = 0
        self._ring: deque[str] = deque(maxlen=_RING)

    def grow(self) -> None:
        """Something changed that a machine's command must know of."""
        self.rev += 1

    def grow_for_all(self) -> None:
        """Something changed that a person's command must know of, too."""
        self.rev += 1
        self.floor = self.rev

    def knows(self, command_id: str) -> bool:
        """Say whether the command is among the last 16 accepted ones."""
        return command_id in self._ring

    def accept(self, command_id: str) -> None:
        """Remember an accepted command."""
        self._ring.append(command_id)
        self.grow()
