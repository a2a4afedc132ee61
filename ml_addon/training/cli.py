"""Runs the commands that make and judge models. What goes wrong becomes one line."""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import torch
import yaml

from .. import model_file
from ..features import FusedFeatures
from ..model_file import LoadedModel, ModelError
from ..registry import find_model
from ..strict_json import Json
from .command import THRESHOLDS, TrainSettings, read_thresholds, train, training_weather
from .dataset import Bank, make_bank
from .energyplus.loop import EnergyPlusError
from .evaluate import Report, energyplus, evaluate, steps_of
from .listen import auc_over_folds, hear_folder
from .places import HELD_OUT
from .play import PlaySettings
from .progress import bar
from .weather import Weather, WeatherError, find_weather, made_up_weather

_JUDGING_SEED, _JUDGING_CLIPS = 4242, 1200
_ENERGYPLUS_PLACES = HELD_OUT[:4]
_MADE_UP = 3


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the exit code is 1 after an error."""
    torch.set_num_threads(1)
    try:
        match arguments.command:
            case "train":
                _train(arguments)
            case "tune":
                _tune(arguments)
            case "evaluate":
                _evaluate(arguments)
            case "export":
                _export(arguments)
            case "inspect":
                _inspect(arguments)
            case _:
                _personalise(arguments)
    except (ModelError, WeatherError, EnergyPlusError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _folder(arguments: argparse.Namespace) -> Path | None:
    """Where the weather lies; None: it is made up."""
    if arguments.made_up_weather:
        return None
    folder: Path | None = arguments.weather
    if folder is None:
        raise WeatherError(
            "no weather files: ./scripts/setup energyplus fetches them, or give --weather or --made-up-weather"
        )
    return folder


def _train(arguments: argparse.Namespace) -> None:
    settings = TrainSettings(
        out=arguments.out,
        version=arguments.version,
        seed=arguments.seed,
        weather=_folder(arguments),
        clips=arguments.clips,
        rooms=arguments.rooms,
        days=arguments.days,
        rounds=arguments.rounds,
        width=arguments.width,
        epochs=arguments.epochs,
        sounds=arguments.sounds,
        begin=arguments.begin,
        following=arguments.following,
        following_rooms=arguments.following_rooms,
        step=arguments.step,
    )
    weights = train(settings)
    print(f"wrote {weights} ({weights.stat().st_size} bytes) and {model_file.sidecar(weights).name}")


def _tune(arguments: argparse.Namespace) -> None:
    from .tune import TuneSettings, tune  # noqa: PLC0415

    before = {name: float(value) for name, value in yaml.safe_load(THRESHOLDS.read_text("utf-8")).items()}
    settings = TuneSettings(trials=arguments.trials, rounds=arguments.rounds)
    found = tune(training_weather(_folder(arguments)), before, settings, lambda line: print(line, file=sys.stderr))
    arguments.out.write_text(yaml.safe_dump({name: round(value, 3) for name, value in found.items()}, sort_keys=False))
    print(f"wrote {arguments.out}")


def _held_out(arguments: argparse.Namespace) -> Weather:
    folder = _folder(arguments)
    return made_up_weather(_MADE_UP, 2) if folder is None else find_weather(folder, HELD_OUT)


def judging_bank() -> Bank:
    """Clips that no training has heard."""
    generator = torch.Generator().manual_seed(_JUDGING_SEED)
    return make_bank(_JUDGING_CLIPS, FusedFeatures(), generator, bar("clips", _JUDGING_CLIPS))


def _loaded(path: Path, version: str | None) -> tuple[Path, LoadedModel]:
    found = find_model(path, version)
    return found, model_file.load(found, version, model_file.golden_sound(FusedFeatures()))


@dataclass(frozen=True, slots=True)
class JudgeSettings:
    """Which model is judged, where its weather, EnergyPlus and clips lie (weather None: made up), and on how much."""

    model: Path
    version: str | None
    packages: Path | None
    rooms: int
    days: int
    energyplus: bool = True
    seed: int = 99
    sounds: Path | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of it, and what it was judged with."""

    path: Path
    model: LoadedModel
    weather: Weather
    bank: Bank
    report: Report


