"""The turn of a window: decide, command, guard, ask when it is time, wake when time alone brings news."""

import logging
from collections.abc import Callable
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .clock import Clock
from .command import Outbox
from .contract import Context, Guard, Request
from .decision import Decision
from .inference_services import ServiceView
from .inputs import Surroundings
from .question import Question, Wish
from .station import Station
from .window import Window

_LOGGER = logging.getLogger(__name__)

GUARD_EVERY_S: Final = 60.0
"""A window forgets its guard after five minutes without one (contract)."""

MOST_CO2: Final = 40_000.0
"""ppm: what a request may hold (contract)."""

type Asked = Callable[[Station, Request, Question], None]


class Asker:
    """Plays the turns of all windows. `wake` is called when a window's time has come."""

    def __init__(
        self,
        hass: HomeAssistant,
        clock: Clock,
        outbox: Outbox,
        services: Callable[[], ServiceView],
        *,
        wake: Callable[[Station], None],
        asked: Asked,
    ) -> None:
        self._hass = hass
        self._clock = clock
        self._outbox = outbox
        self._services = services
        self._wake = wake
        self._asked = asked

    @callback
    def turn(self, station: Station) -> Decision:
        """Bring everything that follows from the window's state up to date. Call after anything that changed."""
        window, now = station.window, self._clock.now()
        was_online = station.online
        self._see_online(station, now)
        decision = window.decide(now, self._services())
        station.decision = decision
        if decision.command is not None:
            # Before the guard, whose change would make its fence old.
            self._command(station, decision)
        if decision.guard is None:
            station.guard = None
        elif (
            (station.online and not was_online)
            or station.guarded_session != _session(window)
            or not _same(station.guard, decision.guard)
        ):
            self._send_guard(station, decision.guard)
        if window.due(now, decision) is not None and self._outbox.connected:
            self._ask(station, decision)
        station.why = window.reason(decision)
        self._schedule(station)
        return decision

    @callback
    def idle(self, station: Station, now: float) -> None:
        """The turn of a window that only measures: there is nothing to decide, to guard or to ask."""
        self._see_online(station, now)
        if station.timer is None or station.timer.when() <= now:
            # What it waits for, its silence, only moves on with each reading: the timer that stands plans anew.
            self._schedule(station)

    @callback
    def ask_for(self, station: Station, decision: Decision, wish: Wish) -> str:
        """A person asks; the question's id. ValueError when a question is out, or there is nothing to ask about."""
        request = self._ask(station, decision, wish)
        self._schedule(station)
        return request.correlation_id

    @callback
    def repeat_guard(self, station: Station) -> None:
        """Say again what machines may do, so that the window knows that somebody is there."""
        if station.decision is not None and station.decision.guard is not None:
            self._send_guard(station, station.decision.guard)

    def _command(self, station: Station, decision: Decision) -> None:
        if not self._outbox.connected:
            return
        control = station.window.command(self._clock.new_id(), decision, self._clock.now(), self._clock.wall())
        self._outbox.machine(station.device_id, control)

    def _send_guard(self, station: Station, guard: Guard) -> None:
        if self._outbox.guard(station.device_id, guard, self._clock.wall()):
            station.guard = guard
            station.guarded_session = _session(station.window)
            station.window.guard_sent(guard, self._clock.now())

    def _ask(self, station: Station, decision: Decision, owner: Wish | None = None) -> Request:
        window = station.window
        context = _context(window.surroundings)
        request = window.ask(
            self._clock.new_id(), decision, self._clock.now(), self._clock.wall(), context, owner=owner
        )
        self._outbox.request(station.device_id, request)
        if window.question is not None:
            self._asked(station, request, window.question)
        return request

    def _schedule(self, station: Station) -> None:
        now = self._clock.now()
        if station.timer is not None and station.timer.when() <= now:
            return  # it is due, and plans the next one itself
        at = station.window.wake_at(now)
        if station.timer is not None and at is not None and station.timer.when() <= at:
            return  # it wakes too soon and then plans anew, which is less than to plan with each reading
        station.cancel_timer()
        if at is not None:
            station.timer = self._hass.loop.call_at(at, self._due, station)

    def _see_online(self, station: Station, now: float) -> None:
        was_online, station.online = station.online, self._outbox.connected and station.window.online(now)
        if was_online != station.online:
            _LOGGER.info("Window %s is %s", station.device_id, "online" if station.online else "unavailable")

    def _due(self, station: Station) -> None:
        station.timer = None
        self._wake(station)


def _session(window: Window) -> str | None:
    return None if window.state is None else window.state.session


def _same(sent: Guard | None, wanted: Guard) -> bool:
    return sent is not None and sent.same_content(wanted)


def _context(around: Surroundings) -> Context:
    """What the model is told beside the window's own readings. What is not known is left out."""
    local = dt_util.now()
    return Context(
        outdoor_temperature=around.outdoor_temperature,
        outdoor_humidity=around.outdoor_humidity,
        wind_speed=around.wind_speed,
        rain=around.rain,
        hour=local.hour + local.minute / 60,
        co2=None if around.co2 is None else min(max(around.co2, 0.0), MOST_CO2),
        occupied=around.occupied,
        running_mean=around.running_mean,
        weekday=local.weekday(),
    )
