"""The last lines of the log, for the page."""

import logging
from collections import deque
from typing import TypeAlias

Line: TypeAlias = tuple[str, str]  # level in small letters, text

_KEPT = 100


class LogTail(logging.Handler):
    """A handler that keeps what it is told, in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[Line] = deque(maxlen=_KEPT)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.lines.appendleft((record.levelname.lower(), self.format(record)))
