"""Watches the entities that the owner chose for each window, and tells the window what they say."""

from collections.abc import Callable, Collection
from dataclasses import replace

from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util

from .chosen import Chosen
from .clock import Clock
from .forecast import Forecasts
from .inputs import Absence, ClimateRuns, Input, Missing, Surroundings
from .outdoors import Outdoors, read_outdoors
from .sources import climate_runs, find, measured, says_yes

type Changed = Callable[[str], None]
"""Called with the id of the window around which something changed."""


class Observer:
    """One for the house. `paused` is the owner's switch for all windows."""

    def __init__(self, hass: HomeAssistant, clock: Clock, house: Chosen, changed: Changed) -> None:
        self._hass = hass
        self._clock = clock
        self._house = house
        self._changed = changed
        self._own: dict[str, Chosen] = {}
        self._chosen: dict[str, Chosen] = {}
        self._ends: dict[str, CALLBACK_TYPE] = {}
        self.forecasts = Forecasts(hass, self._forecast_changed)
        self.paused = False

    @callback
    def start(self) -> None:
        """Fetch forecasts from now on."""
        self.forecasts.start(self._weathers)

    @callback
    def stop(self) -> None:
        """Watch nothing any more."""
        self.forecasts.stop()
        for device_id in tuple(self._ends):
            self.unwatch(device_id)

    @callback
    def watch(self, device_id: str, own: Chosen) -> bool:
        """Watch what was chosen for this window, and what holds for the house. False: it is watched already."""
        chosen = own.within(self._house)
        if self._chosen.get(device_id) == chosen:
            return False
        self.unwatch(device_id)
        self._own[device_id], self._chosen[device_id] = own, chosen
        if not chosen.entities:
            return True

        @callback
        def heard(_: Event[EventStateChangedData]) -> None:
            self._changed(device_id)

        self._ends[device_id] = async_track_state_change_event(self._hass, sorted(chosen.entities), heard)
        return True

    @callback
    def unwatch(self, device_id: str) -> None:
        """The window is gone."""
        self._own.pop(device_id, None)
        self._chosen.pop(device_id, None)
        if (end := self._ends.pop(device_id, None)) is not None:
            end()

    def removed(self, device_id: str | None) -> list[str]:
        """The entities that were chosen for a window alone, or for the house (None), and were deleted."""
        chosen = self._house if device_id is None else self._own.get(device_id, Chosen())
        return [one for one in sorted(chosen.entities) if find(self._hass, one) is Absence.REMOVED]

    def read(self, device_id: str) -> Surroundings:
        """What all of them say now."""
        return _Look(self._hass, self._chosen.get(device_id, self._house), self._clock.wall(), self.forecasts).all(
            paused=self.paused
        )

    def _weathers(self) -> frozenset[str]:
        return frozenset(chosen.weather for chosen in self._chosen.values() if chosen.weather is not None)

    def _forecast_changed(self) -> None:
        for device_id, chosen in tuple(self._chosen.items()):
            if chosen.weather is not None:
                self._changed(device_id)


def differ(before: Surroundings, after: Surroundings) -> bool:
    """In anything but the time, which goes on by itself."""
    return replace(before, local_minute=None) != replace(after, local_minute=None)


