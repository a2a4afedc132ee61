"""The hub: subscribes once per kind of message, hands each to its window, and lets follow what follows."""

import asyncio
import time
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from homeassistant.components import mqtt
from homeassistant.components.script.const import EVENT_SCRIPT_STARTED
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import instance_id
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started

from .adoption import adopted
from .alerts import Alerts
from .asking import GUARD_EVERY_S, Asker
from .chronicle import Chronicle
from .clock import Clock
from .command import Outbox
from .const import EVENT_AUTOMATION_TRIGGERED
from .contract import (
    Address,
    Control,
    Feedback,
    Learnt,
    MessageKind,
    ModelOrder,
    ModelsInUse,
    OtherContract,
    Request,
    ServiceState,
    State,
    Status,
    Topics,
)
from .decisions import Decisions
from .errands import Errand, Errands
from .happenings import happenings
from .inbox import Inbox
from .inference_services import Services
from .introductions import Introductions
from .issues import Issues
from .keeper import Keeper
from .leftovers import Leftovers
from .monitor import Monitor
from .options import house_chosen, hub_settings
from .origin import Origins
from .owner import Owner
from .recording import Recording
from .recording_options import recording_options
from .roster import Roster
from .router import SUBSCRIPTIONS, Router
from .senses import JUST_HUMIDITY, JUST_TEMPERATURE
from .station import Station
from .store import Memory, Stored
from .surroundings import Observer
from .teaching import Teaching
from .upkeep import Upkeep
from .watch import Watch
from .window import Changes, Window, WindowMessage
from .wording import Wording

type SmartWindowConfigEntry = ConfigEntry[Hub]

_NOBODYS: Final = (Request, Status, Feedback, ModelOrder, ModelsInUse)
"""Messages that are no window's and not for one; a tuple, since a union would be made anew for each message."""

AT_A_TIME: Final = 2
"""Windows whose minute is dealt with in one go: some milliseconds."""

KEPT_AT_A_TIME: Final = 100
"""Windows that are looked at for the store in one go: some milliseconds."""


