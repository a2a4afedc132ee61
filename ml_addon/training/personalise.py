"""Simulated owners with a taste of their own correct the model, and what that is worth to them."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..feedback import Correction, learn
from ..inputs import Liking, to_inputs
from ..layer import SIZE, Learnt, lean, told_taste, unlearnt
from ..model import POSITIONS, WindowModel
from ..strict_json import Json
from .cost import Taste
from .dataset import Bank, likings
from .play import Moment, PlaySettings, Policy, play
from .rooms import draw_rooms
from .teacher import regret
from .weather import Weather
from .world import DECISIONS_PER_DAY, World, any_week

_MINDS = 0.3  # points that an owner must lose to walk to the window
_RESTS = 8  # decisions between two corrections of one owner
_MOST_DAYS = 90
_SEED = 11


@dataclass(frozen=True, slots=True)
class PersonaliseSettings:
    """How many owners, after how many corrections it is looked at, and how they are judged."""

    owners: int = 48
    corrections: tuple[int, ...] = (5, 20, 50)
    most_days: int = _MOST_DAYS
    judged_days: int = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """Points per hour under each owner's own taste, (owners,): unlearnt, told the taste, after so many corrections."""

    unlearnt: Tensor
    told: Tensor
    learnt: dict[int, Tensor]
    reached: dict[int, int]

    def figures(self) -> dict[str, Json]:
        """Share of the possible improvement, and how much worse the worst served owner is."""
        possible = (self.unlearnt.mean() - self.told.mean()).item()
        found: dict[str, Json] = {"possible_improvement": round(possible / self.unlearnt.mean().item(), 4)}
        for count, cost in self.learnt.items():
            found[f"matched_after_{count}"] = round((self.unlearnt.mean() - cost.mean()).item() / possible, 4)
            found[f"worst_owner_after_{count}"] = round((cost / self.unlearnt - 1).max().item(), 4)
            found[f"owners_with_{count}"] = self.reached[count]
        return found


def draw_owners(count: int, generator: torch.Generator) -> Taste:
    """Owners each of whom minds one or two things by a factor of two to four more, or less, than usual."""
    drawn = Taste.draw(4 * count, generator)
    strange = likings(drawn).abs().sum(1).argsort(descending=True)[:count]
    return Taste(*(part[strange] for part in (drawn.warmth, drawn.fresh, drawn.quiet, drawn.calm, drawn.thrift)))


def personalise(
    model: WindowModel,
    weather: Weather,
    bank: Bank,
    settings: PersonaliseSettings,
    bar: Callable[[str, int], Callable[[int], None]],
) -> Outcome:
    """Let the owners correct, then play each without learning, with what was learnt, and with the taste told."""
    owners = draw_owners(settings.owners, torch.Generator().manual_seed(_SEED))
    kept, reached = _corrected(model, weather, bank, owners, settings, bar("corrections", settings.most_days))
    judged = PlaySettings(rooms=settings.owners, days=settings.judged_days, settling_days=1, seed=_SEED + 2)

    def cost(policy: Policy) -> Tensor:
        return play(policy, weather, bank, judged, owners).cost

    nothing = torch.zeros(settings.owners, SIZE)
    return Outcome(
        unlearnt=cost(by_layers(model, nothing)),
        told=cost(by_layers(model, nothing, told=True)),
        learnt={count: cost(by_layers(model, shift)) for count, shift in kept.items()},
        reached=reached,
    )


def by_layers(model: WindowModel, shift: Tensor, *, told: bool = False) -> Policy:
    """The model with each owner's layer in force, (owners, SIZE); `told`: the sliders say the true taste."""
    return lambda moment: _wanted(model, moment, shift, told=told) / (POSITIONS - 1)


def _wanted(model: WindowModel, moment: Moment, shift: Tensor, *, told: bool) -> Tensor:
    scalars = moment.seen.scalars
    tastes = moment.tastes if told else torch.zeros_like(moment.tastes)
    logits, _ = model(to_inputs(scalars, told_taste(tastes, shift), moment.sound))
    level: Tensor = (logits + lean(scalars, shift)).argmax(1)
    return level


def _corrected(
    model: WindowModel,
    weather: Weather,
    bank: Bank,
    owners: Taste,
    settings: PersonaliseSettings,
    progress: Callable[[int], None],
) -> tuple[dict[int, Tensor], dict[int, int]]:
    """Live with the model until each owner has corrected it often enough: count → layers (owners, SIZE)."""
    n = settings.owners
    generator = torch.Generator().manual_seed(_SEED + 1)
    rooms = draw_rooms(n, len(weather.names), generator)
    world = World(rooms, owners, weather, generator, any_week(n, generator))
    layers = [unlearnt() for _ in range(n)]
    kept: dict[int, dict[int, Tensor]] = {count: {} for count in settings.corrections}
    rested = torch.zeros(n)
    held = torch.full((n,), torch.nan)
    for day in range(settings.most_days):
        if all(layer.version >= max(settings.corrections) for layer in layers):
            break
        for _ in range(DECISIONS_PER_DAY):
            seen = world.look()
            sound = bank.hear(seen, generator)
            moment = Moment(seen, sound, likings(owners), world)
            with torch.inference_mode():
                shift = torch.stack([layer.in_force for layer in layers])
                level = _wanted(model, moment, shift, told=False)
            lost = regret(world)
            best = lost.argmin(1)
            minds = (lost.gather(1, level[:, None])[:, 0] > _MINDS) & (rested >= _RESTS) & (seen.wet == 0)
            for k in minds.nonzero()[:, 0].tolist():
                if layers[k].version >= max(settings.corrections):
                    continue
                layers[k] = _learn(model, moment, layers[k], k, best[k].item() * 5)
                rested[k], held[k] = 0.0, best[k].item() / (POSITIONS - 1)
                if layers[k].version in kept:
                    kept[layers[k].version][k] = layers[k].in_force
            held = torch.where(rested > _RESTS / 2, torch.nan, held)
            share = torch.where(held.isnan(), level / (POSITIONS - 1), held)
            world.advance(share * (1 - seen.wet))
            rested = rested + 1
        progress(day + 1)
    progress(settings.most_days)
    reached = {count: len(found) for count, found in kept.items()}
    whole = {count: torch.stack([found.get(k, layers[k].in_force) for k in range(n)]) for count, found in kept.items()}
    return whole, reached


def _learn(model: WindowModel, moment: Moment, layer: Learnt, k: int, position: float) -> Learnt:
    correction = Correction(moment.seen.scalars[k], torch.zeros(len(Liking)), moment.sound[k], position)
    return learn(model, correction, layer)
