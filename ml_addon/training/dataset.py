"""Rooms, clips and costs as rows to learn from. Sound goes through the very features that serve."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..features import FusedFeatures
from ..inputs import Known, sound_of, to_inputs
from .cost import costs
from .rooms import Rooms, draw_rooms
from .sounds import LOUDEST_DBFS, QUIETEST_DBFS, Kind, Synth

_STREETS = (Kind.TRAFFIC, Kind.TRAFFIC, Kind.TRAFFIC, Kind.STEADY, Kind.STEADY, Kind.RAIN, Kind.SPEECH)
_SHORTEST_S, _LONGEST_S = 1.0, 4.0
_QUIET_LEVELS = (-60.0, -50.0)  # dB(A) re full scale: about 32 to 42 dB(A) in front of the window
# How often a request lacks something.
_NO_CONTEXT, _LACKS, _NO_SOUND = 0.3, 0.15, 0.15
_CONTEXT = [k.value for k in Known if k not in {Known.TEMPERATURE, Known.HUMIDITY}]


@dataclass(frozen=True, slots=True)
class Sounds:
    """(clips, len(READS)) features and the streets' (clips,) levels in dB(A) re full scale."""

    features: Tensor
    levels: Tensor


@dataclass(frozen=True, slots=True)
class Rows:
    """What may be told of each room, and what each position costs it: (rows, 8), (rows, len(READS)), (rows, 21)."""

    rooms: Rooms
    scalars: Tensor
    sound: Tensor
    cost: Tensor

    @property
    def regret(self) -> Tensor:
        """(rows, 21): the cost above that of the best position."""
        return self.cost - self.cost.amin(1, keepdim=True)


def make_sounds(count: int, generator: torch.Generator, progress: Callable[[str], None]) -> Sounds:
    """Synthesise clips and hear them."""
    synth, extract = Synth(generator), FusedFeatures()
    rows, levels = [], []
    for k in range(count):
        dbfs = synth.uniform(QUIETEST_DBFS, LOUDEST_DBFS)
        clip = synth.clip(synth.pick(_STREETS), dbfs, synth.uniform(_SHORTEST_S, _LONGEST_S))
        rows.append(sound_of(extract(clip.samples)))
        levels.append(clip.level)
        if (k + 1) % 500 == 0:
            progress(f"clips: {k + 1} of {count}")
    return Sounds(torch.stack(rows).clone(), torch.tensor(levels))


def quiet_street(sounds: Sounds) -> Tensor:
    """Return (len(READS),): the middle of the clips whose street is quiet."""
    low, high = _QUIET_LEVELS
    return sounds.features[(sounds.levels > low) & (sounds.levels < high)].median(0).values


def make_rows(count: int, sounds: Sounds, generator: torch.Generator) -> Rows:
    """Simulate rooms and search each one's best position."""
    rooms = draw_rooms(count, sounds.levels, generator)
    return Rows(rooms, rooms.scalars(), sounds.features[rooms.clip], costs(rooms))


def hide(rows: Rows, generator: torch.Generator) -> Tensor:
    """Return the rows' inputs, with as much missing, at random, as a request may lack."""

    def chance(probability: float, *shape: int) -> Tensor:
        return torch.rand(len(rows.scalars), *shape, generator=generator) < probability

    scalars = rows.scalars.masked_fill(chance(_LACKS, rows.scalars.shape[1]), torch.nan)
    no_context = chance(_NO_CONTEXT)[:, None]
    scalars[:, _CONTEXT] = scalars[:, _CONTEXT].masked_fill(no_context, torch.nan)
    return to_inputs(scalars, rows.sound.masked_fill(chance(_NO_SOUND, 1), torch.nan))


def without(rows: Rows, *, context: bool = False, sound: bool = False) -> Tensor:
    """Return the rows' inputs without the context, or without the sound."""
    scalars = rows.scalars.clone()
    if context:
        scalars[:, _CONTEXT] = torch.nan
    return to_inputs(scalars, torch.full_like(rows.sound, torch.nan) if sound else rows.sound)
