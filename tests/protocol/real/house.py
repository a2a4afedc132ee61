"""The real parts on a broker of queues: every step of the model is taken here with real code and real bytes."""

from collections.abc import Mapping
from typing import Final, Literal

from custom_components.smart_window.contract import Lock, MessageKind, Source, encode
from custom_components.smart_window.settings import Mode
from simulator.device.words import Button

from ..broker import REPEATED
from ..messages import Aim
from ..second import HUB
from ..steps import AIMS, Step
from ..world import World
from .home import RealHome
from .window import RealWindow
from .wire import Wire, answer_of_service, control_of_service

type Queue = Literal["home_device", "service_device", "home_service", "device_home", "service_home"]

COMMANDS: Final[Mapping[str, tuple[Source, Aim]]] = {
    "click_open": (Source.USER, 2),
    "click_close": (Source.USER, 0),
    "click_stop": (Source.USER, "stop"),
    "click_home": (Source.USER, "home"),
    "click_clear": (Source.USER, "clear"),
    "automation": (Source.AUTOMATION, 2),
    "auto_close": (Source.AUTOMATION, 0),
    "auto_stop": (Source.AUTOMATION, "stop"),
    "auto_clear": (Source.AUTOMATION, "clear"),
    "hazard": (Source.SAFETY, 0),
    "safety_clear": (Source.SAFETY, "clear"),
    "safety_open": (Source.SAFETY, 2),
}
_NEW_ID: Final[Mapping[Source, int]] = {Source.USER: 200, Source.AUTOMATION: 400, Source.SAFETY: 400}


