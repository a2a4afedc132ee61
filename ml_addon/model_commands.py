"""The commands that make and judge models, as the command line describes them. Imports no torch."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

_MODELS = Path(__file__).parent / "models"
_ROOT = Path(__file__).parents[1]


class _Commands(Protocol):
    @property
    def add_parser(self) -> Callable[..., argparse.ArgumentParser]: ...


def default_packages() -> Path | None:
    """Where `./scripts/setup energyplus` put weather files and EnergyPlus; $SMART_WINDOW_PACKAGES says otherwise."""
    if named := os.environ.get("SMART_WINDOW_PACKAGES"):
        return Path(named)
    found = sorted((_ROOT / ".venv-ep" / "lib").glob("python3*/site-packages"))
    return found[0] if found else None


def default_sounds() -> Path | None:
    """Where a user's labelled clips lie: $SMART_WINDOW_SOUNDS, or `esc` in the cache folder; None: there are none."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(os.environ.get("SMART_WINDOW_SOUNDS") or cache / "smart-window" / "esc")
    return folder if folder.is_dir() else None


def add_model_commands(commands: _Commands) -> None:
    """Add train, tune, evaluate, export, inspect and personalise."""
    train = _add(commands, "train", "make a model", "Simulate rooms, let a teacher label them, and train a model.")
    train.add_argument("--out", type=Path, required=True, help="the folder for the model's two files")
    train.add_argument("--version", default="v3", help="what the model is called (default: %(default)s)")
    train.add_argument("--seed", type=int, default=1, help="the same seed gives the same model (default: %(default)s)")
    _weather(train)
    train.add_argument(
        "--begin", type=Path, metavar="MODEL", help="a model that drives from the first round on (default: none)"
    )
    _sounds(train)
    train.add_argument("--clips", type=int, default=4800, help="synthetic clips to learn from (default: %(default)s)")
    train.add_argument("--rooms", type=int, default=2048, help="simulated rooms in each round (default: %(default)s)")
    train.add_argument("--days", type=int, default=10, help="that each room is driven (default: %(default)s)")
    train.add_argument("--rounds", type=int, default=3, help="of driving and learning anew (default: %(default)s)")
    train.add_argument(
        "--following",
        type=int,
        default=3,
        help="rounds after them, that learn from what the model itself makes of each position (default: %(default)s)",
    )
    train.add_argument(
        "--following-rooms", type=int, default=1024, help="simulated rooms in each of these (default: %(default)s)"
    )
    train.add_argument(
        "--step",
        type=_share,
        default=0.36,
        metavar="SHARE",
        help="how much of what these changed in the weights is kept, 0 to 1 (default: %(default)s)",
    )
    train.add_argument("--width", type=int, default=256, help="of the hidden layers (default: %(default)s)")
    train.add_argument("--epochs", type=int, default=16, help="of the last round (default: %(default)s)")

    tune = _add(commands, "tune", "tune the plain rule", "Search the plain rule's thresholds on the training climates.")
    tune.add_argument(
        "--out", type=Path, required=True, help="the YAML file to write; compare with contract/fallback.yaml"
    )
    _weather(tune)
    tune.add_argument("--trials", type=int, default=64, help="sets of thresholds per round (default: %(default)s)")
    tune.add_argument("--rounds", type=int, default=20, help="(default: %(default)s)")

    evaluate = _add(
        commands, "evaluate", "judge a model", "Play a model against the tuned rule where it has never been."
    )
    _model(evaluate)
    _weather(evaluate)
    _sounds(evaluate)
    evaluate.add_argument("--card", type=Path, help="write model_card.md and its pictures into this folder")
    evaluate.add_argument("--notes", type=Path, help="Markdown that ends the card")
    evaluate.add_argument("--rooms", type=int, default=384, help="rooms to play (default: %(default)s)")
    evaluate.add_argument(
        "--days", type=int, default=7, help="of each season, the first is not judged (default: %(default)s)"
    )
    evaluate.add_argument("--seed", type=int, default=99, help="of rooms, people and noise (default: %(default)s)")
    evaluate.add_argument("--no-energyplus", action="store_true", help="leave EnergyPlus out")

    export = _add(
        commands,
        "export",
        "write a model in our format",
        "Turn a checkpoint (torch.save of a state_dict) or a model into our format, .pth or .safetensors, and try it.",
    )
    export.add_argument("checkpoint", type=Path, help="a .pth file with weights")
    export.add_argument("--out", type=Path, required=True, help="NAME.pth or NAME.safetensors; NAME is the version")

    inspect = _add(
        commands, "inspect", "say what a model file is", "Check a model file and print what it says of itself."
    )
    _model(inspect)

    personalise = _add(
        commands,
        "personalise",
        "see how a model learns its owner",
        "Let simulated owners with a taste of their own correct the model, and say how much of their wish is met.",
    )
    _model(personalise)
    _weather(personalise)
    personalise.add_argument("--owners", type=int, default=48, help="simulated owners (default: %(default)s)")
    personalise.add_argument(
        "--corrections", type=int, nargs="+", default=[5, 20, 50], help="when to look (default: 5 20 50)"
    )


def add_model_orders(command: argparse.ArgumentParser) -> None:
    """Add what `models` can be told. Without any of it, it says what is so."""
    command.description = (
        "Say which models a running service uses and how the one that looks on compares; or change that. "
        "serve VERSION and roll-back say which one answers; shadow VERSION lets one look on at the same questions, "
        "end-shadow ends that, promote puts the one that looks on in use."
    )
    command.add_argument("do", nargs="?", choices=("serve", "roll-back", "shadow", "end-shadow", "promote"))
    command.add_argument("version", nargs="?", help="for serve and shadow: the model file's name without its ending")
    command.add_argument("--instance", help="which service, where it is not the one of the settings (instance)")


def _add(commands: _Commands, name: str, short: str, text: str) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=short, description=text)


def _model(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--model",
        type=Path,
        default=_MODELS,
        help="a model file, or a folder that holds one (default: the shipped one)",
    )
    command.add_argument("--version", help="which one, where the folder holds several")


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"expected a share from 0 to 1, got {text}")
    return share


def _sounds(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--sounds",
        type=Path,
        default=default_sounds(),
        help="a folder with ESC-10 or ESC-50, whose clips tell rain, voices and engines apart "
        "(default: $SMART_WINDOW_SOUNDS or ~/.cache/smart-window/esc; without any, noises get no name)",
    )


def _weather(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--weather",
        type=Path,
        default=default_packages(),
        help="a folder with EPW files somewhere in it (default: what ./scripts/setup energyplus fetched)",
    )
    command.add_argument(
        "--made-up-weather", action="store_true", help="use sines instead: for a first look, without any file"
    )
