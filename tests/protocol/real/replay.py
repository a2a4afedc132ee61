"""Paths of the search, played step by step with the real parts."""

from collections.abc import Iterator
from random import Random

from ..steps import Step, steps, take
from ..story import told
from ..world import World
from .house import RealHouse
from .likeness import differences


def replay(start: World, trace: tuple[Step, ...]) -> str:
    """Where reality and the model part on this trace, told in words; "" when they never do."""
    house, world = RealHouse(start), start
    apart, done = differences(house, world), 0
    while not apart and done < len(trace):
        world = take(world, trace[done])
        assert not world.bad, world.bad
        house.take(trace[done])
        if not world.remains("restart"):
            house.home.save()
        done += 1
        apart = differences(house, world)
    return "\n  ".join(("", *told(start, trace[:done]), *apart)) if apart else ""


def walks(start: World, random: Random, count: int, longest: int = 60) -> Iterator[tuple[Step, ...]]:
    """Random walks through the scene: each to a rest, or `longest` steps."""
    for _ in range(count):
        world, trace = start, list[Step]()
        while len(trace) < longest and (choices := list(_that_change(world))):
            step, world = random.choice(choices)
            trace.append(step)
        yield tuple(trace)


def as_far_as_it_goes(start: World, trace: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps of a trace of a weaker contract that happen under the whole one, too."""
    world, done = start, list[Step]()
    for step in trace:
        after = next((after for possible, after in _that_change(world) if possible == step), None)
        if after is not None:
            world = after
            done.append(step)
    return tuple(done)


def _that_change(world: World) -> Iterator[tuple[Step, World]]:
    for step in steps(world):
        after = take(world, step)
        if after is not world:
            yield step, after