class Hub:
    """One entry: all windows under one prefix."""

    def __init__(self, hass: HomeAssistant, entry: SmartWindowConfigEntry) -> None:
        self.hass = hass
        self.entry = entry
        self.settings = hub_settings(entry.data, entry.options)
        self.adopted = adopted(entry)
        self.clock = Clock(hass.loop)
        self.topics = Topics(self.settings.prefix)
        self.router = Router(self.topics)
        self.inbox = Inbox(hass.loop, time.perf_counter, self._deal_with)
        self.errands = Errands(hass.loop, time.perf_counter, self._run)
        self.outbox = Outbox(hass, self.topics)
        self.services = Services()
        self.issues = Issues(hass, entry.entry_id)
        self.alerts = Alerts(hass)
        self.wording = Wording(hass)
        self.watch = Watch(hass, self.issues, self.alerts, self.wording)
        self.decisions = Decisions(hass, entry.entry_id)
        self.origins = Origins()
        self.keeper = Keeper(entry, self.clock, self.settings)
        self.roster = Roster(hass, entry.entry_id, self._make_window)
        self.observer = Observer(hass, self.clock, house_chosen(entry.options), self._surroundings_changed)
        self.leftovers = Leftovers(self.roster, self.issues, self.outbox)
        self.memory = Memory(hass, entry.entry_id, self._collect, self._collect_in_turns)
        self.recording = Recording(
            hass, entry.entry_id, recording_options(entry.options), self.clock, self.issues, self.wording
        )
        self.monitor = Monitor(
            self.clock,
            self.roster,
            self.router,
            self.outbox,
            self.services,
            self.issues,
            self.wording,
            lambda: self.recording,
        )
        self.teaching = Teaching(self.clock, self.outbox, self.services, self._layers_changed)
        self.chronicle = Chronicle(
            self.clock, self.services, lambda: self.recording, self.monitor.saw, self.teaching.corrected
        )
        self.asker = Asker(
            hass,
            self.clock,
            self.outbox,
            lambda: self.services.view,
            wake=self._wake,
            asked=self.chronicle.asked,
        )
        self.owner = Owner(self.clock, self.roster, self.outbox, self.origins, self.memory, self._owner_changed)
        self.introductions = Introductions(hass, self.roster, self.topics.pattern(MessageKind.ANNOUNCE), self._receive)
        self.upkeep = Upkeep(hass, entry, self.clock, self.roster, self.observer, self.keeper, self.watch, self._follow)
        self._ends: list[CALLBACK_TYPE] = []
        self._saving: set[asyncio.Task[None]] = set()

    async def load(self) -> None:
        """Read what was kept."""
        # Other houses may read the broker: the id says which Home Assistant it is, and gives nothing else away.
        own = await instance_id.async_get(self.hass)
        self.keeper.hub_name = sha256(f"smart_window {own}".encode()).hexdigest()[:32]
        await self.alerts.load()
        await self.wording.load()
        await self.decisions.load()
        stored = await self.memory.load()
        self.keeper.take(stored)
        self.observer.paused = stored.get("paused", False)
        self.roster.removed.update(stored["removed"])
        self.roster.register_hub(self.entry.title)

    async def start(self) -> None:
        """Begin to listen. HomeAssistantError when MQTT is gone again."""
        self.recording.start()
        self.observer.start()
        every = timedelta(seconds=GUARD_EVERY_S)
        self._ends += [
            mqtt.async_subscribe_connection_status(self.hass, self._connection_changed),
            self.hass.bus.async_listen(EVENT_AUTOMATION_TRIGGERED, self._machine_ran),
            self.hass.bus.async_listen(EVENT_SCRIPT_STARTED, self._machine_ran),
            async_track_time_interval(self.hass, self._each_minute, every, cancel_on_shutdown=True),
            async_dispatcher_connect(self.hass, SIGNAL_CONFIG_ENTRY_CHANGED, self.upkeep.entry_changed),
            async_at_started(self.hass, self._home_started),
        ]
        for kind, qos in SUBSCRIPTIONS:
            if kind is MessageKind.ANNOUNCE:
                await self.introductions.start()
                continue
            pattern = self.topics.pattern(kind)
            self._ends.append(await mqtt.async_subscribe(self.hass, pattern, self._receive, qos, encoding=None))
        self.watch.connection(connected=self.outbox.connected)

    async def stop(self) -> None:
        """Listen to nothing, let nothing leave, keep what must be kept. Moves nothing."""
        while self._ends:
            self._ends.pop()()
        for station in self.roster:
            station.cancel_timer()
        self.introductions.stop()
        self.inbox.clear()
        self.errands.clear()
        self.observer.stop()
        self.watch.close()
        await self.outbox.close()
        await self.memory.save()
        await self.decisions.save()
        await self.recording.stop()
        self.issues.clear()

    async def remove(self, device_id: str) -> None:
        """The owner deletes a window."""
        self._forget(device_id)
        await self.owner.remove(device_id)

    async def pause(self, *, paused: bool) -> None:
        """The owner pauses all windows, or lets them go on."""
        self.observer.paused = paused
        for station in self.roster:
            self.errands.put(station.device_id, Errand.SURROUND)
        await self.memory.save()

    @callback
    def _receive(self, message: mqtt.ReceiveMessage) -> None:
        self.inbox.put(message)

    def _deal_with(self, message: mqtt.ReceiveMessage) -> None:
        """One message of any kind."""
        address = self.router.address(message.topic)
        if address is None:
            return
        payload = message.payload.encode() if isinstance(message.payload, str) else bytes(message.payload)
        match address.kind:
            case MessageKind.STATUS:
                self._receive_status(message.topic, address, payload)
            case _ if address.device_id in self.roster.removed:
                self.leftovers.of_removed(address.device_id, payload, retained=message.retain)
            case MessageKind.CONTROL if self.leftovers.is_command(address.device_id, payload, retained=message.retain):
                return
            case MessageKind.CONTROL if address.device_id in self.adopted:
                return  # our own number
            case _:
                self._receive_from_window(message.topic, address, payload, retained=message.retain)

    def _receive_from_window(self, topic: str, address: Address, payload: bytes, *, retained: bool) -> None:
        message = self.router.decode(topic, address, payload)
        if isinstance(message, ModelsInUse) and not retained:
            self.outbox.models_in_use(message)
        if message is None or isinstance(message, _NOBODYS):
            return
        if isinstance(message, Learnt):
            self._receive_learnt(address.device_id, message, retained=retained)
            return
        station = self.roster.admit(address.device_id, address.kind)
        if station is not None:
            self._apply(station, message, retained=retained)
        if isinstance(message, Control):
            self.chronicle.commanded(address.device_id, message)

    def _receive_learnt(self, device_id: str, learnt: Learnt, *, retained: bool) -> None:
        """It is about a window and not from one: it makes no window, and a kept one answers nobody."""
        station = self.roster.get(device_id)
        if station is not None and not retained:
            self.teaching.answered(station, learnt)

    @callback
    def _layers_changed(self, station: Station) -> None:
        self.memory.save_soon()
        station.tell()

    def _apply(self, station: Station, message: WindowMessage, *, retained: bool) -> None:
        self.errands.settle(station.device_id)
        position = station.position
        now, wall = self.clock.now(), self.clock.wall()
        changes = station.window.apply(message, now, wall, retained=retained)
        if not retained:
            self.monitor.heard(station, message, changes, now, wall)
        if isinstance(message, State):
            station.state_heard(message.command_id)
        if (changes is JUST_TEMPERATURE or changes is JUST_HUMIDITY) and not station.window.has_cover:
            self._show_reading(station, changes, now)
        elif changes:
            self._follow(station, changes, position)
        else:
            station.tell()

    def _show_reading(self, station: Station, changes: Changes, now: float) -> None:
        """A reading and nothing else came, of a window that only measures: most messages are such, and go this way."""
        rows = self.chronicle.rows(station, changes, None) if self.recording.is_on else ()
        self.roster.show(station, announced=False)
        self.asker.idle(station, now)
        station.tell(all_but="humidity" if changes is JUST_TEMPERATURE else "temperature")
        self.chronicle.put(rows)

    @callback
    def _wake(self, station: Station) -> None:
        """The time has come that a window asked to be woken at."""
        self.errands.settle(station.device_id)
        position = station.position
        self._follow(station, station.window.tick(self.clock.now(), self.clock.wall()), position)

    def _follow(self, station: Station, changes: Changes, position_before: float | None) -> None:
        """What follows from a change: the store, the record, repairs, devices, the guard, a question, the entities."""
        device_id = station.device_id
        if changes.forgotten:
            self.roster.drop(device_id)
            self._forget(device_id)
            self.memory.save_soon()
            return
        if changes.hand or changes.hold or changes.start or changes.hazard:
            self._save()
        elif changes.set_out:
            self.memory.save_soon()
        if changes.result is not None:
            self.outbox.result(changes.result)
        # Made before the turn, which may ask the next question; put away after it, so that nothing waits for them.
        rows = self.chronicle.rows(station, changes, position_before)
        self.roster.show(station, announced=changes.announce)
        if station.visible:
            self._turn(station, changes)
        if station.window.has_cover or changes.announce or changes.contract or changes.foreign_guard:
            self.watch.window(station, changes)
        self.chronicle.put(rows)
        if changes.announce:
            self.chronicle.configured(station, self.clock.wall())

    def _receive_status(self, topic: str, address: Address, payload: bytes) -> None:
        message = self.router.decode(topic, address, payload)
        if payload and not isinstance(message, Status | OtherContract):
            return
        before = self.services.view
        self.services.apply(address.device_id, message if isinstance(message, Status | OtherContract) else None)
        after = self.services.view
        self.watch.services(after)
        if after == before:
            return  # it only says again that it is there
        if after.state is ServiceState.READY and before.state is not ServiceState.READY:
            for station in self.roster:
                station.window.service_returned()
        self._turn_all()

    @callback
    def _connection_changed(self, connected: bool) -> None:  # noqa: FBT001 - Home Assistant's signature
        self.inbox.flush()
        self.watch.connection(connected=connected)
        self.monitor.connection(connected=connected)
        if not connected:
            for station in self.roster:
                station.window.disconnected()
        self._turn_all()

    @callback
    def _machine_ran(self, event: Event) -> None:
        self.origins.ran(event.context.id)

    async def _each_minute(self, _: datetime) -> None:
        self.watch.entities(None, self.observer.removed(None))
        self.recording.tell_losses()
        self.monitor.beat()
        await self.introductions.ask_again()
        if not self._ends:
            return
        for count, station in enumerate(self.roster.shown, start=1):
            if self.roster.get(station.device_id) is not station:
                continue  # it went meanwhile
            self.upkeep.surround(station)
            self.upkeep.tell_of_removed(station)
            self.asker.repeat_guard(station)
            self.monitor.look(station)
            self.chronicle.configured(station, station.configured_at)
            if count % AT_A_TIME == 0:
                # Hundreds of windows must not keep the house waiting.
                await asyncio.sleep(0)
                if not self._ends:
                    return

    async def _home_started(self, _: HomeAssistant) -> None:
        """All entities are there: what is not there now was deleted."""
        await self.observer.forecasts.fetch()
        for station in self.roster:
            self.errands.put(station.device_id, Errand.STARTED)
        self.watch.entities(None, self.observer.removed(None))

    @callback
    def _surroundings_changed(self, device_id: str) -> None:
        self.errands.put(device_id, Errand.CHANGED)

    def _run(self, device_id: str, errand: Errand) -> None:
        """Do what is due for a window, unless it went meanwhile."""
        station = self.roster.get(device_id)
        if station is None:
            return
        match errand:
            case Errand.TURN:
                self._turn(station, Changes())
            case Errand.CHANGED:
                self.upkeep.changed(station)
            case Errand.SURROUND:
                self.upkeep.surround(station)
            case Errand.STARTED:
                self.upkeep.surround(station)
                self.upkeep.tell_of_removed(station)

    def _forget(self, device_id: str) -> None:
        self.keeper.forget(device_id)
        self.observer.unwatch(device_id)
        self.decisions.forget(device_id)
        self.chronicle.forget(device_id)
        self.teaching.forget(device_id)
        self.monitor.forget(device_id)
        self.issues.drop(device_id)

    @callback
    def _owner_changed(self, station: Station) -> None:
        """The owner did something to a window."""
        self._turn(station, Changes())
        self.watch.window(station, Changes())
        self.chronicle.configured(station, self.clock.wall())

    def _save(self) -> None:
        task = self.hass.async_create_task(self.memory.save_next(), "smart_window save")
        self._saving.add(task)
        task.add_done_callback(self._saving.discard)

    def _turn_all(self) -> None:
        for station in self.roster.shown:
            self.errands.put(station.device_id, Errand.TURN)

    def _turn(self, station: Station, changes: Changes) -> None:
        """Decide anew, and tell the entities and whoever wants to hear what happened."""
        if not station.window.has_cover:
            self.asker.idle(station, self.clock.now())
            station.tell()
            return
        before, state = station.decision, station.window.state
        after = self.asker.turn(station)
        differs = self.decisions.note(station.device_id, after, station.why or after.why, self.clock.wall())
        self.chronicle.turned(station, after, changes, differs=differs)
        station.tell()
        held = station.window.hands.hold is not None
        turned, station.held = held if held != station.held else None, held
        for told in happenings(before, after, changes, commanded=station.commanded, held=turned):
            station.happened(told)
        station.commanded = after.command or station.commanded
        if station.commanded is not None and state is not None and state.target == station.commanded.position:
            station.commanded = None

    def _make_window(self, device_id: str) -> Window:
        window = self.keeper.make(device_id)
        self.observer.watch(device_id, self.keeper.chosen(device_id))
        window.surround(self.observer.read(device_id), self.clock.now())
        return window

    def _collect(self) -> Stored:
        for station in self.roster:
            self.keeper.keep(station)
        return self._kept()

    async def _collect_in_turns(self) -> Stored:
        for count, station in enumerate(tuple(self.roster), start=1):
            if self.roster.get(station.device_id) is station:  # else it went meanwhile
                self.keeper.keep(station)
            if count % KEPT_AT_A_TIME == 0:
                await asyncio.sleep(0)
        return self._kept()

    def _kept(self) -> Stored:
        return self.keeper.kept(self.roster.removed, paused=self.observer.paused)
