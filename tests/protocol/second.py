"""A second Home Assistant on the same broker: it hears guards, and publishes its own when it may."""

from dataclasses import dataclass, fields
from operator import attrgetter

from .messages import Content, Guard
from .rules import Rules

HUB = 2


@dataclass(slots=True, eq=False)
class SecondHome:
    """It has a state of the window, and no hand there."""

    foreign: bool = True
    told: bool = False
    sent: Content | None = None
    auto: bool = True
    queue: tuple[Guard, ...] = ()
    inbox: tuple[Guard, ...] = ()

    def key(self) -> tuple[object, ...]:
        return _key(self)

    def copy(self) -> SecondHome:
        return SecondHome(*_key(self))

    def hears(self, guard: Guard, rules: Rules) -> None:
        self.foreign = guard.content.hub != HUB and "yield" in rules.words
        self.guards()

    def takes_over(self) -> None:
        self.foreign = False
        self.guards()

    def guards(self) -> None:
        """Publish the guard if it must."""
        if self.foreign:
            self.told = False
            return
        wanted = Content(HUB, self.auto)
        if not self.told or wanted != self.sent:
            self.sent, self.told = wanted, True
            self.queue += (Guard(wanted),)


_key = attrgetter(*(field.name for field in fields(SecondHome)))
