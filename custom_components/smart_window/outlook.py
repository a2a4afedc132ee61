"""What a window knows of the world around it: its surroundings, the hazards that reign, the time of the day. Pure."""

from dataclasses import replace

from .decision.hazards import Hazards, levels
from .inputs import Surroundings
from .settings import HubSettings, WindowSettings
from .settings.bounds import MINUTES_OF_A_DAY


class Outlook:
    """One window's."""

    def __init__(self, hazards: Hazards) -> None:
        self.hazards = hazards
        self.surroundings = Surroundings()
        self.inputs_at: float | None = None
        """When the surroundings were first told; None: never."""
        self._started: float | None = None
        self._local: tuple[float, float] | None = None

    def surround(self, surroundings: Surroundings, now: float) -> bool:
        """Take what the chosen entities say; True when they say something else than before, but for the time."""
        first = self.inputs_at is None
        self.inputs_at = now if self.inputs_at is None else self.inputs_at
        before, self.surroundings = self.surroundings, surroundings
        self._local = None if surroundings.local_minute is None else (surroundings.local_minute, now)
        return not first and before != replace(surroundings, local_minute=before.local_minute)

    def look(self, now: float, own: WindowSettings, house: HubSettings, *, wet: bool) -> bool:
        """Look which hazards reign; True when one began or ended. `wet`: the window's own sensor feels rain."""
        self._started = now if self._started is None else self._started
        before = self.hazards
        found = levels(self.surroundings, own, house, wet=wet, before=before)
        self.hazards = before.at(found, now, started=self._started, calm_s=house.calm_s)
        return not self.hazards.same_reign(before)

    def local_minute(self, now: float) -> float | None:
        """Minutes after local midnight; None: nobody told."""
        if self._local is None:
            return None
        minute, at = self._local
        return (minute + (now - at) / 60) % MINUTES_OF_A_DAY

    def minutes_until(self, minute: float, now: float) -> float | None:
        """Minutes until the next time that the local clock shows this minute; None: nobody told the time."""
        local = self.local_minute(now)
        if local is None:
            return None
        return (minute - local) % MINUTES_OF_A_DAY or MINUTES_OF_A_DAY
