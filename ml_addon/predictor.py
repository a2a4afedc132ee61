"""A request → a position, how sure, and why."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from .audio import to_samples
from .calibration import levels_of, to_reference
from .feature_schema import CURRENT, KNOWN, FeatureSchema
from .features import Extract
from .inputs import READS, scalars_of
from .messages import DeviceFeatures, Request, code_of
from .model_file import LoadedModel
from .prediction import ErrorCode, Prediction, PredictionError, Reason
from .reasons import ask
from .strict_json import ContractError
from .wav import RawClip


@dataclass(frozen=True, slots=True)
class _Heard:
    """A clip's features, all that there are."""

    schema: FeatureSchema
    values: Tensor
    full_scale_db: float | None

    @property
    def read(self) -> Tensor:
        """What the network reads of them."""
        return self.values[self.schema.columns_of(READS)]


class Predictor:
    """Stateless but for its tables: the model comes with each call. `clock` is in seconds, monotonic."""

    def __init__(self, extract: Extract, max_seconds: float, clock: Callable[[], float]) -> None:
        self._extract = extract
        self._max_seconds = max_seconds
        self._clock = clock

    def predict(self, request: Request, model: LoadedModel) -> Prediction:
        """Return the prediction, inside the grant; raise PredictionError where the sound cannot be used."""
        began = self._clock()
        samples = self._samples(request)
        decoded = self._clock()
        heard = self._heard(request.audio, samples)
        listened = self._clock()
        with torch.inference_mode():
            answer = ask(model.network, scalars_of(request), None if heard is None else heard.read)
        thought = self._clock()
        position = request.grant.clamp(answer.position)
        reasons = answer.reasons
        if position != answer.position:
            reasons = (Reason("grant", position - answer.position), *reasons)
        return Prediction(
            position=position,
            confidence=answer.confidence,
            reasons=reasons,
            model_version=model.version,
            timings_ms={
                "decode": 1e3 * (decoded - began),
                "features": 1e3 * (listened - decoded),
                "model": 1e3 * (thought - listened),
                "total": 1e3 * (thought - began),
            },
            features={} if heard is None else dict(zip(heard.schema.names, heard.values.tolist(), strict=True)),
            levels={} if heard is None else levels_of(heard.values, heard.schema, heard.full_scale_db),
        )

    def _samples(self, request: Request) -> Tensor | None:
        if not isinstance(request.audio, RawClip):
            return None
        if (seconds := request.audio.seconds) > self._max_seconds:
            raise PredictionError(
                ErrorCode.AUDIO_LENGTH, f"{seconds:.1f} s long; audio.max_seconds is {self._max_seconds:g}"
            )
        try:
            return to_samples(request.audio)
        except ContractError as error:
            raise PredictionError(code_of(error), error.message) from error

    def _heard(self, audio: RawClip | DeviceFeatures | None, samples: Tensor | None) -> _Heard | None:
        if samples is not None and audio is not None:
            values = to_reference(self._extract(samples), CURRENT, audio.full_scale_db)
            return _Heard(CURRENT, values, audio.full_scale_db)
        return _made_at_the_window(audio) if isinstance(audio, DeviceFeatures) else None


def _made_at_the_window(given: DeviceFeatures) -> _Heard:
    schema = KNOWN.get(given.schema)
    if schema is None or len(given.values) != len(schema) or not schema.holds(READS):
        raise PredictionError(
            ErrorCode.AUDIO_SCHEMA,
            f"{len(given.values)} features of {given.schema}; expected {len(CURRENT)} of {CURRENT.id}",
        )
    values = to_reference(torch.tensor(given.values), schema, given.full_scale_db)
    return _Heard(schema, values, given.full_scale_db)
