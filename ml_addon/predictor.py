"""A request → a position, how sure, and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .audio import SAMPLE_RATE, Wave, to_wave
from .calibration import levels_of, to_reference
from .ears import Ears, Sound, loudest, named
from .feature_schema import CURRENT, KNOWN, FeatureSchema
from .features import Extract
from .inputs import READS, likings_of, scalars_of
from .layer import read_layer
from .messages import DeviceFeatures, Grant, Request, code_of
from .model import POSITIONS, STEP
from .model_file import LoadedModel
from .prediction import ErrorCode, Prediction, PredictionError, Reason
from .reasons import NOISE, Answer, Question, ask, ask_all
from .strict_json import ContractError
from .wav import RawClip

_CLIPPED_SHARE, _SILENT, _SHORTEST_S = 0.01, 1e-5, 0.5
FLAWS = frozenset({"sound_clipped", "sound_silent", "sound_short"})
_LEVELS = np.arange(POSITIONS) * STEP
_BAD_SOUND = 0.7  # of the confidence that is left where the sound was of no use


@dataclass(frozen=True, slots=True)
class _Heard:
    """A clip's features, all that there are; `flaw` is why nothing can be made of them."""

    schema: FeatureSchema
    values: Tensor
    full_scale_db: float | None
    flaw: str | None = None

    @property
    def read(self) -> Tensor | None:
        """What the network reads of them."""
        return None if self.flaw is not None else self.values[self.schema.columns_of(READS)]


@dataclass(frozen=True, slots=True)
class _Listened:
    """A request whose sound was heard, and when: seconds of the predictor's clock."""

    request: Request
    heard: _Heard | None
    question: Question
    began: float
    decoded: float
    listened: float


class Predictor:
    """Stateless but for its tables: the model comes with each call. `clock` is in seconds, monotonic."""

    def __init__(self, extract: Extract, max_seconds: float, clock: Callable[[], float]) -> None:
        self._extract = extract
        self._max_seconds = max_seconds
        self._clock = clock

    def predict(self, request: Request, model: LoadedModel) -> Prediction:
        """Return the prediction, inside the grant; raise PredictionError where the sound cannot be used."""
        (outcome,) = self.predict_all((request,), model)
        if isinstance(outcome, PredictionError):
            raise outcome
        return outcome

    def predict_all(self, requests: Sequence[Request], model: LoadedModel) -> list[Prediction | PredictionError]:
        """Listen to each clip in turn, then think about all in one pass; the numbers are those of each alone."""
        heard = [self._listened(request) for request in requests]
        asked = [one for one in heard if isinstance(one, _Listened)]
        with torch.inference_mode():
            answers = ask_all(model.swift, [one.question for one in asked]) if asked else []
        thought = self._clock()
        concluded = iter(
            [
                _concluded(one, answer, model, asked[-1].listened, thought)
                for one, answer in zip(asked, answers, strict=True)
            ]
        )
        return [one if isinstance(one, PredictionError) else next(concluded) for one in heard]

    def _listened(self, request: Request) -> "_Listened | PredictionError":
        try:
            began = self._clock()
            wave = self._wave(request)
            decoded = self._clock()
            heard = self._heard(request.audio, wave)
            listened = self._clock()
            question = question_of(request, None if heard is None else heard.read)
            return _Listened(request, heard, question, began, decoded, listened)
        except PredictionError as error:
            return error

    def again(self, request: Request, said: Prediction, model: LoadedModel) -> tuple[float, float]:
        """The position and confidence of another model for an answered question; the sound is not heard anew."""
        flawed = any(reason.code in FLAWS for reason in said.reasons)
        heard = [said.features[name] for name in READS.names] if said.features and not flawed else None
        with torch.inference_mode():
            sound = None if heard is None else torch.tensor(heard)
            answer = ask(model.swift, question_of(request, sound), why=False)
        return request.grant.clamp(answer.position), answer.confidence * (_BAD_SOUND if flawed else 1.0)

    def position(self, asked: Request, model: LoadedModel) -> float:
        """Where a model would have the window; PredictionError where the sound cannot be used."""
        with torch.inference_mode():
            question = question_of(asked, self.sound_of(asked))
            return ask(model.swift, question, why=False).position

    def sound_of(self, request: Request) -> Tensor | None:
        """The features that the network reads, for a correction; None without sound, or where it is of no use."""
        heard = self._heard(request.audio, self._wave(request))
        return None if heard is None else heard.read

    def _wave(self, request: Request) -> Wave | None:
        if not isinstance(request.audio, RawClip):
            return None
        if (seconds := request.audio.seconds) > self._max_seconds:
            raise PredictionError(
                ErrorCode.AUDIO_LENGTH, f"{seconds:.1f} s long; audio.max_seconds is {self._max_seconds:g}"
            )
        try:
            return to_wave(request.audio)
        except ContractError as error:
            raise PredictionError(code_of(error), error.message) from error

    def _heard(self, audio: RawClip | DeviceFeatures | None, wave: Wave | None) -> _Heard | None:
        if wave is not None and audio is not None:
            values = to_reference(self._extract(wave.samples), CURRENT, audio.full_scale_db)
            return _Heard(CURRENT, values, audio.full_scale_db, flaw_of(wave))
        return _made_at_the_window(audio) if isinstance(audio, DeviceFeatures) else None


