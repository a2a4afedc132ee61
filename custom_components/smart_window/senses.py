"""What a window measured and heard, and what of it is fresh enough for a question. Pure."""

from collections.abc import Mapping

from .changes import Changes, Reading
from .contract import AudioFormat, Chunk, Heard, HeardFeatures, Humidity, Sound, Temperature
from .hearing import Hearing
from .settings import HubSettings
from .trend import Trend
from .trigger import Values

JUST_TEMPERATURE, JUST_HUMIDITY = Changes(temperature=True), Changes(humidity=True)
"""A reading came, and nothing else changed: the same ones each time."""

type Measured = Temperature | Humidity | Chunk | Sound | HeardFeatures


class Senses:
    """One window's thermometer, hygrometer and ear."""

    def __init__(self) -> None:
        self.temperature: Reading | None = None
        self.humidity: Reading | None = None
        self.level: Reading | None = None
        """Of the last clip, in dB re full scale; A-weighted where the window measured it."""
        self.noise_level: Reading | None = None
        """dB(A), as a sound meter shows it, where the window's microphone is calibrated."""
        self.levels: Mapping[str, float] = {}
        """dB by name, as the window measured them last: la_10 and la_90 are exceeded for 10 % and 90 % of the time."""
        self._warms, self._dampens = Trend(), Trend()
        self._hearing = Hearing()

    def take(self, message: Measured, announced: AudioFormat | None, at: float, wall: float) -> Changes:
        """Take a reading or a piece of sound. `at` is -inf for a kept reading: it is shown, and nothing rests on it."""
        match message:
            case Temperature(celsius):
                self.temperature = Reading(celsius, at, wall)
                self._warms.notice(self.temperature)
                return JUST_TEMPERATURE
            case Humidity(percent):
                self.humidity = Reading(percent, at, wall)
                self._dampens.notice(self.humidity)
                return JUST_HUMIDITY
            case sound:
                heed = self._hearing.take(sound, announced, at)
                if heed.level is not None:
                    self.level = Reading(heed.level, at, wall)
                if heed.noise is not None:
                    self.noise_level = Reading(heed.noise, at, wall)
                if heed.features is not None:
                    self.levels = heed.features.levels
                return Changes(
                    level=heed.level is not None,
                    clip=heed.clip,
                    features=heed.features,
                    clips_given_up=self._hearing.expire(at),
                )

    def expire(self, now: float) -> int:
        """Give up clips that are not whole in time; how many were given up since the last call."""
        return self._hearing.expire(now)

    def values(self, now: float, settings: HubSettings) -> Values:
        """What is fresh enough for a question."""
        return Values(
            temperature=_fresh(self.temperature, now, settings.reading_valid_s),
            humidity=_fresh(self.humidity, now, settings.reading_valid_s),
            level=_fresh(self.level, now, settings.clip_valid_s),
            clips=self._hearing.clips,
        )

    def trends(self) -> tuple[float | None, float | None]:
        """Of temperature, K/h, and humidity, %/h."""
        return self._warms.per_hour(self.temperature), self._dampens.per_hour(self.humidity)

    def noise(self, now: float, settings: HubSettings) -> float | None:
        """dB(A), where the window measures that."""
        return _fresh(self.noise_level, now, settings.clip_valid_s)

    def heard(self, now: float, settings: HubSettings) -> Heard | None:
        """The latest sound or features, None when they are too old."""
        return self._hearing.latest(now, settings.clip_valid_s)

    def knows_anything(self, now: float, settings: HubSettings) -> bool:
        """Whether there is something to ask about."""
        values = self.values(now, settings)
        known = values.temperature is not None or values.humidity is not None
        return known or self.heard(now, settings) is not None

    @property
    def wake_at(self) -> float | None:
        """When a clip under way is given up."""
        return self._hearing.wake_at


def _fresh(reading: Reading | None, now: float, valid_s: float) -> float | None:
    return reading.value if reading is not None and now - reading.at <= valid_s else None
