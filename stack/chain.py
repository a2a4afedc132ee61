"""From what was seen of a window to the chain that it proves, link by link, and the links that are missing. Pure.

reading → request → prediction → control → position in Home Assistant → row in ClickHouse
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .json_shape import JsonObject, optional_number, optional_text
from .tap import Heard

SAME_POSITION = 1.0  # contract: positions are compared within 1
DIFFERENT_POSITION = 10.0  # so far apart, nobody would call it the same opening
SENSOR_TABLES = ("sensor_temperature", "sensor_humidity", "sensor_audio")


class Step(StrEnum):
    """The links, in their order."""

    READING = "reading"
    REQUEST = "request"
    PREDICTION = "prediction"
    CONTROL = "control"
    HAND = "hand"
    POSITION = "position in Home Assistant"
    ROW = "row in ClickHouse"
    COMPARISON = "comparison"


@dataclass(frozen=True, slots=True)
class Link:
    """One link. `evidence` says what shows it; without it, `missing` says what should be there."""

    step: Step
    evidence: str | None
    missing: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in ClickHouse: of the question's correlation id, and by table of the window since the scene began."""

    predictions: int
    commands: int
    hands: int
    sensors: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one window, before and after its question.

    `messages` are those of this window alone, in order; its question is looked for from number `since` on. Positions
    are Home Assistant's, in percent: before the question, when all was over, and the one that the model suggests
    according to the sensor of the last prediction.
    """

    device_id: str
    messages: Sequence[Heard]
    since: int
    start: float | None
    end: float | None
    suggestion: float | None
    rows: Rows


def question(messages: Iterable[Heard], since: int, *, acts: bool) -> Heard | None:
    """Return the first request from a number on that carries sound and whose grant lets the model act (or not)."""
    return next(
        (
            message
            for message in messages
            if message.number >= since
            and message.topic.startswith("ml/inference/request/")
            and message.content.get("audio") is not None
            and _grants(message.content) is acts
        ),
        None,
    )


def correlation_id(request: Heard) -> str:
    """Return what ties a request, its answer and its command together."""
    return optional_text(request.content, "correlation_id") or ""


def response_to(messages: Iterable[Heard], request: Heard) -> Heard | None:
    """Return the answer to a request."""
    return _first(messages, "ml/inference/response/", "correlation_id", correlation_id(request))


def command_of(messages: Iterable[Heard], request: Heard) -> Heard | None:
    """Return the command that the model sent for a request."""
    commands = [message for message in messages if message.topic.endswith("/control")]
    return _first(commands, "window/", "command_id", correlation_id(request))


def result_of(messages: Iterable[Heard], request: Heard) -> Heard | None:
    """Return the window's word on that command."""
    results = [message for message in messages if message.topic.endswith("/control/result")]
    return _first(results, "window/", "command_id", correlation_id(request))


def hand_after(messages: Iterable[Heard], request: Heard) -> Heard | None:
    """Return the first state after a request that shows another hand than the one before."""
    states = [message for message in messages if message.topic.endswith("/state")]
    before = [state for state in states if state.number < request.number]
    known = before[-1].content.get("hand_id") if before else None
    after = (state for state in states if state.number > request.number)
    return next((state for state in after if state.content.get("hand_id") not in (None, known)), None)


def moved(seen: Seen) -> tuple[Link, ...]:
    """Return the chain of a window that the model moves."""
    request = question(seen.messages, seen.since, acts=True)
    response = request and response_to(seen.messages, request)
    command = request and command_of(seen.messages, request)
    result = request and result_of(seen.messages, request)
    target = optional_number(command.content, "position") if command else None
    accepted = result is not None and optional_text(result.content, "result") == "accepted"
    return (
        _reading(seen, request),
        _request(request, "a request with sound whose grant lets the model act"),
        _prediction(response, "an answer that acted", lambda content: content.get("acted") is True),
        Link(
            Step.CONTROL,
            f"{command.topic} command_id={correlation_id(request)} position={target:g}, the window: accepted"
            if request and command and accepted and target is not None
            else None,
            "a command of the model with the question's id, accepted by the window"
            + (f" (the window said {result.content.get('result')})" if result else ""),
        ),
        Link(
            Step.POSITION,
            f"cover from {seen.start:g} to {seen.end:g}"
            if seen.start is not None and seen.end is not None and target is not None and _same(seen.end, target)
            else None,
            f"the cover at {target}, it is at {seen.end}",
        ),
        _rows(seen.rows, commands=True),
    )