def _concluded(asked: _Listened, answer: Answer, model: LoadedModel, listened: float, thought: float) -> Prediction:
    """What is said of an answer; all of a batch think from `listened` to `thought`, and wait until then."""
    grant, heard = asked.request.grant, asked.heard
    position = grant.clamp(answer.position)
    loud = any(reason.code == NOISE for reason in answer.reasons)
    sound = _sound_of(heard, model.network.ears) if heard is not None and loud else None
    confidence, reasons = answer.confidence, called(answer.reasons, sound)
    if heard is not None and heard.flaw is not None:
        confidence *= _BAD_SOUND
        reasons = (*reasons, Reason(heard.flaw, 0.0))
    if abs(position - answer.free) >= STEP / 2:
        reasons = (Reason("grant", position - answer.free), *reasons)
    return Prediction(
        position=position,
        confidence=confidence,
        reasons=reasons,
        model_version=model.version,
        timings_ms={
            "decode": 1e3 * (asked.decoded - asked.began),
            "features": 1e3 * (asked.listened - asked.decoded),
            "model": 1e3 * (thought - listened),
            "total": 1e3 * (thought - asked.began),
        },
        features={} if heard is None else dict(zip(heard.schema.names, heard.values.tolist(), strict=True)),
        levels={} if heard is None else levels_of(heard.values, heard.schema, heard.full_scale_db),
    )


def _sound_of(heard: _Heard, ears: Ears) -> Sound | None:
    return None if heard.flaw is not None else loudest(named(ears, heard.values, heard.schema))


def called(reasons: tuple[Reason, ...], sound: Sound | None) -> tuple[Reason, ...]:
    """The same reasons, a noise by the name of what makes it: `noise_rain`, `noise_voice`, `noise_engine`."""
    if sound is None:
        return reasons
    name = f"{NOISE}_{sound.name.lower()}"
    return tuple(replace(reason, code=name) if reason.code == NOISE else reason for reason in reasons)


def _made_at_the_window(given: DeviceFeatures) -> _Heard:
    schema = KNOWN.get(given.schema)
    if schema is None or len(given.values) != len(schema) or not schema.holds(READS):
        raise PredictionError(
            ErrorCode.AUDIO_SCHEMA,
            f"{len(given.values)} features of {given.schema}; expected {len(CURRENT)} of {CURRENT.id}",
        )
    values = to_reference(torch.tensor(given.values), schema, given.full_scale_db)
    return _Heard(schema, values, given.full_scale_db)


def question_of(request: Request, sound: Tensor | None) -> Question:
    """What the network is asked. PredictionError where the layer is none of ours."""
    try:
        shift = read_layer(request.layer).in_force
    except ContractError as error:
        raise PredictionError(ErrorCode.INVALID, error.message) from error
    heard = None if sound is None else sound.numpy()
    return Question(
        scalars_of(request).numpy(), likings_of(request).numpy(), heard, shift.numpy(), allowed(request.grant)
    )


def allowed(grant: Grant) -> NDArray[np.bool_]:
    """(21,): which levels lie inside the grant's band; the nearest one where none does."""
    inside: NDArray[np.bool_] = (grant.low <= _LEVELS) & (grant.high >= _LEVELS)
    if not inside.any():
        inside[round((grant.low + grant.high) / 2 / STEP)] = True
    return inside


def flaw_of(wave: Wave) -> str | None:
    """Why a clip that could be read tells nothing: the code of a reason, or None. Worse ones are refused (audio.py)."""
    if wave.clipped > _CLIPPED_SHARE:
        return "sound_clipped"
    if wave.samples.abs().max() < _SILENT:
        return "sound_silent"
    return "sound_short" if len(wave.samples) < _SHORTEST_S * SAMPLE_RATE else None
