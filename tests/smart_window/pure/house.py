"""A window of the tests: its messages, and a Home Assistant that plays the turns as the shell does."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from custom_components.smart_window.contract import (
    AnswerError,
    Context,
    ControlResult,
    Guard,
    Operation,
    Reason,
    Request,
    Response,
    ResponseError,
    Result,
    State,
    Temperature,
)
from custom_components.smart_window.decision import Decision, Why
from custom_components.smart_window.inference_services import ServiceView
from custom_components.smart_window.presence import HEARTBEAT_S
from custom_components.smart_window.settings import HubSettings, Mode
from custom_components.smart_window.window import Changes, Window, WindowMessage

WALL = 1_700_000_000.0
STATE = State(
    session="s1",
    rev=1,
    hand_id=None,
    position=30.0,
    target=30.0,
    operation=Operation.IDLE,
    rain=False,
    obstacle=False,
    fault=None,
)


def answer(
    request: Request,
    *,
    acted: bool = False,
    position: float = 70.0,
    confidence: float = 0.9,
    error: AnswerError | None = None,
) -> Response:
    """The service's answer to a request."""
    return Response(
        correlation_id=request.correlation_id,
        position=None if error else position,
        confidence=None if error else confidence,
        reasons=() if error else (Reason("noise", -12.5),),
        model_version="m-1",
        timings_ms={"model": 1.5},
        acted=acted,
        error=None if error is None else ResponseError(error, "it could not"),
    )


def result(request: Request, what: Result) -> ControlResult:
    """The window's answer to what the model commanded."""
    return ControlResult(request.correlation_id, what)


@dataclass
class House:
    """One window and its turns. Every question that leaves stands in `asked`."""

    settings: HubSettings = field(default_factory=HubSettings)
    mode: Mode = Mode.AUTOMATIC
    now: float = 1000.0
    services: ServiceView = field(default_factory=ServiceView)
    asked: list[Request] = field(default_factory=list)
    on_ask: Callable[[Request], None] = lambda _: None
    """Called when a question leaves."""
    device: State = STATE
    context: Context = field(default_factory=lambda: Context(hour=12.5))

    def __post_init__(self) -> None:
        self.window = Window("bedroom", "home", self.settings, mode=self.mode)

    @property
    def wall(self) -> float:
        return WALL + self.now

    def is_asking(self) -> bool:
        return self.window.question is not None

    def decision(self) -> Decision:
        return self.window.decide(self.now, self.services)

    def guard(self) -> Guard:
        guard = self.decision().guard
        assert guard is not None
        return guard

    def why(self) -> Why:
        return self.window.reason(self.decision())

    def hear(self, message: WindowMessage, *, retained: bool = False) -> Changes:
        changes = self.window.apply(message, self.now, self.wall, retained=retained)
        self.turn()
        return changes

    def turn(self) -> None:
        decision = self.decision()
        if decision.guard is not None:
            self.window.guard_sent(decision.guard, self.now)
        if self.window.due(self.now, decision) is not None:
            request = self.window.ask(f"q{len(self.asked)}", decision, self.now, self.wall, self.context)
            self.on_ask(request)
            self.asked.append(request)

    @property
    def next(self) -> State:
        """The window's state with the next rev, for `replace`."""
        return replace(self.device, rev=self.device.rev + 1)

    def report(self, state: State | None = None, *, retained: bool = False) -> Changes:
        """The window reports this state, else the one that it has."""
        self.device = state or self.device
        return self.hear(self.device, retained=retained)

    def wait(self, seconds: float, *, alive: bool = True) -> list[Changes]:
        """Time passes; whenever it asked to be woken it is. A window that is alive repeats its state."""
        until, found = self.now + seconds, []
        while self.now < until:
            beat = min(until, self.now + HEARTBEAT_S)
            while (at := self.window.wake_at(self.now)) is not None and at <= beat:
                assert at > self.now
                self.now = at
                found.append(self.window.tick(self.now, self.wall))
                self.turn()
            self.now = beat
            if alive:
                self.report()
        return [changes for changes in found if changes]

    def temperature(self, celsius: float) -> Changes:
        return self.hear(Temperature(celsius))

    def settle(self) -> House:
        """The window is there, settled, and idle: a first question was asked and answered."""
        self.report()
        self.wait(self.settings.settle_s)
        self.temperature(20.0)
        self.finish()
        self.wait(max(self.settings.min_interval_s, 1))
        self.asked.clear()
        return self

    def finish(self) -> None:
        """The question that is out is answered without an act."""
        assert self.is_asking()
        self.hear(answer(self.asked[-1]))
