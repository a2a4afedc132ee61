"""What a model reaches where it has never been: other climates, other rooms, and EnergyPlus."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from ..ears import Sound
from ..inputs import Known, to_inputs
from ..model import WindowModel
from ..strict_json import Json
from . import rule
from .cost import GOOD_ENOUGH, Taste
from .dataset import Bank, asked, likings
from .fit import chosen
from .places import SHORT
from .play import (
    Played,
    PlaySettings,
    Policy,
    Ratio,
    by_model,
    by_rule,
    by_teacher,
    deaf,
    fixed,
    lacking,
    paired_ratio,
    play,
    without,
)
from .rooms import draw_rooms
from .teacher import regret
from .weather import Weather
from .world import DECISIONS_PER_DAY, World, four_seasons

_BINS = 15
_SURE = 0.8
_LOUD = 60.0  # dB(A) by day
RULE, STUDENT, TEACHER = "plain rule, tuned", "model", "teacher"
# What is taken away together, to see what it is worth.
GROUPS: dict[str, tuple[Known, ...]] = {
    "outdoors": (Known.OUTDOOR_TEMPERATURE, Known.OUTDOOR_HUMIDITY, Known.WIND),
    "running mean": (Known.RUNNING_MEAN,),
    "CO2": (Known.CO2,),
    "presence": (Known.OCCUPIED,),
    "hour and weekday": (Known.HOUR, Known.WEEKDAY),
    "use of the room": (Known.BEDROOM,),
    "sizes": (Known.ROOM_VOLUME, Known.OPENING_AREA),
    "trends": (Known.TEMPERATURE_TREND, Known.HUMIDITY_TREND, Known.STILL_HOURS),
    "humidity": (Known.HUMIDITY,),
}


@dataclass(frozen=True, slots=True)
class Confidence:
    """How honest it is: rows in order of their confidence (n,), and whether each was good enough."""

    sure: Tensor
    good: Tensor
    regret: Tensor

    @property
    def ece(self) -> float:
        """The expected calibration error."""
        return calibration_error(self.sure, self.good)

    @property
    def precision(self) -> float:
        """How often it was good enough where the confidence was 0.8 or more."""
        return self.good[self.sure >= _SURE].mean().item()

    @property
    def share(self) -> float:
        """How often the confidence was 0.8 or more."""
        return (self.sure >= _SURE).float().mean().item()


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of the fast simulation. Points per hour."""

    played: dict[str, Played]
    ablation: dict[str, float]
    confidence: Confidence
    confidence_lacking: Confidence
    climates: tuple[str, ...]
    settings: PlaySettings
    energyplus: dict[str, dict[str, list[float]]] = field(default_factory=dict)  # climate → policy → rooms
    sounds: dict[Sound, float] = field(default_factory=dict)  # area under the curve, over the clips' own folds

    def ratio(self, policy: str = STUDENT, rival: str = RULE) -> Ratio:
        """Of two policies' costs over the same rooms."""
        return paired_ratio(self.played[policy].cost, self.played[rival].cost)

    def mean(self, policy: str) -> float:
        """Of a policy's cost."""
        return self.played[policy].cost.mean().item()

    @property
    def gap_closed(self) -> float:
        """Share of the way from the tuned rule to the teacher."""
        return (self.mean(RULE) - self.mean(STUDENT)) / (self.mean(RULE) - self.mean(TEACHER))

    @property
    def audio_worth(self) -> float:
        """What the model loses on loud streets without its ears."""
        loud = self.played[STUDENT].rooms.street >= _LOUD
        without_sound = self.played["model without sound"].cost[loud].mean()
        return (without_sound / self.played[STUDENT].cost[loud].mean() - 1).item()

    @property
    def loss_lacking(self) -> float:
        """What 15 % of absent fields cost."""
        return self.mean("model, 15 % absent") / self.mean(STUDENT) - 1

    def energyplus_ratios(self) -> dict[str, float]:
        """Climate → the model's cost over the rule's, over all kinds of room."""
        return {place: sum(by[STUDENT]) / sum(by[RULE]) for place, by in self.energyplus.items()}

    def energyplus_ratio(self) -> Ratio | None:
        """Over all climates and rooms."""
        if not self.energyplus:
            return None
        ours, rival = (torch.tensor([c for by in self.energyplus.values() for c in by[who]]) for who in (STUDENT, RULE))
        return paired_ratio(ours, rival)

    def _area(self, sound: Sound) -> float | None:
        return round(self.sounds[sound], 4) if sound in self.sounds else None

    def figures(self) -> dict[str, Json]:
        """What `./scripts/bench model` prints."""
        ratio, ep = self.ratio(), self.energyplus_ratio()
        return {
            "cost_vs_tuned_rule": round(ratio.value, 4),
            "cost_vs_tuned_rule_95": [round(ratio.low, 4), round(ratio.high, 4)],
            "gap_to_teacher_closed": round(self.gap_closed, 4),
            "energyplus_vs_tuned_rule": None if ep is None else round(ep.value, 4),
            "energyplus_vs_tuned_rule_95": None if ep is None else [round(ep.low, 4), round(ep.high, 4)],
            "energyplus_worst_climate_ratio": None if ep is None else round(max(self.energyplus_ratios().values()), 4),
            "ece": round(self.confidence.ece, 4),
            "precision_at_08": round(self.confidence.precision, 4) if self.confidence.share else None,
            "share_at_08": round(self.confidence.share, 4),
            "loss_with_15pct_absent": round(self.loss_lacking, 4),
            "audio_worth": round(self.audio_worth, 4),
            **{f"{sound.name.lower()}_auc": self._area(sound) for sound in Sound},
        }


