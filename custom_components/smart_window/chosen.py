"""Which entities the owner chose for a window, and for the house: as the options hold them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from .inputs import Input

MEASURED: Final = (
    Input.OUTDOOR_TEMPERATURE,
    Input.OUTDOOR_HUMIDITY,
    Input.WIND_SPEED,
    Input.GUST_SPEED,
    Input.CO2,
    Input.VOC,
    Input.PM25,
    Input.ROOM_TEMPERATURE,
    Input.ROOM_HUMIDITY,
    Input.NOISE,
)
"""One sensor each."""
NOTICED: Final = (Input.RAIN, Input.HAIL, Input.ALARMS, Input.OCCUPIED, Input.CONTACT, Input.ANYBODY_HOME)
"""Several entities each, any of which is enough."""
WEATHER: Final = "weather"
"""Stands for all that no sensor was chosen for."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Entity ids."""

    measured: Mapping[Input, str] = field(default_factory=dict)
    noticed: Mapping[Input, tuple[str, ...]] = field(default_factory=dict)
    weather: str | None = None
    climate: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        """From the options, their sections laid flat. What is no entity id is left out."""
        one = {source: str(found) for source in MEASURED if (found := values.get(source))}
        several = {source: found for source in NOTICED if (found := tuple(_ids(values.get(source))))}
        return cls(one, several, _id(values.get(WEATHER)), _id(values.get(Input.CLIMATE)))

    def within(self, house: Chosen) -> Chosen:
        """This choice, with the house's where the window has none of its own."""
        return Chosen(
            {**house.measured, **self.measured},
            {**house.noticed, **self.noticed},
            self.weather or house.weather,
            self.climate or house.climate,
        )

    @property
    def entities(self) -> frozenset[str]:
        """All of them."""
        several = (entity_id for entity_ids in self.noticed.values() for entity_id in entity_ids)
        one = (entity_id for entity_id in (self.weather, self.climate) if entity_id is not None)
        return frozenset((*self.measured.values(), *several, *one))


def _id(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _ids(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        yield from (found for one in value if (found := _id(one)) is not None)
    elif (found := _id(value)) is not None:
        yield found
