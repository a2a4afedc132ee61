"""What the owner can do to a window."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError

from .clock import Clock
from .command import Outbox, command_error
from .contract import Action, Control, Lock, Source
from .hands import HoldCause
from .origin import Origins
from .roster import Roster
from .settings import Mode
from .station import Expected, Station
from .store import Memory


class Owner:
    """Commands, modes, holds, and which windows there are. Each raises HomeAssistantError when it cannot be done."""

    def __init__(
        self,
        clock: Clock,
        roster: Roster,
        outbox: Outbox,
        origins: Origins,
        memory: Memory,
        changed: Callable[[Station], None],
    ) -> None:
        """`changed` lets follow what follows from it: the guard, a question, the entities."""
        self._clock = clock
        self._roster = roster
        self._outbox = outbox
        self._origins = origins
        self._memory = memory
        self._changed = changed

    async def move(
        self, station: Station, context: Context | None, *, position: float | None = None, action: Action | None = None
    ) -> None:
        """Command a window and wait for its answer. A person's hold is on disk before the command leaves."""
        window = station.window
        if not self._outbox.connected:
            raise command_error("mqtt_disconnected")
        if not station.online or window.state is None:
            raise command_error("window_offline", name=station.name)
        source = self._source(context)
        cause = HoldCause.PERSON if source is Source.USER else HoldCause.AUTOMATION
        if source is Source.USER or window.settings.automations_are_hands:
            source = Source.USER
            window.take_hand(self._clock.now(), self._clock.wall(), cause)
            await self._memory.save()
        control = Control(
            source=source,
            command_id=self._clock.new_id(),
            position=position,
            action=action,
            session=window.state.session,
            rev=window.state.rev,
            ts=self._clock.wall(),
        )
        expected = None if position is None else Expected(control.command_id, position)
        station.expected = expected
        try:
            # The guard that goes with the hold follows at once: it must not wait for the window's answer.
            await self._outbox.command(station.device_id, control, lambda: self._changed(station))
        except HomeAssistantError:
            if station.expected is expected:
                station.expected = None
                station.tell()
            raise
        if expected is not None:
            expected.taken = True

    async def move_plain(self, station: Station, context: Context | None, position: float) -> None:
        """Tell an adopted plain device where to go. It can refuse nothing, so machines may not move it."""
        if not self._outbox.connected:
            raise command_error("mqtt_disconnected")
        if not station.online:
            raise command_error("window_offline", name=station.name)
        if self._source(context) is not Source.USER and not station.window.settings.automations_are_hands:
            raise command_error("plain_refuses_machines", name=station.name)
        await self._outbox.number(station.device_id, position)

    async def set_mode(self, station: Station, mode: Mode) -> None:
        """How far a window may go by itself."""
        station.window.set_mode(mode)
        self._changed(station)
        await self._memory.save()

    async def lock(self, station: Station, *, locked: bool) -> None:
        """Let the buttons of a window do nothing, or something again."""
        window = station.window
        window.set_own(replace(window.own, lock=Lock.CHILD if locked else Lock.NONE))
        self._changed(station)
        await self._memory.save()

    async def hold(self, station: Station, context: Context | None, length_s: float | None) -> None:
        """Hold a window where it stands: for so long, or as the house holds after a hand."""
        by_person = self._source(context) is Source.USER
        cause = HoldCause.PERSON if by_person else HoldCause.AUTOMATION
        station.window.take_hand(self._clock.now(), self._clock.wall(), cause, length_s)
        await self._memory.save()
        self._changed(station)

    async def release(self, station: Station) -> None:
        """End the hold."""
        station.window.release()
        self._changed(station)
        await self._memory.save()

    async def remove(self, device_id: str) -> None:
        """Remove a window; it stays removed until it is allowed again."""
        self._roster.forget_without_registry(device_id)
        self._roster.removed.add(device_id)
        self._outbox.forget(device_id)
        await self._memory.save()

    async def allow_again(self, device_ids: Iterable[str]) -> None:
        """Let removed windows appear again with their next message."""
        self._roster.removed.difference_update(device_ids)
        await self._memory.save()

    def _source(self, context: Context | None) -> Source:
        return Source.USER if context is None else self._origins.source(context.id, context.parent_id)

    def take_over(self, device_id: str) -> bool:
        """Guard a window although another Home Assistant does. False: there is no such window, or no broker."""
        station = self._roster.get(device_id)
        if station is None or not self._outbox.connected:
            return False
        station.window.take_over()
        self._changed(station)
        return True

    def clear_control(self, device_id: str) -> bool:
        """Clear a command that somebody left on the broker. False: there is no broker."""
        return self._outbox.clear_control(device_id)
