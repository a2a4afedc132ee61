"""Where the sash is, where it goes, and what the fence, the hand and the hazards say."""

from dataclasses import dataclass

from .fields import Fields, boolean, code, nullable, number, percent, rev, timestamp, token, word
from .payload import parse_json
from .words import Lock, Operation, Source


@dataclass(frozen=True, slots=True)
class State:
    """A window's state. Positions in percent: 0 closed, 100 open, None unknown."""

    session: str
    rev: int
    hand_id: str | None
    position: float | None
    target: float | None
    operation: Operation
    rain: bool
    obstacle: bool
    fault: str | None
    source: Source | None = None
    lock: Lock | None = None
    command_id: str | None = None
    ts: float | None = None
    rssi: float | None = None
    """Of its wireless link, dBm; None: it has none, or does not tell."""


def decode_state(payload: bytes) -> State:
    """The state in the payload. ContractError when it does not fit."""
    fields = Fields.of(parse_json(payload), "state")
    return State(
        session=fields.need("session", token),
        rev=fields.need("rev", rev),
        hand_id=fields.need("hand_id", nullable(token)),
        position=fields.need("position", nullable(percent)),
        target=fields.need("target", nullable(percent)),
        operation=fields.need("operation", word(Operation)),
        rain=fields.need("rain", boolean),
        obstacle=fields.need("obstacle", boolean),
        fault=fields.need("fault", nullable(code)),
        source=fields.may("source", nullable(word(Source))),
        lock=fields.may("lock", word(Lock)),
        command_id=fields.may("command_id", nullable(token)),
        ts=fields.may("ts", timestamp),
        rssi=fields.may("rssi", nullable(number(-150, 20))),
    )
