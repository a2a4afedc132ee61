"""The model card: what the figures are and what they mean, in Markdown, with pictures beside it."""

from collections.abc import Mapping
from pathlib import Path

from ..strict_json import Json
from .evaluate import RULE, STUDENT, Confidence, Report
from .plots import Bar, Line, bars, reliability

_BINS = 10
_AIMS: tuple[tuple[str, str, str], ...] = (
    ("cost_vs_tuned_rule", "cost against the tuned rule, fast simulation, climates never seen", "≤ 0.72"),
    ("gap_to_teacher_closed", "share of the way from the rule to the teacher", "≥ 0.85"),
    ("energyplus_vs_tuned_rule", "cost against the tuned rule in EnergyPlus", "≤ 0.80"),
    ("energyplus_worst_climate_ratio", "the same in the worst climate", "< 1.0"),
    ("ece", "expected calibration error", "≤ 0.02"),
    ("precision_at_08", "good enough where the confidence is 0.8 or more", "≥ 0.92"),
    ("share_at_08", "how often it is", "≥ 0.35"),
    ("loss_with_15pct_absent", "what 15 % of absent fields cost", "≤ 0.04"),
    ("audio_worth", "what sound is worth on loud streets", "≥ 0.08"),
    ("rain_auc", "how well rain is told from other sounds (area under the curve)", "≥ 0.98"),
    ("voice_auc", "the same for voices", ""),
    ("engine_auc", "the same for engines", ""),
)


_SOUNDS = (
    "Sounds: clips as they are, each heard by ears that were fitted on the other folds; the mean of the five folds.",
    "The clips are those of ESC-10 (K. J. Piczak, *ESC: Dataset for Environmental Sound Classification*, 2015; from",
    "freesound.org, CC0 and CC BY 3.0, each named in its repository). None of them is kept here.",
)


def write_card(folder: Path, version: str, trained: Mapping[str, Json], report: Report, diary: str, notes: str) -> Path:
    """Write `model_card.md` and its pictures; `notes` is what a person has to say. Return the card's path."""
    pictures = folder / "card"
    pictures.mkdir(parents=True, exist_ok=True)
    order = sorted(report.played, key=report.mean, reverse=True)
    by_policy = [
        Bar(name, report.mean(name), (p.cost.std() / len(p.cost) ** 0.5).item())
        for name in order
        for p in (report.played[name],)
    ]
    drawn = {
        "cost_by_policy": bars("Points per hour, with standard errors", by_policy, ""),
        "cost_by_climate": bars("Model over tuned rule, by climate (fast simulation)", _by_climate(report), ""),
        "ablation": bars("What taking an input away costs", _ablation(report), "%"),
        "reliability": reliability(
            "Confidence and what came of it",
            [_curve("all fields", report.confidence), _curve("15 % absent", report.confidence_lacking)],
        ),
        "two_days": diary,
    }
    if report.energyplus:
        rows = [Bar(place, ratio) for place, ratio in report.energyplus_ratios().items()]
        drawn["energyplus"] = bars("Model over tuned rule in EnergyPlus, eight rooms each", rows, "")
    for name, picture in drawn.items():
        (pictures / f"{name}.svg").write_text(picture, "utf-8")
    card = folder / "model_card.md"
    card.write_text("\n".join(_text(version, trained, report, list(drawn), notes)), "utf-8")
    return card


def _text(version: str, trained: Mapping[str, Json], report: Report, drawn: list[str], notes: str) -> list[str]:
    figures = report.figures()
    s = report.settings
    lines = [
        f"# Model card: {version}",
        "",
        "*Written by `python -m ml_addon evaluate`. Cost is in points per hour; one point is an hour 2 K outside of",
        "comfort, 1000 ppm of CO2 above 1000, 10 dB of street above what one sleeps or lives well with, or 2 kWh of",
        "heat (`training/cost.py`). The weights are ours.*",
        "",
        "## Figures",
        "",
        "| figure | meaning | aim | reached |",
        "|---|---|---|---|",
    ]
    for name, meaning, aim in _AIMS:
        value, interval = figures.get(name), figures.get(f"{name}_95")
        shown = "not measured" if value is None else f"{value}"
        if isinstance(interval, list):
            shown += f" (95 %: {interval[0]} to {interval[1]}, paired)"
        lines.append(f"| `{name}` | {meaning} | {aim} | {shown} |")
    lines += [
        "",
        f"Fast simulation: {s.rooms} new rooms in {', '.join(report.climates)}, a quarter of them in each season,",
        f"{s.days - s.settling_days} days; the same rooms, people, weather and noise for every policy. In rain every",
        "policy's window is shut, as the house's rules do it.",
        "",
        "| policy | points/h | ± s.e. | " + " | ".join(next(iter(report.played.values())).parts) + " |",
        "|---|---|---|" + "---|" * len(next(iter(report.played.values())).parts),
    ]
    for name in sorted(report.played, key=report.mean):
        p = report.played[name]
        error = (p.cost.std() / len(p.cost) ** 0.5).item()
        parts = " | ".join(f"{value.mean():.3f}" for value in p.parts.values())
        mark = "**" if name == STUDENT else ""
        lines.append(f"| {mark}{name}{mark} | {report.mean(name):.4f} | {error:.4f} | {parts} |")
    if report.energyplus:
        lines += [
            "",
            "EnergyPlus, eight kinds of room, a fortnight of each season:",
            "",
            "| climate | rule | model | ratio |",
            "|---|---|---|---|",
        ]
        for place, by in report.energyplus.items():
            rule, ours = (sum(by[who]) / len(by[who]) for who in (RULE, STUDENT))
            lines.append(f"| {place} | {rule:.3f} | {ours:.3f} | {ours / rule:.3f} |")
    if report.sounds:
        lines += ["", *_SOUNDS]
    lines += ["", *(f"![{name.replace('_', ' ')}](card/{name}.svg)\n" for name in drawn)]
    lines += ["## Training", "", *(f"- {name}: {value}" for name, value in trained.items() if name != "figures"), ""]
    return [*lines, notes.strip(), ""]


def _by_climate(report: Report) -> list[Bar]:
    ours, rule = report.played[STUDENT], report.played[RULE]
    rows = []
    for k, place in enumerate(report.climates):
        here = ours.rooms.climate == k
        rows.append(Bar(place, (ours.cost[here].mean() / rule.cost[here].mean()).item()))
    return rows


def _ablation(report: Report) -> list[Bar]:
    sound = report.mean("model without sound") / report.mean(STUDENT) - 1
    every = {"sound": sound} | report.ablation
    return [Bar(name, 100 * loss) for name, loss in sorted(every.items(), key=lambda item: -item[1])]


def _curve(name: str, confidence: Confidence) -> Line:
    order = confidence.sure.argsort()
    bins = [b for b in order.tensor_split(_BINS) if len(b)]
    return Line(
        name,
        [confidence.sure[b].mean().item() for b in bins],
        [confidence.good[b].mean().item() for b in bins],
    )