def advised(seen: Seen) -> tuple[Link, ...]:
    """Return the chain of a window in advise: it is asked, its suggestion shows, and nothing moves."""
    request = question(seen.messages, seen.since, acts=False)
    response = request and response_to(seen.messages, request)
    wanted = optional_number(response.content, "position") if response else None
    commands = [message for message in seen.messages if message.topic.endswith("/control")]
    suggested = wanted is not None and seen.suggestion is not None and _same(wanted, seen.suggestion)
    stayed = seen.start is not None and seen.end is not None and _same(seen.start, seen.end)
    return (
        _reading(seen, request),
        _request(request, "a request with sound whose grant does not let the model act"),
        _prediction(response, "an answer that did not act", lambda content: content.get("acted") is False),
        Link(
            Step.CONTROL,
            None if commands else "none was sent, as it must be",
            f"no command at all; {len(commands)} came",
        ),
        Link(
            Step.POSITION,
            f"cover stays at {seen.end:g}, the suggestion is {seen.suggestion:g}" if stayed and suggested else None,
            f"the cover at {seen.start} (it is at {seen.end}) and the suggestion {wanted} (it is {seen.suggestion})",
        ),
        _rows(seen.rows, commands=False),
    )


def kept_by_hand(seen: Seen) -> tuple[Link, ...]:
    """Return the chain of a window that was pressed during its question: it keeps the hand's position."""
    request = question(seen.messages, seen.since, acts=True)
    hand = request and hand_after(seen.messages, request)
    response = request and response_to(seen.messages, request)
    command = request and command_of(seen.messages, request)
    result = request and result_of(seen.messages, request)
    word = optional_text(result.content, "result") if result else None
    wanted = optional_number(hand.content, "target") if hand else None
    refusal = None
    if command is None:
        refusal = "the service sent none"
    elif word in {"stale", "guard"}:
        refusal = f"the window refused it: {word}"
    kept = wanted is not None and seen.end is not None and _same(seen.end, wanted)
    return (
        _reading(seen, request),
        _request(request, "a request with sound whose grant lets the model act"),
        Link(
            Step.HAND,
            f"{hand.topic} hand_id={hand.content.get('hand_id')} target={wanted:g}, after the request"
            if hand and wanted is not None
            else None,
            "a state with a new hand after the request",
        ),
        _prediction(response, "an answer", lambda _: True),
        Link(Step.CONTROL, refusal, f"no command, or one that the window refuses as stale; it said {word}"),
        Link(
            Step.POSITION,
            f"cover from {seen.start:g} to {seen.end:g}, where the hand sent it"
            if kept and seen.start is not None
            else None,
            f"the cover at the hand's {wanted}, it is at {seen.end}",
        ),
        _rows(seen.rows, commands=False, hands=True),
    )


def compared(loud: Seen, quiet: Seen) -> tuple[Link, ...]:
    """Return what shows that sound alone made the difference between two windows that the model moved."""
    asked = question(loud.messages, loud.since, acts=True), question(quiet.messages, quiet.since, acts=True)
    first, second = (_inputs(request.content) if request else None for request in asked)
    differing = sorted(key for key in first if first[key] != second.get(key)) if first and second else []
    alike = first is not None and second is not None and not differing and _near(loud.start, quiet.start)
    apart = loud.end is not None and quiet.end is not None and quiet.end - loud.end >= DIFFERENT_POSITION
    inputs = ", ".join(f"{key} {value}" for key, value in sorted(first.items())) if first else ""
    return (
        Link(
            Step.COMPARISON,
            f"both asked with {inputs}, from the same position {loud.start:g}"
            if alike and loud.start is not None
            else None,
            f"the same inputs but for the sound; they differ in {', '.join(differing) or 'the start'}"
            f" (from {loud.start} and {quiet.start})",
        ),
        Link(
            Step.COMPARISON,
            f"the loud one ends at {loud.end:g}, the quiet one at {quiet.end:g}" if apart else None,
            f"the quiet one open at least {DIFFERENT_POSITION:g} wider than the loud one;"
            f" they end at {quiet.end} and {loud.end}",
        ),
    )


