"""A correction goes to the model, and what it learnt from it comes back and is kept.

One lesson per window is out at a time: an answer to an older one is too late, and changes nothing.
"""

import logging
from collections.abc import Callable, Mapping

from homeassistant.core import callback

from .clock import Clock
from .command import Outbox
from .contract import Asked, Feedback, HeardFeatures, Learnt, Request
from .corrections import Correction
from .inference_services import Services
from .recorder.rows import CorrectionKind
from .station import Station

_LOGGER = logging.getLogger(__name__)


class Teaching:
    """Of all windows. `kept` is called when a window's layers are others."""

    def __init__(self, clock: Clock, outbox: Outbox, services: Services, kept: Callable[[Station], None]) -> None:
        self._clock = clock
        self._outbox = outbox
        self._services = services
        self._kept = kept
        self._out: dict[str, str] = {}

    @callback
    def corrected(self, station: Station, correction: Correction) -> None:
        """An owner's hand answers the model. Agreeing teaches nothing new: the model said so itself."""
        if correction.kind is CorrectionKind.AGREED:
            return
        feedback = self._feedback(station, correction)
        if feedback is not None and self._outbox.feedback(station.device_id, feedback):
            self._out[station.device_id] = feedback.correlation_id

    @callback
    def answered(self, station: Station, learnt: Learnt) -> None:
        """The model answers a correction, perhaps one of somebody else."""
        if self._out.get(station.device_id) != learnt.correlation_id:
            return
        del self._out[station.device_id]
        if learnt.layer is None:
            said = "nothing" if learnt.error is None else learnt.error.message
            _LOGGER.warning("Window %s: the model learnt nothing from a correction: %s", station.device_id, said)
            return
        window = station.window
        window.layers = window.layers.learnt(learnt.layer, learnt.model_version, self._clock.wall())
        self._kept(station)

    @callback
    def reset(self, station: Station) -> None:
        """The owner wants forgotten what was learnt. A lesson that is out teaches no more."""
        self._out.pop(station.device_id, None)
        station.window.layers = station.window.layers.reset(self._clock.wall())
        self._kept(station)

    @callback
    def roll_back(self, station: Station, to: int | None) -> None:
        """The owner wants an earlier version. LookupError where it is not kept."""
        layers = station.window.layers.rolled_back(self._clock.wall(), to)
        self._out.pop(station.device_id, None)
        station.window.layers = layers
        self._kept(station)

    @callback
    def forget(self, device_id: str) -> None:
        """The window is gone."""
        self._out.pop(device_id, None)

    def _feedback(self, station: Station, correction: Correction) -> Feedback | None:
        """What was known when the model said its word; None where another question left meanwhile."""
        last, prediction = station.asked, station.window.prediction
        if last is None or last.request.correlation_id != correction.correlation_id:
            return None
        features = {} if prediction is None else prediction.response.features
        return Feedback(
            correlation_id=correction.correlation_id,
            position=correction.position_owner,
            asked=_asked(last.request, features, self._services.feature_schema),
            layer=station.window.layers.present,
            ts=self._clock.wall(),
        )


def _asked(request: Request, features: Mapping[str, float], schema: str | None) -> Asked:
    """The question again; sound as the features that the service made of it."""
    heard = None if schema is None or not features else HeardFeatures(schema, tuple(features.values()))
    return Asked(request.temperature, request.humidity, heard, request.context, request.taste)
