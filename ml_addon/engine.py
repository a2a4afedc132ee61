"""All that needs torch, behind a few calls. Made and used in worker threads; importing it costs a second or two."""

import logging
import math
from collections.abc import Sequence

import torch

from . import features, shelf
from .clips import ClipStore
from .config import Backend, Config
from .features import Extract, FusedFeatures
from .feedback import Correction, learn
from .feedback_messages import Feedback, Lesson
from .inputs import READS, likings_of, scalars_of
from .layer import read_layer, write_layer
from .messages import Context, Grant, Request
from .model_file import golden_clip
from .prediction import Abilities, Clocks, ErrorCode, Prediction, PredictionError
from .predictor import Predictor
from .registry import Registry
from .strict_json import ContractError
from .wav import RawClip

_LOG = logging.getLogger(__name__)


class TorchEngine:
    """The model, its features and what it hears, as the service asks for it."""

    def __init__(self, config: Config, clocks: Clocks) -> None:
        torch.set_num_threads(1)  # more threads are slower on few cores; workers share the load instead
        extract = _extractor(config.backend)
        self._model_path, self._keeps_models = config.model_path, config.keeps_models
        self._registry = Registry(config.model_path, config.models, extract, self._remember)
        self._predictor = Predictor(extract, config.max_seconds, clocks.monotonic)
        storage = config.storage
        self._clips = ClipStore(storage, clocks.wall) if storage.raw_clips else None
        self.reload()
        self._warm_up()

    def reload(self) -> None:
        """Read the model's file again; a bad one changes nothing but the reason."""
        self._registry.reload()

    def serve(self, version: str) -> None:
        """Put this version in use, or raise ModelError and leave all as it was."""
        self._registry.serve(version)

    def roll_back(self) -> str:
        """Put the version in use that served before and return it, or raise ModelError."""
        return self._registry.roll_back()

    def shadow(self, version: str | None) -> None:
        """Let this version look on, None: none; or raise ModelError and leave all as it was."""
        self._registry.look_on(version)

    def promote(self) -> str:
        """Put the version in use that looks on and return it, or raise ModelError."""
        return self._registry.promote()

    def look_on(self, request: Request, said: Prediction) -> tuple[float, float] | None:
        """The position and confidence of the model that looks on, where the serving one said this; None without one."""
        model = self._registry.shadow
        return None if model is None else self._predictor.again(request, said, model)

    def compare(self, asked: Request) -> tuple[float, float] | None:
        """The positions of the serving model and of the one that looks on, for a corrected question."""
        serving, shadow = self._registry.current, self._registry.shadow
        if serving is None or shadow is None:
            return None
        return self._predictor.position(asked, serving), self._predictor.position(asked, shadow)

    def _remember(self, choice: shelf.Choice) -> None:
        if self._keeps_models:
            shelf.choose(self._model_path, choice)

    def abilities(self) -> Abilities:
        """Say what this engine can do now."""
        current, shadow = self._registry.current, self._registry.shadow
        return Abilities(
            model_version=current.version if current else None,
            models=self._registry.versions(),
            feature_schema=features.SCHEMA,
            reason=self._registry.reason,
            shadow=shadow.version if shadow else None,
        )

    def predict(self, device_id: str, request: Request) -> Prediction:
        """Return the answer, or raise PredictionError."""
        (outcome,) = self.predict_all(((device_id, request),))
        if isinstance(outcome, PredictionError):
            raise outcome
        return outcome

    def predict_all(self, asked: Sequence[tuple[str, Request]]) -> list[Prediction | PredictionError]:
        """Answer questions that wait together, in their order; the numbers are those of each alone."""
        if self._clips is not None:
            for device_id, request in asked:
                if isinstance(request.audio, RawClip):
                    self._keep(self._clips, device_id, request.audio)
        if (model := self._registry.current) is None:
            why = self._registry.reason or "no model is loaded"
            return [PredictionError(self._registry.code, why) for _ in asked]
        found = self._predictor.predict_all([request for _, request in asked], model)
        return [_checked(outcome) for outcome in found]

    def learn(self, feedback: Feedback) -> Lesson:
        """Return the layer that has heard of this correction, or raise PredictionError."""
        if (model := self._registry.current) is None:
            raise PredictionError(ErrorCode.NO_MODEL, self._registry.reason or "no model is loaded")
        asked = feedback.asked
        try:
            before = read_layer(asked.layer)
        except ContractError as error:
            raise PredictionError(ErrorCode.INVALID, error.message) from error
        sound = self._predictor.sound_of(asked)
        correction = Correction(
            scalars_of(asked),
            likings_of(asked),
            torch.full((len(READS),), torch.nan) if sound is None else sound,
            feedback.position,
        )
        return Lesson(write_layer(learn(model.network, correction, before)), model.version)

    def _keep(self, clips: ClipStore, device_id: str, clip: RawClip) -> None:
        try:
            clips.keep(device_id, clip)
        except OSError as error:
            _LOG.warning("A clip could not be kept: %s", error)

    def _warm_up(self) -> None:
        """The first call of each torch function is slow: make it before anybody waits."""
        if self._registry.current is not None:
            grant = Grant(act=False, low=0, high=100, min_confidence=1, ttl_s=1)
            question = Request("warm-up", grant, temperature=21, humidity=50, audio=golden_clip(), context=Context())
            self._predictor.predict(question, self._registry.current)


def _checked(outcome: Prediction | PredictionError) -> Prediction | PredictionError:
    if isinstance(outcome, Prediction) and not math.isfinite(outcome.confidence):
        return PredictionError(ErrorCode.PREDICTION, "the model answered with something that is no number")
    return outcome


def _extractor(backend: Backend) -> Extract:
    match backend:
        case Backend.TORCH:
            return FusedFeatures()
        case Backend.LIBROSA:
            # Only who asks for it waits for librosa.
            from .librosa_features import librosa_features  # noqa: PLC0415

            return librosa_features
