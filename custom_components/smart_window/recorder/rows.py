"""What is recorded: one frozen dataclass per table. Pure.

`ts` is Unix seconds (Home Assistant's wall clock when the thing happened), kept to the millisecond. Percentages are
0 … 100, confidences 0 … 1, temperatures °C. A text that is a name from a closed set elsewhere (source, result, mode,
reason) is recorded as its value, so that the record needs no change when a set grows. A value that does not fit its
column is stored as null and counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ActionKind(StrEnum):
    """What an action row tells of."""

    COMMAND = "command"  # somebody published a command on control
    RESULT = "result"  # the window answered one
    MOVED = "moved"  # the window's position or target changed
    HAND = "hand"  # a press at the window, or a person's command


class HeardBy(StrEnum):
    """Who made numbers of a clip."""

    HOME = "home"  # the integration: the level alone
    WINDOW = "window"  # the device, which sent features and no sound
    SERVICE = "service"  # the inference service


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureRow:
    """One reading in °C."""

    ts: float
    device_id: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HumidityRow:
    """One reading of relative humidity in %."""

    ts: float
    device_id: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioRow:
    """What one clip said in numbers; never its sound.

    `levels` and `features` go by name; a list of features without names is recorded as "0", "1", ….
    `sample_rate` is in Hz, `level_dbfs` in dB re full scale.
    """

    ts: float
    device_id: str
    heard_by: HeardBy
    clip_id: int | None = None
    duration_s: float | None = None
    sample_rate: int | None = None
    level_dbfs: float | None = None
    levels: Mapping[str, float] = field(default_factory=dict[str, float])
    features: Mapping[str, float] = field(default_factory=dict[str, float])
    feature_schema: str | None = None
    correlation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """A command, its result, a move or a hand. What does not apply is None."""

    ts: float
    device_id: str
    kind: ActionKind
    source: str | None = None
    command_id: str | None = None
    correlation_id: str | None = None
    position_from: float | None = None
    position_to: float | None = None
    action: str | None = None
    result: str | None = None
    reason: str | None = None
    confidence: float | None = None
    model_version: str | None = None
    session: str | None = None
    rev: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """A device as it is configured since `ts`.

    Put one whenever the configuration changes (with a new `ts`) and now and then with the same `ts` and a later
    `last_seen`: the later replaces the earlier, so the history holds one row per configuration.
    `configuration` is JSON text.
    """

    ts: float
    device_id: str
    name: str
    model: str | None = None
    sw_version: str | None = None
    hw: str | None = None
    area: str | None = None
    capabilities: tuple[str, ...] = ()
    configuration: str = "{}"
    last_seen: float | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionRow:
    """One question and its answer, or that none came (`error` says so, `position` is None).

    `temperature`, `humidity`, `context` and the grant are what was asked; `context` holds what was known, rain as 0
    or 1. `reasons` are (code, effect in points of position), the strongest first. `latency_ms` runs from the request's
    leaving to the answer's coming. `decision` is the reason of Home Assistant's decision. `temperature_ts` and the like
    are the `ts` of the readings that it rested on, in their own tables. `request` is the question as JSON text, with
    features instead of sound.
    """

    ts: float
    device_id: str
    correlation_id: str
    position: float | None = None
    confidence: float | None = None
    reasons: tuple[tuple[str, float], ...] = ()
    model_version: str | None = None
    acted: bool = False
    error: str | None = None
    error_message: str | None = None
    grant_act: bool
    grant_min: float | None
    grant_max: float | None
    grant_min_confidence: float | None
    temperature: float | None = None
    humidity: float | None = None
    context: Mapping[str, float] = field(default_factory=dict[str, float])
    timings_ms: Mapping[str, float] = field(default_factory=dict[str, float])
    latency_ms: float | None = None
    decision: str | None = None
    cause: str | None = None
    temperature_ts: float | None = None
    humidity_ts: float | None = None
    audio_ts: float | None = None
    request: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """What one rule said. `facts` is JSON text of what it looked at."""

    rule: str
    outcome: str
    why: str
    facts: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """What may happen now, and why: put one when the decision changes, and one for each question.

    `correlation_id` is the question's that left with it. `machines` is the guard's word; None: no guard is published.
    `position` to `hold_left_s` are what it rested on (None: not known, or no hold). `told` is the reason shown.
    `snapshot` is JSON text of all that it rested on, for a question alone.
    """

    ts: float
    device_id: str
    why: str
    ask: bool
    grant_act: bool
    grant_min: float | None
    grant_max: float | None
    grant_min_confidence: float | None
    correlation_id: str | None = None
    machines: bool | None = None
    position: float | None = None
    temperature: float | None = None
    humidity: float | None = None
    level_dbfs: float | None = None
    hold_left_s: float | None = None
    trace: tuple[TraceStep, ...] = ()
    told: str | None = None
    mode: str | None = None
    command_position: float | None = None
    command_source: str | None = None
    suggestion_position: float | None = None
    snapshot: str = ""


class CorrectionKind(StrEnum):
    """What the owner's hand said of the model's last word."""

    UNDONE = "undone"  # the model had moved the window, the hand put it elsewhere
    REFUSED = "refused"  # the model had only suggested a position, the hand chose another one
    AGREED = "agreed"  # the hand did what the model had suggested


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    """The owner's hand after a model's word. `learned`: None when nothing was asked to learn from it.

    `request` is the question as JSON text, without its sound; `detail` says what changed, or why nothing did.
    """

    ts: float
    device_id: str
    correlation_id: str | None = None
    position_model: float | None = None
    position_owner: float | None = None
    after_s: float | None = None
    confidence: float | None = None
    model_version: str | None = None
    learned: bool | None = None
    detail: str | None = None
    request: str = "{}"
    kind: CorrectionKind = CorrectionKind.UNDONE


class HealthKind(StrEnum):
    """What a health row is about."""

    WINDOW = "window"
    BROKER = "broker"
    DATABASE = "database"
    SERVICE = "service"
    HOME = "home"  # the integration itself: messages, errors, queue and spool


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRow:
    """How something fares. `device_id` is the window's, or the name of what else it is (instance, "broker", "home").

    `metrics` go by name: counts since the row before (messages_temperature, errors_invalid), or what is now
    (queue_rows, spool_bytes). `clock_drift_s` is how far its clock is ahead of ours.
    """

    ts: float
    device_id: str
    kind: HealthKind
    state: str
    reasons: tuple[str, ...] = ()
    latency_ms: float | None = None
    rssi_dbm: float | None = None
    clock_drift_s: float | None = None
    last_seen: float | None = None
    metrics: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationRow:
    """One setting of a window was changed. Values as text; `source` says by whom (user, automation, window)."""

    ts: float
    device_id: str
    setting: str
    value: str
    value_before: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """The owner's hand in force, since `ts`.

    Put it when it begins and, with the same `ts`, when it ended. `cause`: window, person or automation. `ends` is the
    planned end; None: until it is released.
    """

    ts: float
    device_id: str
    cause: str
    ends: float | None = None
    ended: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRow:
    """A question of `ts` asked again: what was said and done then, and would be now. Positions in percent.

    `moves_then` and `moves_now`: where it moved, or would; None: nowhere.
    """

    ts: float
    device_id: str
    replay_id: str
    replayed_at: float
    correlation_id: str
    position_then: float | None = None
    position_now: float | None = None
    confidence_then: float | None = None
    confidence_now: float | None = None
    model_then: str | None = None
    model_now: str | None = None
    why_then: str
    why_now: str
    moves_then: float | None = None
    moves_now: float | None = None
    differs: bool
    error: str | None = None


type Row = (
    TemperatureRow
    | HumidityRow
    | AudioRow
    | ActionRow
    | DeviceRow
    | PredictionRow
    | DecisionRow
    | CorrectionRow
    | HealthRow
    | ConfigurationRow
    | HoldRow
    | ReplayRow
)
