"""A request → a position, how sure, and why."""

from collections.abc import Callable

import torch
from torch import Tensor

from . import features
from .audio import to_samples
from .features import Extract
from .inputs import scalars_of
from .messages import Request
from .model_file import LoadedModel
from .prediction import ErrorCode, Prediction, PredictionError, Reason
from .reasons import ask
from .strict_json import ContractError
from .wav import RawClip


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
        sound = self._sound(request, samples)
        heard = self._clock()
        with torch.inference_mode():
            answer = ask(model.network, scalars_of(request), sound)
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
                "features": 1e3 * (heard - decoded),
                "model": 1e3 * (thought - heard),
                "total": 1e3 * (thought - began),
            },
            features={} if sound is None else dict(zip(features.NAMES, sound.tolist(), strict=True)),
        )

    def _samples(self, request: Request) -> Tensor | None:
        if not isinstance(request.audio, RawClip):
            return None
        if (seconds := request.audio.seconds) > self._max_seconds:
            raise PredictionError(ErrorCode.AUDIO, f"{seconds:.1f} s long; audio.max_seconds is {self._max_seconds:g}")
        try:
            return to_samples(request.audio)
        except ContractError as error:
            raise PredictionError(ErrorCode.AUDIO, error.message) from error

    def _sound(self, request: Request, samples: Tensor | None) -> Tensor | None:
        if samples is not None:
            return self._extract(samples)
        given = request.audio
        if given is None or isinstance(given, RawClip):
            return None
        if given.schema != features.SCHEMA or len(given.values) != len(features.NAMES):
            raise PredictionError(
                ErrorCode.AUDIO,
                f"{len(given.values)} features of {given.schema}; expected {len(features.NAMES)} of {features.SCHEMA}",
            )
        return torch.tensor(given.values)
