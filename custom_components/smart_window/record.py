"""What happened to a window as rows of the record. Pure: changes in, rows out."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from .contract import Control, Request
from .question import Ended, How, Question
from .recorder.rows import (
    ActionKind,
    ActionRow,
    AudioRow,
    DeviceRow,
    HeardBy,
    HumidityRow,
    PredictionRow,
    Row,
    TemperatureRow,
)
from .window import Changes, Window


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it left, kept until its end so that the record can tell what was asked."""

    request: Request
    question: Question


def rows_of(
    window: Window, changes: Changes, asked: Asked | None, position_before: float | None, wall: float
) -> Iterator[Row]:
    """The rows of one change. `asked` is the question out before it, `position_before` where the sash stood then."""
    device_id = window.device_id
    if changes.temperature and window.temperature is not None:
        yield TemperatureRow(ts=wall, device_id=device_id, value=window.temperature.value)
    if changes.humidity and window.humidity is not None:
        yield HumidityRow(ts=wall, device_id=device_id, value=window.humidity.value)
    yield from _sound(device_id, changes, wall)
    yield from _actions(window, changes, position_before, wall)
    if asked is not None:
        yield from _prediction(device_id, changes, asked, wall)


def command_row(device_id: str, control: Control, wall: float) -> ActionRow:
    """A command that was heard on control, whoever sent it."""
    return ActionRow(
        ts=wall,
        device_id=device_id,
        kind=ActionKind.COMMAND,
        source=control.source,
        command_id=control.command_id,
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
    configuration = json.dumps(
        {"hold_minutes": window.settings.hold_minutes, "min_confidence": window.settings.min_confidence},
        sort_keys=True,
    )
    return DeviceRow(
        ts=since,
        device_id=window.device_id,
        name=window.device_id if announce is None else announce.name,
        model=None if announce is None else announce.model,
        sw_version=None if announce is None else announce.sw_version,
        hw=None if announce is None else announce.hw,
        area=None if announce is None else announce.suggested_area,
        capabilities=() if announce is None else announce.capabilities,
        configuration=configuration,
        last_seen=window.last_seen,
        mode=window.mode,
    )


def _sound(device_id: str, changes: Changes, wall: float) -> Iterator[AudioRow]:
    if (clip := changes.clip) is not None:
        yield AudioRow(
            ts=wall,
            device_id=device_id,
            heard_by=HeardBy.HOME,
            duration_s=clip.duration_s,
            sample_rate=clip.rate,
            level_dbfs=clip.level_dbfs,
        )
    if (heard := changes.features) is not None:
        yield AudioRow(
            ts=wall,
            device_id=device_id,
            heard_by=HeardBy.WINDOW,
            levels=heard.levels,
            features={str(index): value for index, value in enumerate(heard.values)},
            feature_schema=heard.schema,
        )
    if changes.prediction is not None and (features := changes.prediction.response.features):
        yield AudioRow(ts=wall, device_id=device_id, heard_by=HeardBy.SERVICE, features=features)


def _actions(window: Window, changes: Changes, position_before: float | None, wall: float) -> Iterator[ActionRow]:
    device_id, state = window.device_id, window.state
    if (result := changes.result) is not None:
        yield ActionRow(
            ts=wall,
            device_id=device_id,
            kind=ActionKind.RESULT,
            command_id=result.command_id,
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


def _prediction(device_id: str, changes: Changes, asked: Asked, wall: float) -> Iterator[PredictionRow]:
    """One row per question: with the answer, or, at its end, without one."""
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
    )


def _let_pass(ended: Ended | None, asked: Asked) -> bool:
    """The service never answered this question."""
    return (
        ended is not None
        and ended.how is How.NO_ANSWER
        and ended.question.correlation_id == asked.request.correlation_id
    )
