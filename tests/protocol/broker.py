"""What is on its way, and what the broker keeps. One queue per publisher and subscriber, any delay."""

from dataclasses import dataclass, fields
from operator import attrgetter

from .messages import Answer, Content, Control, Guard, Question, Result, State, ToDevice, ToHome

_STATE = State(1, 1, 0, 0, wet=False, bad=False)
_GUARD = Guard(Content())

REPEATED = 2
"""So many last messages of a queue may come again."""


@dataclass(slots=True, eq=False)
class Broker:
    state: State = _STATE
    """The kept state of the window."""
    state_before: State | None = None
    """The one that was kept before: an outbox may repeat it."""
    guard: Guard = _GUARD
    home_device: tuple[ToDevice, ...] = ()
    service_device: tuple[Control, ...] = ()
    home_service: tuple[Question, ...] = ()
    device_home: tuple[ToHome, ...] = ()
    service_home: tuple[Answer, ...] = ()
    last_home_device: tuple[ToDevice, ...] = ()
    last_service_device: tuple[Control, ...] = ()
    last_home_service: tuple[Question, ...] = ()

    def key(self) -> tuple[object, ...]:
        return _key(self)

    def copy(self) -> Broker:
        return Broker(*_key(self))

    def keep(self, state: State) -> None:
        self.state_before, self.state = self.state, state

    def home_goes(self) -> None:
        """What was on its way to Home Assistant is lost."""
        self.device_home, self.service_home = (), ()

    def device_goes(self) -> None:
        """What was on its way to and from the window is lost; a hub's guard on its way to another one is not."""
        self.home_device, self.service_device = (), ()
        self.device_home = tuple(message for message in self.device_home if isinstance(message, Guard))

    def carries(self, question: int) -> bool:
        """Something that belongs to this question is still on its way."""
        ids = [asked.id for asked in self.home_service]
        ids += [control.id for control in self.service_device]
        ids += [answer.id for answer in self.service_home]
        ids += [message.id for message in self.home_device if isinstance(message, Control)]
        ids += [message.id for message in self.device_home if isinstance(message, Result)]
        return question in ids


_key = attrgetter(*(field.name for field in fields(Broker)))
