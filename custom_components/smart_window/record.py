"""What happened to a window as rows of the record. Pure: changes in, rows out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from .contract import Control, HeardFeatures, Request, Sound
from .contract.audio import heard_to_json
from .corrections import Correction
from .decision import Decision, Snapshot, Why
from .frozen_json import to_json
from .hands import Hold
from .question import Ended, How, Question
from .recorder.rows import (
    ActionKind,
    ActionRow,
    AudioRow,
    ConfigurationRow,
    CorrectionRow,
    DecisionRow,
    DeviceRow,
    HeardBy,
    HoldRow,
    HumidityRow,
    PredictionRow,
    Row,
    TemperatureRow,
    TraceStep,
)
from .window import Changes, Reading, Window


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it left, kept until its end so that the record can tell what was asked.

    `temperature_at` and the like: Unix seconds of the readings that it rests on, as their own rows have them.
    """

    request: Request
    question: Question
    temperature_at: float | None = None
    humidity_at: float | None = None
    heard_at: float | None = None


def asked(window: Window, request: Request, question: Question) -> Asked:
    """What is kept of a question that just left."""
    return Asked(
        request,
        question,
        temperature_at=None if request.temperature is None else _moment(window.temperature),
        humidity_at=None if request.humidity is None else _moment(window.humidity),
        heard_at=None if request.audio is None else _moment(window.level),
    )


def rows_of(
    window: Window,
    changes: Changes,
    asked: Asked | None,
    position_before: float | None,
    wall: float,
    feature_schema: str | None = None,
) -> Iterator[Row]:
    """The rows of one change. `asked` is the question out before it, `position_before` where the sash stood then.

    `feature_schema` names the features that the service sends.
    """
    device_id = window.device_id
    if changes.temperature and window.temperature is not None:
        yield TemperatureRow(ts=window.temperature.wall, device_id=device_id, value=window.temperature.value)
    if changes.humidity and window.humidity is not None:
        yield HumidityRow(ts=window.humidity.wall, device_id=device_id, value=window.humidity.value)
    heard_at = wall if window.level is None or not changes.level else window.level.wall
    yield from _sound(device_id, changes, heard_at, wall, feature_schema)
    yield from _actions(window, changes, position_before, wall)
    if asked is not None:
        yield from _prediction(device_id, changes, asked, wall, feature_schema)


def command_row(device_id: str, control: Control, wall: float) -> ActionRow:
    """A command that was heard on control, whoever sent it."""
    return ActionRow(
        ts=wall,
        device_id=device_id,
        kind=ActionKind.COMMAND,
        source=control.source,
        command_id=control.command_id,
        correlation_id=control.command_id,
        position_to=control.position,
        action=control.action,
        confidence=control.confidence,
        model_version=control.model_version,
        session=control.session,
        rev=control.rev,
    )


def device_row(window: Window, since: float) -> DeviceRow:
    """A window as it is configured since `since`."""
    announce = window.announce
    return DeviceRow(
        ts=since,
        device_id=window.device_id,
        name=window.device_id if announce is None else announce.name,
        model=None if announce is None else announce.model,
        sw_version=None if announce is None else announce.sw_version,
        hw=None if announce is None else announce.hw,
        area=None if announce is None else announce.suggested_area,
        capabilities=() if announce is None else announce.capabilities,
        configuration=json.dumps(configuration_of(window), sort_keys=True),
        last_seen=window.last_seen,
        mode=window.mode,
    )


def configuration_of(window: Window) -> dict[str, object]:
    """What is set for a window, and of the house's settings what its decisions show most."""
    house = {name: getattr(window.settings, name) for name in ("hold_minutes", "min_confidence")}
    return {"mode": str(window.mode), **asdict(window.own), **house}


def configuration_rows(
    device_id: str, before: Mapping[str, object], now: Mapping[str, object], wall: float
) -> Iterator[ConfigurationRow]:
    """A row for each setting that is another now."""
    for setting, value in now.items():
        if setting in before and before[setting] != value:
            yield ConfigurationRow(
                ts=wall,
                device_id=device_id,
                setting=setting,
                value=json.dumps(value),
                value_before=json.dumps(before[setting]),
            )


def decision_row(window: Window, decision: Decision, told: Why, now: float, wall: float) -> DecisionRow:
    """What may happen now. `told` is the reason that is shown."""
    hold, grant = window.hands.hold, decision.grant
    temperature, humidity, level = window.temperature, window.humidity, window.level
    return DecisionRow(
        ts=wall,
        device_id=window.device_id,
        why=decision.why,
        ask=decision.ask,
        grant_act=grant.act,
        grant_min=grant.min,
        grant_max=grant.max,
        grant_min_confidence=grant.min_confidence,
        machines=None if decision.guard is None else decision.guard.machines,
        position=None if window.state is None else window.state.position,
        temperature=None if temperature is None else temperature.value,
        humidity=None if humidity is None else humidity.value,
        level_dbfs=None if level is None else level.value,
        hold_left_s=None if hold is None else hold.ends_at - now,
        trace=tuple(
            TraceStep(rule=one.rule, outcome=one.outcome, why=one.why, facts=json.dumps(dict(one.facts)))
            for one in decision.trace
        ),
        told=told,
        mode=window.mode,
        command_position=None if decision.command is None else decision.command.position,
        command_source=None if decision.command is None else decision.command.source,
        suggestion_position=None if decision.suggestion is None else decision.suggestion.position,
    )


def question_row(row: DecisionRow, correlation_id: str, snapshot: Snapshot) -> DecisionRow:
    """The same for a question that leaves with it: with all that it rested on, so that it can be decided again."""
    rested_on = replace(snapshot, asking=False)
    return replace(row, correlation_id=correlation_id, snapshot=json.dumps(to_json(rested_on), separators=(",", ":")))


