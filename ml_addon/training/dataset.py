"""Rows to learn from: what a request told, and what each position would have cost. Sound goes through what serves."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..features import Extract
from ..inputs import READS, Known, Liking, sound_of, to_inputs
from ..model import POSITIONS, WindowModel
from .cost import Taste
from .sounds import FULL_SCALE_DB, LOUDEST_DBFS, QUIETEST_DBFS, Kind, Synth
from .world import Seen

_STREETS = (Kind.TRAFFIC, Kind.TRAFFIC, Kind.STEADY, Kind.TRAFFIC, Kind.STEADY, Kind.SPEECH)
_RAIN_HEARD = 0.6  # how often a clip of a wet street is one of rain
_SHORTEST_S, _LONGEST_S = 1.0, 5.0
_TALKS, _TALKS_ELSEWHERE = 0.4, 0.03  # how often a clip holds talk, where somebody is awake and where nobody is
_NEIGHBOURS = 12  # a street's clip is one of so many of about its level
_TALK_SHELF = 2
_QUIET_LEVELS = (-60.0, -50.0)  # dB(A) re full scale: about 32 to 42 dB(A) in front of the window
# How often a request lacks something.
LACKS, _NO_CONTEXT, _NO_SOUND = 0.15, 0.15, 0.2
_ALWAYS = (Known.TEMPERATURE, Known.HUMIDITY, Known.HOUR)  # Home Assistant has a clock; a window has its readings


@dataclass(frozen=True, slots=True)
class Bank:
    """Clips in order of their streets' level: (clips, len(READS)) and dB(A) re full scale."""

    dry: Tensor
    dry_levels: Tensor
    wet: Tensor
    wet_levels: Tensor
    talk: Tensor  # a dry street, and somebody talks in the room
    talk_levels: Tensor

    def hear(self, seen: Seen, generator: torch.Generator) -> Tensor:
        """(n, len(READS)): for each street one of the clips that are about as loud."""
        n = len(seen.level)
        at = seen.level - FULL_SCALE_DB
        shift = torch.randint(-_NEIGHBOURS // 2, _NEIGHBOURS // 2 + 1, (n,), generator=generator)
        chance = torch.rand(n, generator=generator)
        rain = (seen.wet > 0) & (chance < _RAIN_HEARD)
        talk = (seen.wet == 0) & (chance < torch.where(seen.awake > 0, _TALKS, _TALKS_ELSEWHERE))

        def near(levels: Tensor) -> Tensor:
            return (torch.searchsorted(levels, at) + shift).clamp(0, len(levels) - 1)

        found = torch.where(rain[:, None], self.wet[near(self.wet_levels)], self.dry[near(self.dry_levels)])
        return torch.where(talk[:, None], self.talk[near(self.talk_levels)], found)

    def quiet_street(self) -> Tensor:
        """(len(READS),): the middle of the clips whose street is quiet."""
        low, high = _QUIET_LEVELS
        return self.dry[(self.dry_levels > low) & (self.dry_levels < high)].median(0).values


def make_bank(count: int, extract: Extract, generator: torch.Generator, progress: Callable[[int], None]) -> Bank:
    """Synthesise clips and hear them; a sixth of them are of rain, a third hold talk."""
    synth = Synth(generator)
    shelves: list[list[tuple[float, Tensor]]] = [[], [], []]
    for k in range(count):
        shelf = (0, 2, 0, 1, 0, 2)[k % 6]
        dbfs = synth.uniform(QUIETEST_DBFS, LOUDEST_DBFS)
        kind = Kind.RAIN if shelf == 1 else synth.pick(_STREETS)
        clip = synth.clip(kind, dbfs, synth.uniform(_SHORTEST_S, _LONGEST_S), talk=shelf == _TALK_SHELF)
        shelves[shelf].append((clip.level, sound_of(extract(clip.samples)).clone()))
        progress(k + 1)
    parts: list[Tensor] = []
    for shelf_rows in shelves:
        ordered = sorted(shelf_rows, key=lambda row: row[0])
        parts += [torch.stack([row for _, row in ordered]), torch.tensor([level for level, _ in ordered])]
    return Bank(*parts)


@dataclass(frozen=True, slots=True)
class Rows:
    """What was told and what each position costs above the best: (rows, 18), (rows, 5), (rows, READS), (rows, 21).

    `followed` is the same where the model itself goes on (follow.py), or what the teacher says where none did.
    """

    scalars: Tensor
    likings: Tensor
    sound: Tensor
    regret: Tensor
    followed: Tensor

    def __len__(self) -> int:
        return len(self.regret)

    def inputs(self) -> Tensor:
        """All that a request told."""
        return to_inputs(self.scalars, self.likings, self.sound)


def joined(parts: list[Rows]) -> Rows:
    """One after the other."""
    return Rows(
        torch.cat([p.scalars for p in parts]),
        torch.cat([p.likings for p in parts]),
        torch.cat([p.sound for p in parts]),
        torch.cat([p.regret for p in parts]),
        torch.cat([p.followed for p in parts]),
    )


def likings(taste: Taste) -> Tensor:
    """(n, 5): the owners' taste as the model is told."""
    factors = torch.stack((taste.fresh, taste.quiet, taste.calm, taste.thrift), 1).log2()
    return torch.cat((taste.warmth[:, None], factors), 1)[:, : len(Liking)]


def hide(scalars: Tensor, sound: Tensor, generator: torch.Generator, lacks: float = LACKS) -> tuple[Tensor, Tensor]:
    """Take away, at random, as much as a request may lack beside what the room has no sensor for."""

    def chance(probability: float, *shape: int) -> Tensor:
        return torch.rand(len(scalars), *shape, generator=generator) < probability

    gone = chance(lacks, scalars.shape[1]) | chance(_NO_CONTEXT)[:, None]
    gone[:, list(_ALWAYS)] = chance(0.02, len(_ALWAYS))
    return scalars.masked_fill(gone, torch.nan), sound.masked_fill(chance(_NO_SOUND, 1), torch.nan)


def drop(scalars: Tensor, sound: Tensor, share: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Take each optional field, and the sound, away with this probability."""
    gone = torch.rand(scalars.shape, generator=generator) < share
    gone[:, list(_ALWAYS)] = False
    silent = torch.rand(len(scalars), 1, generator=generator) < share
    return scalars.masked_fill(gone, torch.nan), sound.masked_fill(silent, torch.nan)


def levels_of(share: Tensor) -> Tensor:
    """0 … 1 → the nearest of the 21 levels."""
    return (share * (POSITIONS - 1)).round().long()


@torch.inference_mode()
def asked(model: WindowModel, scalars: Tensor, tastes: Tensor, sound: Tensor) -> Tensor:
    """(n,): where the model wants each window, 0 … 1."""
    return model.choose(to_inputs(scalars, tastes, sound)).level / (POSITIONS - 1)


def no_sound(count: int) -> Tensor:
    """Nothing heard."""
    return torch.full((count, len(READS)), torch.nan)
