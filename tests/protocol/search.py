"""Breadth first over every order of events: the first trace found to a violation is a shortest one."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter

from .rest import wrong_at_rest
from .steps import Step, steps, take
from .world import Key, World

MOST_STATES = 2_000_000


class Trail:
    """How each state was reached: its predecessor and the step."""

    def __init__(self) -> None:
        self._steps: list[tuple[int, Step | None]] = [(0, None)]

    def __len__(self) -> int:
        return len(self._steps)

    def add(self, before: int, step: Step) -> int:
        self._steps.append((before, step))
        return len(self._steps) - 1

    def to(self, place: int) -> tuple[Step, ...]:
        """A shortest way to this state."""
        steps_back = []
        while (step := self._steps[place][1]) is not None:
            steps_back.append(step)
            place = self._steps[place][0]
        return tuple(reversed(steps_back))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to. `violations`: each text with a shortest trace."""

    states: int
    edges: int
    seconds: float
    violations: Mapping[str, tuple[Step, ...]]
    whole: bool
    """False: there were more states than `most`."""
    trail: Trail

    @property
    def names(self) -> set[str]:
        """The invariants that were violated: the first word of each text."""
        return {text.split()[0] for text in self.violations}


def search(start: World, *, most: int = MOST_STATES, until: Callable[[str], bool] = lambda _: False) -> Found:
    """Every state within the scene's bounds; ends early at a violation that `until` was waiting for."""
    began, edges, trail = perf_counter(), 0, Trail()
    seen: dict[Key, int] = {start.key(): 0}
    todo = deque(seen)
    violations: dict[str, tuple[Step, ...]] = {}

    def found() -> Found:
        return Found(len(seen), edges, perf_counter() - began, violations, not todo, trail)

    while todo and len(seen) < most:
        key = todo.popleft()
        world, place, resting = start.at(key), seen[key], True
        for step in steps(world):
            after = take(world, step)
            if after is world:
                continue
            edges += 1
            if after.bad:
                violations.setdefault(after.bad, (*trail.to(place), step))
                if until(after.bad):
                    return found()
                resting = resting and not step.fair
                continue
            after_key = after.key()
            resting = resting and not step.fair
            if after_key not in seen:
                seen[after_key] = trail.add(place, step)
                todo.append(after_key)
        if resting and (text := wrong_at_rest(world)):
            violations.setdefault(text, trail.to(place))
            if until(text):
                return found()
    return found()
