"""`python -m ml_addon train`: from a seed to a model file with the numbers that it reached."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import torch

from .. import model_file
from ..features import FusedFeatures
from ..strict_json import Json
from .cost import GOOD_ENOUGH
from .dataset import make_rows, make_sounds, quiet_street
from .evaluate import Report, evaluate
from .fit import FitSettings, calibrate, fit


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """Clips and rooms are drawn apart for learning, for calibration and for the final figures."""

    out: Path
    version: str
    seed: int
    clips: int
    rooms: int
    width: int
    epochs: int


def train(settings: TrainSettings) -> Report:
    """Simulate, fit, calibrate, evaluate, save."""
    torch.set_num_threads(1)  # sums in another order would give other weights on another machine
    torch.manual_seed(settings.seed)
    generator = torch.Generator().manual_seed(settings.seed)
    few_clips, few_rooms = max(settings.clips // 8, 10), max(settings.rooms // 6, 100)
    parts = [make_sounds(n, generator, _say) for n in (settings.clips, few_clips, few_clips)]
    sizes = (settings.rooms, few_rooms, few_rooms)
    _say(f"rooms: searching {sum(sizes)}")
    learn, check, test = (make_rows(n, sounds, generator) for n, sounds in zip(sizes, parts, strict=True))
    network = fit(learn, FitSettings(settings.width, settings.epochs), generator, _say)
    network.quiet.copy_(quiet_street(parts[0]))
    calibrate(network, check, generator)
    report = evaluate(network, test)
    trained: dict[str, Json] = {
        "seed": settings.seed,
        "clips": settings.clips,
        "rooms": settings.rooms,
        "epochs": settings.epochs,
        "good_enough_points_per_hour": GOOD_ENOUGH,
        "held_out": {name: dict(values) for name, values in dataclasses.asdict(report).items()},
    }
    weights = settings.out / f"{settings.version}.pth"
    model_file.save(network, weights, settings.version, model_file.golden_sound(FusedFeatures()), trained)
    _say(f"wrote {weights} ({weights.stat().st_size} bytes) and {model_file.sidecar(weights).name}")
    return report


def _say(line: str) -> None:
    print(line, flush=True)
