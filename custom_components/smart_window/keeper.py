"""What is known of each window before it is heard: what was stored of it, and what its owner set for it."""

from collections.abc import Mapping
from dataclasses import replace
from operator import is_
from typing import Any

from homeassistant.config_entries import ConfigEntry

from .chosen import Chosen
from .clock import Clock
from .const import SUBENTRY_WINDOW
from .contract import Lock
from .decision import Hazards
from .hands import Hands
from .last_move import LastMove
from .layers import Layers
from .settings import HubSettings, SettingsError, WindowSettings
from .station import Station
from .store import Stored, StoredWindow, stored_mode
from .window import Window
from .window_options import sections_of, window_chosen, window_settings


class Keeper:
    """Makes windows as they were left, and collects what is to be left of them."""

    def __init__(self, entry: ConfigEntry, clock: Clock, settings: HubSettings) -> None:
        self._entry = entry
        self._clock = clock
        self._settings = settings
        self._stored: dict[str, StoredWindow] = {}
        self._set = self._what_is_set()
        self.hub_name = ""
        """What this Home Assistant calls itself in a guard."""

    def take(self, stored: Stored) -> None:
        """What the store held."""
        self._stored = stored["windows"]

    def forget(self, device_id: str) -> None:
        """Nothing of it is to be left."""
        self._stored.pop(device_id, None)

    def make(self, device_id: str) -> Window:
        """The window as it was left; a new one is set to advise."""
        own, stored = self.own(device_id, locked=self._locked(device_id)), self._stored.get(device_id)
        if stored is None:
            return Window(device_id, self.hub_name, self._settings, own=own)
        now, wall = self._clock.now(), self._clock.wall()
        window = Window(
            device_id,
            self.hub_name,
            self._settings,
            mode=stored_mode(stored),
            hands=Hands.from_dict(stored["hands"], now, wall),
            own=own,
            hazards=Hazards.from_dict(stored.get("hazards"), now, wall),
            last_move=LastMove.from_dict(stored.get("last_move")),
        )
        window.layers = Layers.from_dict(stored.get("layers"))
        return window

    def set_anew(self) -> bool:
        """Whether the owner set anything since the last call.

        Home Assistant tells of a changed entry for each window that it discovers, too; what is set is held by the same
        objects then.
        """
        before, self._set = self._set, self._what_is_set()
        return len(before) != len(self._set) or not all(map(is_, before, self._set, strict=True))

    def own(self, device_id: str, *, locked: bool) -> WindowSettings:
        """What is set for it. Settings that fit no more, after a new version, give the defaults."""
        try:
            own = window_settings(self._said(device_id))
        except SettingsError:
            own = WindowSettings()
        return replace(own, lock=Lock.CHILD) if locked else own

    def chosen(self, device_id: str) -> Chosen:
        """The entities that were chosen for it."""
        return window_chosen(self._said(device_id))

    def keep(self, station: Station) -> None:
        """Look at what is to be left of a window."""
        window = station.window
        self._stored[station.device_id] = StoredWindow(
            mode=window.mode,
            hands=dict(window.hands.to_dict()),
            hazards=dict(window.hazards.to_dict(self._clock.now(), self._clock.wall())),
            child_lock=window.own.lock is Lock.CHILD,
            last_move=None if window.last_move is None else dict(window.last_move.to_dict()),
            layers=dict(window.layers.to_dict()),
        )

    def kept(self, removed: set[str], *, paused: bool) -> Stored:
        """What is to be left of all: as they were looked at last, or as they were left before."""
        known = {device_id: kept for device_id, kept in self._stored.items() if device_id not in removed}
        return Stored(windows=known, removed=sorted(removed), paused=paused)

    def subentry_id(self, device_id: str) -> str | None:
        """The subentry that holds what is set for it."""
        return next(
            (
                one.subentry_id
                for one in self._entry.subentries.values()
                if one.subentry_type == SUBENTRY_WINDOW and one.unique_id == device_id
            ),
            None,
        )

    def _what_is_set(self) -> tuple[Mapping[str, object], ...]:
        return (self._entry.options, *(subentry.data for subentry in self._entry.subentries.values()))

    def _said(self, device_id: str) -> Mapping[str, Mapping[str, Any]]:
        subentry_id = self.subentry_id(device_id)
        return {} if subentry_id is None else sections_of(self._entry.subentries[subentry_id].data)

    def _locked(self, device_id: str) -> bool:
        stored = self._stored.get(device_id)
        return stored is not None and stored.get("child_lock", False)
