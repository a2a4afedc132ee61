"""What happens to the windows, for the record and the log: rows, holds from begin to end, corrections."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from homeassistant.core import callback

from .clock import Clock
from .contract import Control, Request
from .corrections import Correction, Corrections
from .decision import Decision
from .hands import Hold, HoldCause
from .inference_services import Services
from .question import Question
from .recent import Recent
from .record import (
    asked,
    command_row,
    configuration_of,
    configuration_rows,
    correction_row,
    decision_row,
    device_row,
    hold_row,
    question_row,
    request_text,
    rows_of,
)
from .recorder.rows import (
    AudioRow,
    CorrectionKind,
    DeviceRow,
    HumidityRow,
    Row,
    TemperatureRow,
)
from .recording import Recording
from .station import Station
from .window import Changes

_LOGGER = logging.getLogger(__name__)

_OF_COMFORT: Final = frozenset({HoldCause.WINDOW, HoldCause.PERSON})


@dataclass(slots=True)
class _Story:
    """What was told of one window."""

    hold: Hold | None = None
    hold_began: float = 0.0
    corrections: Corrections = field(default_factory=Corrections)
    configuration: Mapping[str, object] = field(default_factory=dict[str, object])
    recent: Recent = field(default_factory=Recent)


class Chronicle:
    """Makes the rows and hands them to the recorder, which never waits. Logs carry `device_id` and `correlation_id`."""

    def __init__(
        self,
        clock: Clock,
        services: Services,
        recording: Callable[[], Recording],
        seen: Callable[[Row], None],
        corrected: Callable[[Station, Correction], None],
    ) -> None:
        """`seen` hears of every row on its way, `corrected` of every correction."""
        self._seen = seen
        self._corrected = corrected
        self._clock = clock
        self._services = services
        self._recording = recording
        self._stories: dict[str, _Story] = {}

    def recent(self, device_id: str) -> tuple[Row, ...]:
        """The latest rows of a window, oldest first, without readings."""
        return self._story(device_id).recent.rows

    @callback
    def rows(self, station: Station, changes: Changes, position_before: float | None) -> tuple[Row, ...]:
        """The rows of a change. Made before the window's next turn, which may ask the next question."""
        wall, schema = self._clock.wall(), self._services.feature_schema
        if changes.result is not None:
            result = changes.result
            self._log(station.device_id, result.command_id, f"the window says {result.result}")
        if changes.prediction is not None:
            response = changes.prediction.response
            said = response.error.code if response.error is not None else f"{response.position or 0.0:g} %"
            self._log(station.device_id, response.correlation_id, f"the model answers {said}")
        return tuple(rows_of(station.window, changes, station.asked, position_before, wall, schema))

    @callback
    def put(self, rows: Iterable[Row]) -> None:
        """Record them, and keep them for whoever asks soon."""
        recording = self._recording()
        for row in rows:
            recording.put(row)
            self._seen(row)
            match row:
                case TemperatureRow() | HumidityRow() | AudioRow() | DeviceRow():
                    pass
                case _:
                    self._story(row.device_id).recent.append(row)

    @callback
    def asked(self, station: Station, request: Request, question: Question) -> None:
        """A question left."""
        station.asked = asked(station.window, request, question)
        asks = "asked" if question.times == 1 else "asked again"
        self._log(station.device_id, request.correlation_id, f"the model is {asks} because of {question.cause}")
        window, now = station.window, self._clock.now()
        why = window.reason(question.decision)
        row = decision_row(window, question.decision, why, now, question.asked_wall)
        snapshot = window.snapshot(now, self._services.view)
        self.put([question_row(row, request.correlation_id, snapshot)])

    @callback
    def turned(self, station: Station, decision: Decision, changes: Changes, *, differs: bool) -> None:
        """A window had its turn. `differs`: the decision is another one than before, in more than its numbers."""
        window, now, wall = station.window, self._clock.now(), self._clock.wall()
        story = self._story(station.device_id)
        if differs:
            self.put([decision_row(window, decision, station.why or decision.why, now, wall)])
        self._see_hold(station, story, now, wall)
        if changes.ended is not None:
            story.corrections.ended(changes.ended, now)
        if window.state is not None:
            correction = story.corrections.state(window.state, window.prediction, now)
            if correction is not None:
                self._log(station.device_id, correction.correlation_id, f"the owner's hand: {correction.kind}")
                self._correct(station, correction)
        self._see_configuration(station, story, wall)

    @callback
    def refused(self, station: Station) -> None:
        """The owner said no to what the model suggested, and moved nothing."""
        prediction, position = station.window.prediction, station.position
        if prediction is None or prediction.response.position is None or position is None or not _comfort(station):
            return
        question, response = prediction.question, prediction.response
        correction = Correction(
            kind=CorrectionKind.REFUSED,
            correlation_id=question.correlation_id,
            cause=question.cause,
            position_model=prediction.response.position,
            position_owner=position,
            after_s=self._clock.now() - question.asked_at,
            confidence=response.confidence,
            model_version=response.model_version,
        )
        self._correct(station, correction)

    def _correct(self, station: Station, correction: Correction) -> None:
        text = self._question(station, correction)
        self.put([correction_row(station.device_id, correction, text, self._clock.wall())])
        self._corrected(station, correction)

    def _question(self, station: Station, correction: Correction) -> str:
        """The question that is corrected, as JSON text, where it is the last one."""
        last, prediction = station.asked, station.window.prediction
        if last is None or last.request.correlation_id != correction.correlation_id:
            return "{}"
        features = {} if prediction is None else prediction.response.features
        return request_text(last.request, features, self._services.feature_schema)

    @callback
    def commanded(self, device_id: str, control: Control) -> None:
        """A command was heard on control, whoever sent it."""
        wanted = control.action if control.position is None else f"{control.position:g} %"
        sure = "" if control.confidence is None else f", confidence {control.confidence:.2f}"
        self._log(device_id, control.command_id, f"{wanted} by {control.source}{sure}", level=logging.INFO)
        self.put([command_row(device_id, control, self._clock.wall())])

    @callback
    def configured(self, station: Station, since: float) -> None:
        """A window is set up as it is since then. Said again and again, it tells when the window was last heard."""
        station.configured_at = since
        self.put([device_row(station.window, since)])

    @callback
    def forget(self, device_id: str) -> None:
        """The window is gone."""
        self._stories.pop(device_id, None)

    def _see_hold(self, station: Station, story: _Story, now: float, wall: float) -> None:
        before, hold = story.hold, station.window.hands.hold
        same = before is not None and hold is not None and abs(before.began_at - hold.began_at) < 1e-3  # noqa: PLR2004  # one ms
        if before is hold or same:
            return
        rows: list[Row] = []
        if before is not None:
            rows.append(hold_row(station.device_id, before, story.hold_began, wall))
        story.hold = hold
        if hold is not None:
            story.hold_began = hold.ends_wall - hold.length_s
            rows.append(hold_row(station.device_id, hold, story.hold_began, None))
            story.corrections.hand(now, counts=hold.cause in _OF_COMFORT and _comfort(station))
        self.put(rows)

    def _see_configuration(self, station: Station, story: _Story, wall: float) -> None:
        before, after = story.configuration, configuration_of(station.window)
        if before == after:
            return
        story.configuration = after
        if before:
            self.put(configuration_rows(station.device_id, before, after, wall))
            self.configured(station, wall)

    def _story(self, device_id: str) -> _Story:
        return self._stories.setdefault(device_id, _Story())

    def _log(self, device_id: str, correlation_id: str | None, what: str, *, level: int = logging.DEBUG) -> None:
        fields = {"device_id": device_id, "correlation_id": correlation_id}
        _LOGGER.log(level, "Window %s: %s (%s)", device_id, what, correlation_id, extra=fields)


def _comfort(station: Station) -> bool:
    """Whether the owner's wish is about comfort: no hazard reigns, somebody is at home, nothing is locked."""
    window = station.window
    locked = window.state is not None and window.state.lock not in {None, "none"}
    return not window.hazards.reign and window.surroundings.anybody_home is not False and not locked
