"""A trace told in words, with the messages that it moves."""

from collections.abc import Iterator, Sequence

from .messages import Control
from .steps import Step, take
from .world import World


def told(start: World, trace: Sequence[Step]) -> Iterator[str]:
    """One line for each step."""
    world = start
    for number, step in enumerate(trace, 1):
        yield f"{number:2}. {_line(world, step)}"
        world = take(world, step)


def _line(world: World, step: Step) -> str:
    if step.what != "deliver":
        return f"{step.what} {step.which}".strip()
    message = getattr(world.broker, step.which)[0]
    if isinstance(message, Control):
        message = message[:-1]
    whom = "home" if step.which.endswith("home") else "the window"
    return f"{whom} gets {message}"
