"""Which hazards reign at a window, and since when. Levels with hysteresis, not edges. Pure and frozen.

A hazard begins at its limit and is over when it was below its end, known, for `calm_s`. While its source is silent it
goes on, for an hour at most: unknown is not harmless.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from custom_components.smart_window.contract import ContractError
from custom_components.smart_window.contract.fields import Fields, listed, number, word
from custom_components.smart_window.inputs import Surroundings
from custom_components.smart_window.settings import HazardKind, HubSettings, WindowSettings

from .trace import Fact

UNKNOWN_GOES_ON_S = 3600.0
FIRST_LOOK_S = 60.0
"""So long after a start the sources appear one after the other. One that appears later tells of something new."""
WIDE_OPEN = 100.0
"""A hazard with this position does not concern the window."""

BY_WINDOW = "window"
"""The fact of a rain that the window's own sensor feels."""
OUTDOORS = "outdoors"

_seconds = number(0, 1e11)


@dataclass(frozen=True, slots=True)
class Hazard:
    """One that reigns. `since` and `seen_at` (when it was last above its end) are monotonic seconds.

    `value` is what was looked at last: m/s, °C, seconds until rain, the names of alarms, or who feels the rain.
    """

    kind: HazardKind
    since: float
    seen_at: float
    value: Fact


@dataclass(frozen=True, slots=True)
class Level:
    """One source at one moment. `begins`: at its limit or beyond. `goes_on`: not below its end. None: not known."""

    begins: bool | None
    goes_on: bool | None
    value: Fact


@dataclass(frozen=True, slots=True)
class Hazards:
    """The hazards of one window. `known`: sources that were known at least once since the start."""

    reign: tuple[Hazard, ...] = ()
    known: frozenset[HazardKind] = frozenset()

    def at(
        self,
        levels: Mapping[HazardKind, Level],
        now: float,
        *,
        started: float,
        calm_s: float,
    ) -> Self:
        """The same after a look at all levels.

        One that reigns at the first look since `started` began then at the latest, before any hand that is seen now.
        """
        before = {hazard.kind: hazard for hazard in self.reign}
        reign: list[Hazard] = []
        for kind, level in levels.items():
            hazard = before.get(kind)
            if hazard is None:
                if level.begins:
                    first_look = kind not in self.known and now - started <= FIRST_LOOK_S
                    since = started if first_look else now
                    reign.append(Hazard(kind, since, now, level.value))
            elif level.goes_on:
                reign.append(replace(hazard, seen_at=now, value=level.value))
            elif now < hazard.seen_at + (UNKNOWN_GOES_ON_S if level.goes_on is None else calm_s):
                reign.append(hazard)
        known = self.known | {kind for kind, level in levels.items() if level.begins is not None}
        return replace(self, reign=tuple(reign), known=known)

    def same_reign(self, other: Hazards) -> bool:
        """True when the same hazards reign since the same moments: nothing is to be stored."""
        return [(one.kind, one.since) for one in self.reign] == [(one.kind, one.since) for one in other.reign]

    def moments(self, calm_s: float) -> tuple[float, ...]:
        """When time alone may end one."""
        ends = (hazard.seen_at + after for hazard in self.reign for after in (calm_s, UNKNOWN_GOES_ON_S))
        return tuple(ends)

    def to_dict(self, now: float, wall: float) -> Mapping[str, object]:
        """For the store, as JSON: since when each one reigns (Unix seconds)."""
        reign = [{"kind": hazard.kind, "since": max(0.0, wall - (now - hazard.since))} for hazard in self.reign]
        return {"reign": reign}

    @classmethod
    def from_dict(cls, data: object, now: float, wall: float) -> Self:
        """From the store; anything that does not fit gives none. One that does no longer reign ends as any other."""
        try:
            stored = Fields.of(data, "hazards").need("reign", listed(_stored, 0, len(HazardKind)))
        except ContractError:
            return cls()
        reign = {kind: Hazard(kind, now - max(0.0, wall - since), now, None) for kind, since in stored}
        return cls(tuple(reign.values()), frozenset(reign))


def levels(
    surroundings: Surroundings, own: WindowSettings, house: HubSettings, *, wet: bool, before: Hazards
) -> Mapping[HazardKind, Level]:
    """Every source of a hazard that concerns this window. `wet`: its own sensor feels rain."""
    s, positions = surroundings, hazard_positions(own, house)
    alarms = None if s.alarms is None else bool(s.alarms)
    found = {
        HazardKind.RAIN: _rain(s.rain, wet=wet, before=before),
        HazardKind.RAIN_SOON: _below(s.rain_soon_s, own.rain_soon_minutes * 60, 0.0),
        HazardKind.WIND: _above(s.wind_speed, own.wind_limit, own.wind_hysteresis),
        HazardKind.GUST: _above(s.gust_speed, own.gust_limit, own.gust_hysteresis),
        HazardKind.HAIL: Level(s.hail, s.hail, s.hail),
        HazardKind.FROST: _below(s.outdoor_temperature, own.frost_limit, own.frost_hysteresis),
        HazardKind.ALARM: Level(alarms, alarms, ", ".join(s.alarms or ())),
    }
    return {kind: level for kind, level in found.items() if positions[kind] < WIDE_OPEN}


def hazard_positions(own: WindowSettings, house: HubSettings) -> Mapping[HazardKind, float]:
    """Where each hazard puts the window, percent."""
    return {
        HazardKind.RAIN: house.rain_position if own.rain_position is None else own.rain_position,
        HazardKind.RAIN_SOON: own.rain_soon_position,
        HazardKind.WIND: own.wind_position,
        HazardKind.GUST: own.gust_position,
        HazardKind.HAIL: own.hail_position,
        HazardKind.FROST: own.frost_position,
        HazardKind.ALARM: own.alarm_position,
    }


def _rain(outdoors: bool | None, *, wet: bool, before: Hazards) -> Level:  # noqa: FBT001 - a reading, no switch
    if wet:
        return Level(begins=True, goes_on=True, value=BY_WINDOW)
    if outdoors is not None:
        return Level(outdoors, outdoors, OUTDOORS)
    felt = next((hazard.value for hazard in before.reign if hazard.kind is HazardKind.RAIN), BY_WINDOW)
    dry = False if felt == BY_WINDOW else None
    return Level(dry, dry, felt)


def _above(value: float | None, limit: float, hysteresis: float) -> Level:
    return Level(None, None, None) if value is None else Level(value >= limit, value >= limit - hysteresis, value)


def _below(value: float | None, limit: float, hysteresis: float) -> Level:
    return Level(None, None, None) if value is None else Level(value <= limit, value <= limit + hysteresis, value)


def _stored(value: object, where: str) -> tuple[HazardKind, float]:
    fields = Fields.of(value, where)
    return fields.need("kind", word(HazardKind)), fields.need("since", _seconds)
