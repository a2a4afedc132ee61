"""What a window is told that came in no message: what its chosen entities say, and what its owner set anew."""

from collections.abc import Callable

from homeassistant.config_entries import ConfigEntry, ConfigEntryChange
from homeassistant.core import HomeAssistant, callback

from .adoption import adopted
from .clock import Clock
from .contract import Lock
from .keeper import Keeper
from .roster import Roster
from .station import Station
from .surroundings import Observer, differ
from .watch import Watch
from .window import Changes

type Follow = Callable[[Station, Changes, float | None], None]
"""What follows from a change, where the window stood before it, percent."""


class Upkeep:
    """One per hub. Not thread-safe: the event loop's alone."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        clock: Clock,
        roster: Roster,
        observer: Observer,
        keeper: Keeper,
        watch: Watch,
        follow: Follow,
    ) -> None:
        self._hass, self._entry = hass, entry
        self._clock = clock
        self._roster = roster
        self._observer = observer
        self._keeper = keeper
        self._watch = watch
        self._follow = follow
        self._adopted = adopted(entry)

    @callback
    def changed(self, station: Station) -> None:
        """An entity that counts for a window says something else."""
        if differ(station.window.surroundings, self._observer.read(station.device_id)):
            self.surround(station)

    @callback
    def surround(self, station: Station) -> None:
        """Tell a window what its chosen entities say."""
        position, around = station.position, self._observer.read(station.device_id)
        changes = station.window.surround(around, self._clock.now())
        self._follow(station, changes, position)

    @callback
    def entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        """What is set for a window may be another now. Only that window is touched."""
        if change is not ConfigEntryChange.UPDATED or entry.entry_id != self._entry.entry_id:
            return
        if adopted(self._entry) != self._adopted:
            self._hass.config_entries.async_schedule_reload(self._entry.entry_id)
            return
        if not self._keeper.set_anew():
            return
        for station in self._roster:
            window = station.window
            own = self._keeper.own(station.device_id, locked=window.own.lock is Lock.CHILD)
            other = self._observer.watch(station.device_id, self._keeper.chosen(station.device_id))
            if other or own != window.own:
                window.set_own(own)
                self.surround(station)
                self.tell_of_removed(station)

    @callback
    def tell_of_removed(self, station: Station) -> None:
        """Which of a window's chosen entities are gone."""
        self._watch.entities(station, self._observer.removed(station.device_id))