def calibration_error(confidence: Tensor, good: Tensor) -> float:
    """Expected calibration error: the mean gap between confidence and truth, over 15 bins of equal size."""
    order = confidence.argsort()
    gaps = [
        (confidence[b].mean() - good[b].mean()).abs().item() * len(b) for b in order.tensor_split(_BINS) if len(b) > 0
    ]
    return sum(gaps) / len(confidence)


def evaluate(
    model: WindowModel,
    weather: Weather,
    bank: Bank,
    thresholds: rule.Thresholds,
    settings: PlaySettings,
    progress: Callable[[int], None],
    *,
    whole: bool,
) -> Report:
    """Play everything. Without `whole`, what only the card shows is left out."""
    policies: dict[str, Policy] = {
        "always closed": fixed(0.0),
        "always ajar (10 %)": fixed(0.1),
        RULE: by_rule(thresholds),
        STUDENT: by_model(model),
        "model without sound": by_model(model, deaf),
        "model, 15 % absent": by_model(model, lacking(0.15, settings.seed)),
        TEACHER: by_teacher(),
    }
    groups = GROUPS if whole else {}
    done = 0
    played: dict[str, Played] = {}
    for name, policy in policies.items():
        played[name] = play(policy, weather, bank, settings)
        progress(done := done + 1)
    ablation: dict[str, float] = {}
    for name, columns in groups.items():
        cost = play(by_model(model, without(*columns)), weather, bank, settings).cost
        ablation[name] = (cost.mean() / played[STUDENT].cost.mean() - 1).item()
        progress(done := done + 1)
    confidence = confidence_of(model, weather, bank, settings, None)
    lacks = confidence_of(model, weather, bank, settings, lacking(0.15, settings.seed))
    progress(done + 1)
    names = tuple(SHORT.get(name, name) for name in weather.names)
    return Report(played, ablation, confidence, lacks, names, settings)


def steps_of(*, whole: bool) -> int:
    """How often `evaluate` calls its progress."""
    return 8 + len(GROUPS) * whole


@torch.inference_mode()
def confidence_of(
    model: WindowModel,
    weather: Weather,
    bank: Bank,
    settings: PlaySettings,
    hidden: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]] | None,
) -> Confidence:
    """In rooms that the model drives: what it said of itself, and what the teacher says."""
    n = settings.rooms
    generator = torch.Generator().manual_seed(settings.seed + 7)
    rooms, taste = draw_rooms(n, len(weather.names), generator), Taste.usual(n)
    world = World(rooms, taste, weather, generator, four_seasons(n))
    tastes = likings(taste)
    sure: list[Tensor] = []
    good: list[Tensor] = []
    lost: list[Tensor] = []
    for k in range(settings.days * DECISIONS_PER_DAY):
        seen = world.look()
        scalars, sound = seen.scalars, bank.hear(seen, generator)
        if hidden is not None:
            scalars, sound = hidden(scalars, sound)
        if k >= settings.settling_days * DECISIONS_PER_DAY and k % 5 == 0:
            inputs = to_inputs(scalars, tastes, sound)
            loss = regret(world)
            level, logit, fine = chosen(model, inputs, loss)
            sure.append(model.calibrated(logit, model.strangeness(inputs)))
            good.append(fine)
            lost.append(loss.gather(1, level[:, None])[:, 0])
        share = asked(model, scalars, tastes, sound)
        world.advance(share * (1 - seen.wet))
    return Confidence(torch.cat(sure), torch.cat(good), torch.cat(lost))


def energyplus(
    model: WindowModel,
    bank: Bank,
    thresholds: rule.Thresholds,
    packages: Path,
    weather: list[Path],
    progress: Callable[[int], None],
) -> dict[str, dict[str, list[float]]]:
    """Climate → policy → the cost in each kind of room."""
    from .energyplus.building import KINDS  # noqa: PLC0415  only who asks for it needs the engine
    from .energyplus.judge import judge  # noqa: PLC0415
    from .energyplus.loop import load_energyplus  # noqa: PLC0415

    api = load_energyplus(packages)
    found: dict[str, dict[str, list[float]]] = {}
    done = 0
    for epw in weather:
        place = SHORT.get(epw.stem, epw.stem)
        by = found.setdefault(place, {RULE: [], STUDENT: []})
        for kind in KINDS:
            for name, policy in ((RULE, by_rule(thresholds)), (STUDENT, by_model(model))):
                by[name].append(sum(judge(api, epw, kind, policy, bank).values()))
            progress(done := done + 1)
    return found


__all__ = ["GOOD_ENOUGH", "Confidence", "Report", "calibration_error", "energyplus", "evaluate", "steps_of"]