def missing(links: Iterable[Link]) -> list[Link]:
    """Return the links without evidence."""
    return [link for link in links if link.evidence is None]


def _reading(seen: Seen, request: Heard | None) -> Link:
    readings = [
        message
        for message in seen.messages
        if message.topic.startswith("sensor/") and request is not None and message.number < request.number
    ]
    kinds = {message.topic.rsplit("/", 1)[1]: message.topic for message in readings}
    return Link(
        Step.READING,
        ", ".join(f"{topic} ({_count(readings, topic)})" for topic in kinds.values()) if "audio" in kinds else None,
        f"a clip on sensor/{seen.device_id}/audio before the request",
    )


def _count(readings: Sequence[Heard], topic: str) -> int:
    return sum(message.topic == topic for message in readings)


def _request(request: Heard | None, wanted: str) -> Link:
    return Link(
        Step.REQUEST,
        f"{request.topic} correlation_id={correlation_id(request)} {_shown(_inputs(request.content))}"
        if request
        else None,
        wanted,
    )


def _prediction(response: Heard | None, wanted: str, fits: Callable[[JsonObject], bool]) -> Link:
    if response is None:
        return Link(Step.PREDICTION, None, f"{wanted}; none came")
    content = response.content
    position, confidence = optional_number(content, "position"), optional_number(content, "confidence")
    if position is None or confidence is None or not fits(content):
        return Link(Step.PREDICTION, None, f"{wanted}; it was {_shown(content)}")
    return Link(
        Step.PREDICTION,
        f"{response.topic} position={position:g} confidence={confidence:.2f} acted={content.get('acted')}"
        f" model={content.get('model_version')}",
        wanted,
    )


def _rows(rows: Rows, *, commands: bool, hands: bool = False) -> Link:
    wanted = [("ml_predictions", rows.predictions)]
    if commands:
        wanted.append(("window_actions (command)", rows.commands))
    if hands:
        wanted.append(("window_actions (hand)", rows.hands))
    wanted += [(table, rows.sensors.get(table, 0)) for table in SENSOR_TABLES]
    return Link(
        Step.ROW,
        ", ".join(f"{table} {count}" for table, count in wanted) if all(count for _, count in wanted) else None,
        f"rows in {', '.join(table for table, count in wanted if not count)}",
    )


def _inputs(request: JsonObject) -> JsonObject:
    """Return what the model is told besides the sound; the time of day differs by moments, and is left out."""
    context = request.get("context")
    told: JsonObject = {key: request.get(key) for key in ("temperature", "humidity")}
    if isinstance(context, dict):
        told |= {key: value for key, value in context.items() if key not in {"hour", "position"} and value is not None}
    return told


def _shown(content: JsonObject) -> str:
    return " ".join(f"{key}={value}" for key, value in content.items() if value not in (None, [], {}))[:300]


def _grants(request: JsonObject) -> bool:
    grant = request.get("grant")
    return isinstance(grant, dict) and grant.get("act") is True


def _first(messages: Iterable[Heard], prefix: str, key: str, value: str) -> Heard | None:
    return next(
        (message for message in messages if message.topic.startswith(prefix) and message.content.get(key) == value),
        None,
    )


def _same(first: float, second: float) -> bool:
    return abs(first - second) <= SAME_POSITION


def _near(first: float | None, second: float | None) -> bool:
    return first is not None and second is not None and _same(first, second)
