"""What a window heard: chunks become clips, clips have a level, and the latest of them goes into questions. Pure."""

from dataclasses import dataclass, replace

from .clips import Clip, ClipAssembler, clip_of, level_dbfs
from .contract import AudioFormat, Chunk, ContractError, Heard, HeardFeatures, Sound
from .contract.audio import checked_sound

LEVEL_NAME, NOISE_NAME = "la_eq", "spl_eq"
"""Among the levels of a window that sends features alone: the equivalent level in dB(A) re full scale, and the same in
dB(A) as a sound meter shows it, which only a window with a calibrated microphone knows."""


@dataclass(frozen=True, slots=True)
class Heed:
    """What one message of sound brought: its level and noise, and a clip or features if they can be used."""

    level: float | None = None
    """dB re full scale."""
    noise: float | None = None
    """dB(A)."""
    clip: Clip | None = None
    features: HeardFeatures | None = None


class Hearing:
    """One window's ear."""

    def __init__(self) -> None:
        self.clips = 0
        """How many clips (or sets of features) were heard."""
        self.given_up = 0
        """Clips that never became whole, or that no request can carry."""
        self._assembler = ClipAssembler()
        self._latest: Heard | None = None
        self._at = float("-inf")

    def take(self, message: Chunk | Sound | HeardFeatures, announced: AudioFormat | None, now: float) -> Heed:
        """Take a message of sound. Chunks of a window that announced no format give a level alone."""
        match message:
            case Chunk():
                pcm = self._assembler.take(message, now)
                return Heed() if pcm is None else self._whole(pcm, announced, now)
            case Sound():
                return self._clip(message, now)
            case features:
                self._keep(features, now)
                levels = features.levels
                return Heed(level=levels.get(LEVEL_NAME), noise=levels.get(NOISE_NAME), features=features)

    def expire(self, now: float) -> int:
        """Give up what is not whole in time; how many clips were given up since the last call."""
        self._assembler.expire(now)
        count = self._assembler.given_up + self.given_up
        self._assembler.given_up = self.given_up = 0
        return count

    def latest(self, now: float, valid_s: float) -> Heard | None:
        """The latest sound or features, None when they are older than `valid_s`."""
        return self._latest if now - self._at <= valid_s else None

    @property
    def wake_at(self) -> float | None:
        """When a clip under way is given up."""
        return self._assembler.wake_at

    def _whole(self, pcm: bytes, announced: AudioFormat | None, now: float) -> Heed:
        if announced is None:
            return Heed(level=level_dbfs(pcm))
        try:
            checked = checked_sound(announced.rate, 1, pcm, "clip")
        except ContractError:
            self.given_up += 1
            return Heed()
        return self._clip(replace(checked, full_scale_db=announced.full_scale_db), now)

    def _clip(self, sound: Sound, now: float) -> Heed:
        clip = clip_of(sound)
        self._keep(clip.sound, now)
        return Heed(level=clip.level_dbfs, clip=clip)

    def _keep(self, heard: Heard, now: float) -> None:
        self._latest, self._at = heard, now
        self.clips += 1
