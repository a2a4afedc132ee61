"""The service's log: one JSON object a line, or plain text. What happened to a question carries its correlation_id."""

import json
import logging
from datetime import UTC, datetime

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FIELDS = ("device_id", "correlation_id", "code", "position", "confidence", "acted", "took_ms", "model_version")
"""What a line may carry beside its text (`extra` of a logging call)."""


class JsonFormatter(logging.Formatter):
    """`ts` (UTC), `level`, `logger`, `message`, the fields that apply, and `exception` where there was one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: vars(record)[name] for name in FIELDS if name in vars(record)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up(level: str, *, as_json: bool) -> None:
    """Let everything be written to standard error, from this level on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if as_json else logging.Formatter(TEXT))
    logging.basicConfig(level=level.upper(), handlers=[handler])
