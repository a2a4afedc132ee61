"""The room behind a window as its sensors see it: the physics, or the values that the bench fixed."""

from .profile import WindowProfile
from .room import Air, Room


class Microclimate:
    """Air that follows the opening, unless the profile says steady or the bench fixed a value."""

    def __init__(self, profile: WindowProfile, now: float) -> None:
        self._profile = profile
        self._room = Room(Air(profile.temperature, profile.humidity))
        self._outdoor = Air(profile.outdoor.temperature, profile.outdoor.humidity)
        self._now = now
        self.fixed_temperature: float | None = None
        self.fixed_humidity: float | None = None

    @property
    def air(self) -> Air:
        """What the sensors say now."""
        air = self._room.air
        return Air(
            air.temperature if self.fixed_temperature is None else self.fixed_temperature,
            air.humidity if self.fixed_humidity is None else self.fixed_humidity,
        )

    def advance(self, now: float, position: float | None) -> None:
        """Let time pass at the present opening; an unknown one counts as closed."""
        if not self._profile.steady:
            seconds = (now - self._now) * self._profile.speed
            self._room.advance(seconds, position or 0.0, self._outdoor, self._profile.outdoor.wind)
        self._now = now