def judge(settings: JudgeSettings, *, whole: bool) -> Judged:
    """Play a model against the tuned rule; `whole` adds what only the card shows. Without EnergyPlus, it says so."""
    torch.set_num_threads(1)
    path, model = _loaded(settings.model, settings.version)
    folder = settings.packages
    weather = made_up_weather(_MADE_UP, 2) if folder is None else find_weather(folder, HELD_OUT)
    bank, thresholds = judging_bank(), read_thresholds()
    played = PlaySettings(rooms=settings.rooms, days=settings.days, seed=settings.seed)
    progress = bar("fast simulation", steps_of(whole=whole))
    report = evaluate(model.network, weather, bank, thresholds, played, progress, whole=whole)
    if folder is not None and settings.energyplus:
        epws = [next(folder.rglob(f"{name}.epw")) for name in _ENERGYPLUS_PLACES]
        try:
            found = energyplus(model.network, bank, thresholds, folder, epws, bar("EnergyPlus", 8 * len(epws)))
        except EnergyPlusError as error:
            print(f"without EnergyPlus: {error}", file=sys.stderr)
        else:
            report.energyplus.update(found)
    if (labelled := hear_folder(settings.sounds, FusedFeatures(), bar)) is not None:
        report.sounds.update(auc_over_folds(labelled, 1))
    return Judged(path, model, weather, bank, report)


def _evaluate(arguments: argparse.Namespace) -> None:
    settings = JudgeSettings(
        arguments.model,
        arguments.version,
        _folder(arguments),
        arguments.rooms,
        arguments.days,
        not arguments.no_energyplus,
        arguments.seed,
        arguments.sounds,
    )
    judged = judge(settings, whole=arguments.card is not None)
    if arguments.card is not None:
        _write_card(arguments, judged)
    print(json.dumps(judged.report.figures()))


def _write_card(arguments: argparse.Namespace, judged: Judged) -> None:
    from .card import write_card  # noqa: PLC0415
    from .diary import two_days  # noqa: PLC0415

    model = judged.model
    trained = model_file.metadata_of(judged.path).get("trained")
    notes = arguments.notes.read_text("utf-8") if arguments.notes else ""
    diary = two_days(model.network, judged.weather, judged.bank, read_thresholds(), _DIARY_ROOM)
    made: dict[str, Json] = trained if isinstance(trained, dict) else {}
    card = write_card(arguments.card, model.version, made, judged.report, diary, notes)
    print(f"wrote {card}", file=sys.stderr)


_DIARY_ROOM = 2  # in July


def _export(arguments: argparse.Namespace) -> None:
    network = model_file.read_checkpoint(arguments.checkpoint)
    out: Path = arguments.out
    model_file.save(
        network, out, out.stem, model_file.golden_sound(FusedFeatures()), {"from": arguments.checkpoint.name}
    )
    model_file.load(out, out.stem, model_file.golden_sound(FusedFeatures()))
    print(f"wrote {out} ({out.stat().st_size} bytes); it loads and answers its golden question")


def _inspect(arguments: argparse.Namespace) -> None:
    path, model = _loaded(arguments.model, arguments.version)
    known = model_file.metadata_of(path)
    print(f"file            {path} ({path.stat().st_size} bytes)")
    print(f"version         {model.version}")
    for name in ("format", "feature_schema", "input_schema", "sha256", "width"):
        print(f"{name:<16}{known.get(name)}")
    print(f"weights         {sum(p.numel() for p in model.network.parameters())}")
    trained = known.get("trained")
    for name, value in (trained if isinstance(trained, dict) else {}).items():
        print(f"trained.{name}: {value}")
    print("the golden question is answered as when it was made")


def _personalise(arguments: argparse.Namespace) -> None:
    from .personalise import PersonaliseSettings, personalise  # noqa: PLC0415

    _, model = _loaded(arguments.model, arguments.version)
    settings = PersonaliseSettings(owners=arguments.owners, corrections=tuple(sorted(arguments.corrections)))
    outcome = personalise(model.network, _held_out(arguments), judging_bank(), settings, bar)
    print(json.dumps(outcome.figures()))