def hold_row(device_id: str, hold: Hold, began: float, ended: float | None) -> HoldRow:
    """A hold that began, or ended. `began` and `ended` are Unix seconds."""
    ends = None if hold.until_released else hold.ends_wall
    return HoldRow(ts=began, device_id=device_id, cause=hold.cause, ends=ends, ended=ended)


def correction_row(device_id: str, correction: Correction, request: str, wall: float) -> CorrectionRow:
    """The owner's hand after a model's word. `request` is the question as JSON text."""
    return CorrectionRow(
        ts=wall,
        device_id=device_id,
        correlation_id=correction.correlation_id,
        position_model=correction.position_model,
        position_owner=correction.position_owner,
        after_s=correction.after_s,
        confidence=correction.confidence,
        model_version=correction.model_version,
        request=request,
        kind=correction.kind,
    )


def request_text(request: Request, features: Mapping[str, float], feature_schema: str | None) -> str:
    """A question as JSON text that can be asked again: with the features that the service made of its sound."""
    content = dict(request.to_json())
    match request.audio:
        case Sound():
            del content["audio"]
            if features and feature_schema is not None:
                content["audio"] = heard_to_json(HeardFeatures(feature_schema, tuple(features.values())))
        case _:
            pass
    return json.dumps(content, separators=(",", ":"))


def _moment(reading: Reading | None) -> float | None:
    return None if reading is None else reading.wall


def _sound(
    device_id: str, changes: Changes, heard_at: float, wall: float, feature_schema: str | None
) -> Iterator[AudioRow]:
    if (clip := changes.clip) is not None:
        yield AudioRow(
            ts=heard_at,
            device_id=device_id,
            heard_by=HeardBy.HOME,
            duration_s=clip.duration_s,
            sample_rate=clip.rate,
            level_dbfs=clip.level_dbfs,
        )
    if (heard := changes.features) is not None:
        yield AudioRow(
            ts=heard_at,
            device_id=device_id,
            heard_by=HeardBy.WINDOW,
            levels=heard.levels,
            features={str(index): value for index, value in enumerate(heard.values)},
            feature_schema=heard.schema,
        )
    if changes.prediction is not None and (features := changes.prediction.response.features):
        yield AudioRow(
            ts=wall,
            device_id=device_id,
            heard_by=HeardBy.SERVICE,
            features=features,
            feature_schema=feature_schema,
            correlation_id=changes.prediction.question.correlation_id,
        )


def _actions(window: Window, changes: Changes, position_before: float | None, wall: float) -> Iterator[ActionRow]:
    device_id, state = window.device_id, window.state
    if (result := changes.result) is not None:
        yield ActionRow(
            ts=wall,
            device_id=device_id,
            kind=ActionKind.RESULT,
            command_id=result.command_id,
            correlation_id=result.command_id,
            result=result.result,
            reason=result.reason,
        )
    if state is None:
        return
    if changes.moved:
        yield ActionRow(
            ts=wall,
            device_id=device_id,
            kind=ActionKind.MOVED,
            source=state.source,
            command_id=state.command_id,
            correlation_id=state.command_id,
            position_from=position_before,
            position_to=state.position,
            session=state.session,
            rev=state.rev,
        )
    if changes.hand:
        yield ActionRow(
            ts=wall,
            device_id=device_id,
            kind=ActionKind.HAND,
            source="user",
            position_from=position_before,
            position_to=state.target,
            session=state.session,
            rev=state.rev,
        )


def _prediction(
    device_id: str, changes: Changes, asked: Asked, wall: float, feature_schema: str | None
) -> Iterator[PredictionRow]:
    """One row each time it is asked: with the answer, or, at its end, without one. `ts` tells the times apart."""
    prediction, ended = changes.prediction, changes.ended
    if prediction is not None and prediction.question.correlation_id == asked.request.correlation_id:
        response = prediction.response
    elif _let_pass(ended, asked):
        response = None
    else:
        return
    request, question = asked.request, asked.question
    error = None if response is None else response.error
    known = {name: float(value) for name, value in asdict(request.context).items() if value is not None}
    yield PredictionRow(
        ts=question.asked_wall,
        device_id=device_id,
        correlation_id=request.correlation_id,
        position=None if response is None else response.position,
        confidence=None if response is None else response.confidence,
        reasons=() if response is None else tuple((reason.code, reason.effect) for reason in response.reasons),
        model_version=None if response is None else response.model_version,
        acted=response is not None and response.acted,
        error=How.NO_ANSWER if response is None else None if error is None else error.code,
        error_message=None if error is None else error.message,
        grant_act=request.grant.act,
        grant_min=request.grant.min,
        grant_max=request.grant.max,
        grant_min_confidence=request.grant.min_confidence,
        temperature=request.temperature,
        humidity=request.humidity,
        context=known,
        timings_ms={} if response is None else response.timings_ms,
        latency_ms=None if response is None else max(0.0, (wall - question.asked_wall) * 1000),
        decision=question.decision.why,
        cause=question.cause,
        temperature_ts=asked.temperature_at,
        humidity_ts=asked.humidity_at,
        audio_ts=asked.heard_at,
        request=request_text(request, {} if response is None else response.features, feature_schema),
    )


def _let_pass(ended: Ended | None, asked: Asked) -> bool:
    """The service never answered this question."""
    return (
        ended is not None
        and ended.how is How.NO_ANSWER
        and ended.question.correlation_id == asked.request.correlation_id
    )