class _Look:
    """One look at everything around one window; keeps a list of what is missing."""

    def __init__(self, hass: HomeAssistant, chosen: Chosen, wall: float, forecasts: Forecasts) -> None:
        self._hass = hass
        self._chosen = chosen
        self._wall = wall
        self._forecasts = forecasts
        self._weather = read_outdoors(hass, chosen.weather, wall)
        self._missing: list[Missing] = []

    def all(self, *, paused: bool) -> Surroundings:
        """Every input."""
        local = dt_util.now()
        return Surroundings(
            outdoor_temperature=self._number(Input.OUTDOOR_TEMPERATURE),
            outdoor_humidity=self._number(Input.OUTDOOR_HUMIDITY),
            wind_speed=self._number(Input.WIND_SPEED),
            gust_speed=self._number(Input.GUST_SPEED),
            rain=self._any(Input.RAIN, self._weather.rain),
            rain_soon_s=self._rain_soon(),
            hail=self._any(Input.HAIL, self._weather.hail),
            alarms=self._alarms(),
            co2=self._number(Input.CO2),
            voc=self._number(Input.VOC),
            pm25=self._number(Input.PM25),
            room_temperature=self._number(Input.ROOM_TEMPERATURE),
            room_humidity=self._number(Input.ROOM_HUMIDITY),
            noise=self._number(Input.NOISE),
            occupied=self._any(Input.OCCUPIED),
            contact=self._any(Input.CONTACT),
            climate=self._climate(),
            anybody_home=self._any(Input.ANYBODY_HOME),
            local_minute=local.hour * 60 + local.minute + local.second / 60,
            paused=paused,
            missing=tuple(self._missing),
        )

    def _number(self, source: Input) -> float | None:
        """The sensor's word; where it has none, the weather's."""
        entity_id = self._chosen.measured.get(source)
        own = Absence.NOT_CHOSEN if entity_id is None else measured(self._hass, entity_id, source, self._wall)
        if not isinstance(own, Absence):
            return own
        weather = _of_weather(self._weather, source)
        if not isinstance(weather, Absence):
            return weather
        self._miss(source, own if own is not Absence.NOT_CHOSEN else weather)
        return None

    def _any(self, source: Input, weather: bool | Absence = Absence.NOT_CHOSEN) -> bool | None:  # noqa: FBT001 - a reading
        """True when any says so; None when none does and one is not known."""
        said: list[bool | Absence] = [says_yes(self._hass, one) for one in self._chosen.noticed.get(source, ())]
        if weather is not Absence.NOT_CHOSEN:
            said.append(weather)
        if any(one is True for one in said):
            return True
        return self._none_of(source, said)

    def _none_of(self, source: Input, said: Collection[bool | Absence]) -> bool | None:
        unknown = [one for one in said if isinstance(one, Absence)]
        for cause in unknown:
            self._miss(source, cause)
        return None if unknown or not said else False

    def _alarms(self) -> tuple[str, ...] | None:
        chosen = self._chosen.noticed.get(Input.ALARMS, ())
        said = {entity_id: says_yes(self._hass, entity_id) for entity_id in chosen}
        on = tuple(self._name(entity_id) for entity_id, word in said.items() if word is True)
        if on:
            return on
        return () if self._none_of(Input.ALARMS, said.values()) is False else None

    def _name(self, entity_id: str) -> str:
        state = self._hass.states.get(entity_id)
        return entity_id if state is None else state.name

    def _climate(self) -> ClimateRuns | None:
        entity_id = self._chosen.climate
        runs = Absence.NOT_CHOSEN if entity_id is None else climate_runs(self._hass, entity_id)
        if isinstance(runs, Absence):
            self._miss(Input.CLIMATE, runs)
            return None
        return runs

    def _rain_soon(self) -> float | None:
        if self._chosen.weather is None:
            return None
        seconds = self._forecasts.rain_in_s(self._chosen.weather, self._wall)
        if seconds is None:
            self._miss(Input.RAIN_SOON, Absence.UNAVAILABLE)
        return seconds

    def _miss(self, source: Input, cause: Absence) -> None:
        missing = Missing(source, cause)
        if cause is not Absence.NOT_CHOSEN and missing not in self._missing:
            self._missing.append(missing)


def _of_weather(weather: Outdoors, source: Input) -> float | Absence:
    match source:
        case Input.OUTDOOR_TEMPERATURE:
            return weather.temperature
        case Input.OUTDOOR_HUMIDITY:
            return weather.humidity
        case Input.WIND_SPEED:
            return weather.wind_speed
        case Input.GUST_SPEED:
            return weather.gust_speed
        case _:
            return Absence.NOT_CHOSEN
