"""`python -m ml_addon train`: from a seed to a model file."""

from dataclasses import dataclass
from pathlib import Path

import torch
import yaml

from .. import model_file
from ..features import FusedFeatures
from ..model import WindowModel
from ..strict_json import Json
from .collect import Setting, collect
from .cost import GOOD_ENOUGH
from .dataset import Rows, hide, joined, make_bank
from .fit import FitSettings, between, calibrate, fit
from .listen import fit_ears, hear_folder
from .places import TRAINING
from .progress import bar
from .weather import Weather, find_weather, made_up_weather
from .world import DECISIONS_PER_DAY

THRESHOLDS = Path(__file__).parents[2] / "contract" / "fallback.yaml"
_SHORT_FIT = 3  # the students of the rounds before the last learn so many times shorter
_EPOCHS_ON = 8  # of a round that follows the model
_FUTURES = 1000  # added to the seed: the noise of futures that do not come
_MADE_UP_PLACES = 4


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """`weather` is a folder with EPW files somewhere below it; None makes some up. `rounds` are of DAgger.

    `sounds` is a folder with labelled clips; without any, the model has no ears.
    `begin` is a model that drives from the first round on. `following` are rounds after those of DAgger, in which the
    model goes on learning from what becomes of each position in its own hands. `step` is how much of what these changed
    in the weights is kept: half is 0.5 % cheaper than 0.36, but leaves windows open in rain now and then.
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
    following: int = 0
    following_rooms: int = 1024
    step: float = 0.36


def train(settings: TrainSettings) -> Path:
    """Simulate, label, fit, calibrate, save; return the weights' file."""
    torch.set_num_threads(1)  # sums in another order would give other weights on another machine
    torch.manual_seed(settings.seed)
    generator = torch.Generator().manual_seed(settings.seed)
    weather = training_weather(settings.weather)
    bank = make_bank(settings.clips, FusedFeatures(), generator, bar("clips", settings.clips))
    setting = Setting(weather, bank, generator, read_thresholds())
    rows: list[Rows] = []
    network = None if settings.begin is None else model_file.read_checkpoint(settings.begin)
    for round_ in range(settings.rounds):
        rows.append(_drive(setting, f"round {round_ + 1}", settings.rooms, settings.days, network))
        last = round_ == settings.rounds - 1
        epochs = settings.epochs if last else max(settings.epochs // _SHORT_FIT, 2)
        network = fit(joined(rows), FitSettings(settings.width, epochs), generator, bar("learning", epochs))
    if network is None:
        raise ValueError("rounds is 0, and there is no model to begin with; one of them is needed")
    followed: list[Rows] = []
    before = network
    futures = torch.Generator().manual_seed(settings.seed + _FUTURES)
    for round_ in range(settings.following):
        rooms = settings.following_rooms
        followed.append(_drive(setting, f"following {round_ + 1}", rooms, settings.days, network, futures))
        go_on = FitSettings(network.width, _EPOCHS_ON, network)
        network = fit(joined(followed), go_on, generator, bar("learning", _EPOCHS_ON))
    if followed:
        network = between(before, network, settings.step)
    if rows or followed:  # else it goes on as it is, with other ears
        network.round_to_half()
        network.quiet.copy_(bank.quiet_street())
        fresh = _drive(setting, "calibration", max(settings.rooms // 2, 16), settings.days, network)
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
        "rounds_following": settings.following,
        "rooms_followed": settings.following_rooms,
        "step": settings.step,
        "rows": sum(len(part) for part in (*rows, *followed)),
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
    setting: Setting,
    what: str,
    rooms: int,
    days: int,
    network: WindowModel | None,
    futures: torch.Generator | None = None,
) -> Rows:
    return collect(setting, rooms, days, network, bar(f"{what}: {rooms} rooms", days * DECISIONS_PER_DAY), futures)


def _make_honest(network: WindowModel, rows: Rows, generator: torch.Generator) -> None:
    """Half of the rows as they were, half with as much missing as a request may lack."""
    scalars, sound = hide(rows.scalars, rows.sound, generator)
    lacking = Rows(scalars, rows.likings, sound, rows.regret, rows.followed)
    both = joined([rows, lacking])
    calibrate(network, both.inputs(), both.regret)
