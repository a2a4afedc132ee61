"""Models beside the shipped one, for tests that need two which differ."""

from pathlib import Path

import torch

from ml_addon.features import FusedFeatures
from ml_addon.model import POSITIONS
from ml_addon.model_file import golden_sound, read_checkpoint, save
from ml_addon.shelf import SHIPPED

EAGER = "eager"
"""Opens wide, whatever it is asked."""


def shipped_version() -> str:
    """What the shipped model is called."""
    (path,) = SHIPPED.glob("*.pth")
    return path.stem


def add_eager(folder: Path, version: str = EAGER) -> None:
    """Put a model there that always says 100 %."""
    network = read_checkpoint(SHIPPED / f"{shipped_version()}.pth")
    with torch.no_grad():
        network.position.bias[POSITIONS - 1] += 1000
    save(network, folder / f"{version}.pth", version, golden_sound(FusedFeatures()), {})
