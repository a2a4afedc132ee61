"""`python -m ml_addon train`: from a seed to a model file."""

from dataclasses import dataclass
from pathlib import Path

import torch
import yaml

from .. import model_file
from ..features import FusedFeatures
from ..model import WindowModel
from ..strict_json import Json
from . import rule
from .collect import collect
from .cost import GOOD_ENOUGH
from .dataset import Bank, Rows, hide, joined, make_bank
from .fit import FitSettings, calibrate, fit
from .listen import fit_ears, hear_folder
from .places import TRAINING
from .progress import bar
from .weather import Weather, find_weather, made_up_weather

THRESHOLDS = Path(__file__).parents[2] / "contract" / "fallback.yaml"
# The students of the rounds before the last only drive: they learn so many times shorter, and are no wider than that.
_SHORT_FIT, _NARROW = 3, 192
_MADE_UP_PLACES = 4


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """`weather` is a folder with EPW files somewhere below it; None makes some up. `rounds` are of DAgger.

    `sounds` is a folder with labelled clips; without any, the model has no ears.
    `begin` is a model that goes on learning, in rooms that it drives from the first round on.
    """

    out: Path
    version: str
    seed: int
    weather: Path | None
    clips: int
    rooms: int
    days: int
    rounds: int
    width: int
    epochs: int
    sounds: Path | None = None
    begin: Path | None = None


def train(settings: TrainSettings) -> Path:
    """Simulate, label, fit, calibrate, save; return the weights' file."""
    torch.set_num_threads(1)  # sums in another order would give other weights on another machine
    torch.manual_seed(settings.seed)
    generator = torch.Generator().manual_seed(settings.seed)
    weather = training_weather(settings.weather)
    bank = make_bank(settings.clips, FusedFeatures(), generator, bar("clips", settings.clips))
    thresholds = read_thresholds()
    rows: list[Rows] = []
    begin = None if settings.begin is None else model_file.read_checkpoint(settings.begin)
    network = begin
    for round_ in range(settings.rounds):
        met = _drive(settings, settings.rooms, weather, bank, generator, network, thresholds, f"round {round_ + 1}")
        rows.append(met)
        last = round_ == settings.rounds - 1
        epochs = settings.epochs if last else max(settings.epochs // _SHORT_FIT, 2)
        width = settings.width if last else min(settings.width, _NARROW)
        network = fit(joined(rows), FitSettings(width, epochs, begin), generator, bar("learning", epochs))
    if network is None:
        raise ValueError("rounds is 0; at least one is needed")
    network.round_to_half()
    network.quiet.copy_(bank.quiet_street())
    few = max(settings.rooms // 4, 16)
    fresh = _drive(settings, few, weather, bank, generator, network, thresholds, "calibration")
    _make_honest(network, fresh, generator)
    labelled = hear_folder(settings.sounds, FusedFeatures(), bar)
    if labelled is not None:
        network.ears = fit_ears(labelled, settings.seed)
    trained: dict[str, Json] = {
        "seed": settings.seed,
        "begun_with": None if settings.begin is None else settings.begin.stem,
        "clips": settings.clips,
        "rooms": settings.rooms,
        "days": settings.days,
        "rounds": settings.rounds,
        "rows": sum(len(part) for part in rows),
        "epochs": settings.epochs,
        "climates": list(weather.names),
        "good_enough_points": GOOD_ENOUGH,
        "labelled_clips": 0 if labelled is None else int(labelled.plain.sum()),
    }
    weights = settings.out / f"{settings.version}.pth"
    model_file.save(network, weights, settings.version, model_file.golden_sound(FusedFeatures()), trained)
    return weights


def training_weather(folder: Path | None) -> Weather:
    """The training climates, or made up ones."""
    return made_up_weather(_MADE_UP_PLACES, 1) if folder is None else find_weather(folder, TRAINING)


def read_thresholds(path: Path = THRESHOLDS) -> dict[str, torch.Tensor]:
    """The plain rule's thresholds."""
    return {name: torch.tensor(float(value)) for name, value in yaml.safe_load(path.read_text("utf-8")).items()}


def _drive(
    settings: TrainSettings,
    rooms: int,
    weather: Weather,
    bank: Bank,
    generator: torch.Generator,
    network: WindowModel | None,
    thresholds: rule.Thresholds,
    what: str,
) -> Rows:
    progress = bar(f"{what}: {rooms} rooms", settings.days * 48)
    return collect(rooms, settings.days, weather, bank, generator, network, thresholds, progress)


def _make_honest(network: WindowModel, rows: Rows, generator: torch.Generator) -> None:
    """Half of the rows as they were, half with as much missing as a request may lack."""
    scalars, sound = hide(rows.scalars, rows.sound, generator)
    lacking = Rows(scalars, rows.likings, sound, rows.regret)
    both = joined([rows, lacking])
    calibrate(network, both.inputs(), both.regret)