class RealHouse:
    """A window, Home Assistant (two in some scenes), a service that answers as told, and what is on its way."""

    def __init__(self, start: World) -> None:
        self._hubs = start.rules.hubs
        first = None if not start.home.session else self._first_state(start)
        self.home = RealHome(1, start.home, first=first)
        self.kept_guard = self._first_guard(start)
        self.window = RealWindow(start, self.kept_guard.payload)
        self.kept_state = self.window.state_wire()
        self.state_before: Wire | None = None
        self.queues: dict[Queue, list[Wire]] = {
            "home_device": [],
            "service_device": [],
            "home_service": [],
            "device_home": [],
            "service_home": [],
        }
        self.waiting: list[Wire] = []
        """In Home Assistant's client: the connection is gone, or the broker has not taken it yet."""
        self.second = RealHome(HUB, start.home, first=first) if self._hubs else None
        self.second_waiting: list[Wire] = []
        self.second_inbox: list[Wire] = []
        if self.second is not None:
            self.second.hear(self.kept_guard)
            self.second.out.clear()
        if first is None:
            self._to_home(self.kept_state)
        self._last: dict[str, list[Wire]] = {"home_device": [], "service_device": [], "home_service": []}
        self._ids: dict[int, int] = {}
        self._sessions = 1

    @staticmethod
    def _first_state(start: World) -> Wire:
        return RealWindow(start, _plain_guard(start).payload).state_wire()

    def _first_guard(self, start: World) -> Wire:
        return _plain_guard(start) if self.home.guard is None else Wire(MessageKind.GUARD, encode(self.home.guard))

    def take(self, step: Step) -> None:
        """The step in reality."""
        if step.what == "event":
            self._event(step.which)
        elif step.what == "deliver":
            self._deliver(step.which)
        elif step.what in AIMS:
            self._serve(AIMS[step.what])
        else:
            self._by_itself(step.what)
        self._collect()

    # --- what leaves

    def _collect(self) -> None:
        """What the parts published goes on its way."""
        told, self.window.out = self.window.out, []
        for wire in told:
            self._tell(wire)
        sent, self.home.out = self.home.out, []
        for wire in sent:
            if self.home.link and not self._hubs:
                self._at_broker(wire)
            else:
                self.waiting.append(wire)
        if self.second is not None:
            self.second_waiting += self.second.out
            self.second.out = []

    def _tell(self, wire: Wire) -> None:
        if wire.kind is MessageKind.STATE:
            self.state_before, self.kept_state = self.kept_state, wire
            if self.second is not None:
                self.second.hear(wire)
        self._to_home(wire)

    def _to_home(self, wire: Wire) -> None:
        if self.home.link:
            self.queues["device_home"].append(wire)

    def _at_broker(self, wire: Wire) -> None:
        if wire.kind is MessageKind.REQUEST:
            self.queues["home_service"].append(wire)
            return
        if wire.kind is MessageKind.GUARD:
            self.kept_guard = wire
            if self._hubs:
                self._to_home(wire)
                self.second_inbox.append(wire)
        self._to_window(wire)

    def _to_window(self, wire: Wire) -> None:
        if self.window.connected:
            self.queues["home_device"].append(wire)

    # --- what arrives

    def _deliver(self, queue: str) -> None:
        match queue:
            case "home_device" | "service_device":
                wire = self.queues[queue].pop(0)
                self._remember(queue, wire)
                if wire.kind is MessageKind.GUARD:
                    self.window.take_guard(wire.payload, retained=wire.retained)
                else:
                    self.window.take_control(wire.payload)
            case "device_home" | "service_home":
                self.home.hear(self.queues[queue].pop(0))
            case _:
                raise AssertionError(queue)

    def _serve(self, aims: tuple[int, ...]) -> None:
        request = self.queues["home_service"].pop(0)
        self._remember("home_service", request)
        if self.window.connected:
            self.queues["service_device"] += [
                Wire(MessageKind.CONTROL, control_of_service(request.payload, aim)) for aim in aims
            ]
        if not self.home.link:
            return
        answer = Wire(MessageKind.RESPONSE, answer_of_service(request.payload, acted=bool(aims)))
        if aims:
            self.home.hear(answer)  # it must change nothing that the protocol rests on, whenever it comes
        else:
            self.queues["service_home"].append(answer)

    def _remember(self, queue: str, wire: Wire) -> None:
        self._last[queue] = [*self._last[queue], wire][-REPEATED:]

    # --- what happens by itself

    def _by_itself(self, what: str) -> None:
        if not (self._between_hubs(what) or self._by_itself_at_the_window(what)):
            self._by_itself_at_home(what)

    def _between_hubs(self, what: str) -> bool:
        match what:
            case "broker takes":
                self._at_broker(self.waiting.pop(0))
            case "broker takes from second":
                self._at_broker(self.second_waiting.pop(0))
            case "second hears" if self.second is not None:
                self.second.hear(self.second_inbox.pop(0))
            case _:
                return False
        return True

    def _by_itself_at_the_window(self, what: str) -> bool:
        match what:
            case "sash moves":
                self.window.sash_moves()
            case "leave ends":
                self.window.until_leave_ends()
            case "retry":
                self.window.until_next_try()
            case "close alone":
                self.window.until_it_closes_alone()
            case "reconnect":
                self._connect()
            case "heartbeat":
                self._tell(self.window.state_wire())
            case _:
                return False
        return True

    def _by_itself_at_home(self, what: str) -> None:
        match what:
            case "link is back":
                self._link_is_back()
            case "save":
                self.home.save()
            case "ask":
                self.home.ask(self._id(300))
            case "repeat guard":
                self.home.repeat_guard()
            case "half an hour":
                self.home.wait_for_the_heartbeat()
            case "give up" | "give up early":
                self.home.give_up()
            case _:
                raise AssertionError(what)

    def _connect(self, *, repeat: bool = False) -> None:
        old = self.state_before
        self._sessions += 1
        self.window.connect(self._sessions)
        self._collect()
        if repeat and old is not None:
            self.kept_state = old
            self._to_home(old)
        self._to_window(self.kept_guard._replace(retained=True))

    def _link_is_back(self) -> None:
        self.home.link_is_back()
        waiting, self.waiting = self.waiting, []
        for wire in waiting:
            self._at_broker(wire)
        self._collect()
        self._to_home(self.kept_state._replace(retained=True))

    # --- the outside world

    def _event(self, event: str) -> None:
        if event in COMMANDS:
            source, aim = COMMANDS[event]
            self.home.command(source, aim, self._id(_NEW_ID[source]))
        elif event.startswith("dup_"):
            queue = event.removeprefix("dup_")
            assert queue in {"home_device", "service_device", "home_service"}
            self.queues[queue] = [*self._last[queue], *self.queues[queue]]  # type: ignore[index]
        elif not (self._event_at_the_window(event) or self._event_between(event)):
            self._event_at_home(event)

    def _event_at_the_window(self, event: str) -> bool:
        window = self.window
        match event:
            case "press":
                closed = window.device.state().target in {0.0, None}
                window.press(Button.OPEN if closed else Button.CLOSE, self._id(100))
            case "press_stop":
                window.press(Button.STOP, self._id(100))
            case "rain":
                window.rain()
            case "stall":
                window.stall()
            case "guard_old":
                window.until_guard_is_old()
            case "stranger_open" | "stranger_stop":
                aim = '"position": 100' if event == "stranger_open" else '"action": "stop"'
                window.take_control(f'{{{aim}, "source": "automation", "command_id": "c{self._id(400)}"}}'.encode())
            case _:
                return False
        return True

    def _event_between(self, event: str) -> bool:
        match event:
            case "reading":
                self.home.reading()
            case "link":
                self.home.link = False
                self._home_goes()
            case "restart":
                self._restart()
            case "drop" | "resend" | "off" | "reboot":
                self._window_goes(event)
            case "deaf":
                said = self.queues["device_home"]
                self.queues["device_home"] = [wire for wire in said if wire.kind is MessageKind.GUARD]
            case "lose":
                self.queues["service_device"], self.queues["home_service"] = [], []
            case _:
                return False
        return True

    def _event_at_home(self, event: str) -> None:
        home = self.home
        match event:
            case "advise" | "auto":
                home.choose(Mode.ADVISE if event == "advise" else Mode.AUTOMATIC)
            case "narrow":
                home.narrow()
            case "child" | "full" | "unlock":
                home.lock(Lock.NONE if event == "unlock" else Lock(event))
            case "resume":
                home.resume()
            case "take_over":
                home.take_over()
            case "second_takes_over" if self.second is not None:
                self.second.take_over()
            case "second_advises" if self.second is not None:
                self.second.choose(Mode.ADVISE)
            case _:
                raise AssertionError(event)

    def _restart(self) -> None:
        self.home.restart()
        self.waiting = []
        self._home_goes()
        if self._hubs:
            self._to_home(self.kept_guard._replace(retained=True))
        self._to_home(self.kept_state._replace(retained=True))

    def _window_goes(self, event: str) -> None:
        self.window.disconnect()
        self.queues["home_device"], self.queues["service_device"] = [], []
        self.queues["device_home"] = [wire for wire in self.queues["device_home"] if wire.kind is MessageKind.GUARD]
        if event == "reboot":
            self.window.lose_power()
        if event != "off":
            self._connect(repeat=event == "resend")

    def _home_goes(self) -> None:
        self.queues["device_home"], self.queues["service_home"] = [], []

    def _id(self, kind: int) -> int:
        self._ids[kind] = self._ids.get(kind, 0) + 1
        return kind + self._ids[kind]


def _plain_guard(start: World) -> Wire:
    """The guard in force at the beginning."""
    said = start.device.guard
    assert said is not None
    payload = (
        f'{{"hub": "u{said.hub}", "machines": true, "min": 0, "max": 100, "lock": "none",'
        f' "rain_position": {said.rain_position * 50}, "microphone": true}}'
    )
    return Wire(MessageKind.GUARD, payload.encode())
