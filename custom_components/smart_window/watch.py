"""Notices what is wrong for a while, and says so in repairs."""

from asyncio import TimerHandle
from typing import Final

from homeassistant.core import HomeAssistant, callback

from .alerts import Alerts
from .contract import ServiceState
from .inference_services import ServiceView
from .issues import Issue, Issues
from .question import How
from .station import Station
from .window import Changes
from .wording import Wording

MQTT_GONE_S: Final = 60.0
SERVICE_OFFLINE_S: Final = 120.0
TIMEOUTS_IN_A_ROW: Final = 3


class Watch:
    """A short absence is nothing to tell anybody; a longer one is."""

    def __init__(self, hass: HomeAssistant, issues: Issues, alerts: Alerts, wording: Wording) -> None:
        self._hass = hass
        self._issues = issues
        self._alerts = alerts
        self._wording = wording
        self._mqtt_timer: TimerHandle | None = None
        self._service_timer: TimerHandle | None = None
        self._offline_long = False
        self._timeouts = 0

    @callback
    def connection(self, *, connected: bool) -> None:
        """MQTT came or went."""
        _cancel(self._mqtt_timer)
        self._mqtt_timer = None
        if connected:
            self._issues.put(Issue.MQTT_GONE, holds=False)
        else:
            self._mqtt_timer = self._hass.loop.call_later(MQTT_GONE_S, self._mqtt_is_gone)

    @callback
    def services(self, view: ServiceView) -> None:
        """What the inference services say of themselves changed."""
        version = view.other_contract
        self._issues.put(Issue.SERVICE_CONTRACT, words={"version": str(version)}, holds=version is not None)
        if view.state is not ServiceState.OFFLINE:
            _cancel(self._service_timer)
            self._service_timer = None
            self._offline_long = False
            if view.state is ServiceState.READY:
                self._timeouts = 0
        elif self._service_timer is None and not self._offline_long:
            self._service_timer = self._hass.loop.call_later(SERVICE_OFFLINE_S, self._service_is_gone)
        self._tell_of_service()

    @callback
    def window(self, station: Station, changes: Changes) -> None:
        """Something about a window changed."""
        window = station.window
        other = window.contract_mismatch
        words = {"name": station.name, "version": str(other)}
        self._issues.put(Issue.WINDOW_CONTRACT, station.device_id, words, holds=other is not None)
        decision = station.decision
        blocked = None if decision is None else decision.could_not_close
        about = {"name": station.name} | ({} if blocked is None else {"blocked": self._wording.blocked(blocked)})
        self._issues.put(Issue.COULD_NOT_CLOSE, station.device_id, about, holds=blocked is not None)
        self._alerts.put(Issue.COULD_NOT_CLOSE, station.device_id, about, holds=blocked is not None)
        oscillates = decision is not None and decision.oscillates
        self._issues.put(Issue.OSCILLATES, station.device_id, {"name": station.name}, holds=oscillates)
        foreign = window.foreign_hub is not None
        self._issues.put(Issue.FOREIGN_GUARD, station.device_id, {"name": station.name}, holds=foreign)
        if changes.ended is not None:
            self._timeouts = self._timeouts + 1 if changes.ended.how is How.NO_ANSWER else 0
            self._tell_of_service()

    @callback
    def entities(self, station: Station | None, removed: list[str]) -> None:
        """Entities that were chosen, for a window or for the house, and are no more."""
        about, name = ("", "Smart Window") if station is None else (station.device_id, station.name)
        words = {"name": name, "entities": ", ".join(removed)}
        self._issues.put(Issue.ENTITY_REMOVED, about, words, holds=bool(removed))

    @callback
    def close(self) -> None:
        """Watch no longer."""
        _cancel(self._mqtt_timer)
        _cancel(self._service_timer)
        self._mqtt_timer = self._service_timer = None

    def _mqtt_is_gone(self) -> None:
        self._mqtt_timer = None
        self._issues.put(Issue.MQTT_GONE, holds=True)

    def _service_is_gone(self) -> None:
        self._service_timer = None
        self._offline_long = True
        self._tell_of_service()

    def _tell_of_service(self) -> None:
        missing = self._offline_long or self._timeouts >= TIMEOUTS_IN_A_ROW
        self._issues.put(Issue.SERVICE_MISSING, holds=missing)


def _cancel(timer: TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
