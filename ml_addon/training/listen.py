"""The ears: fitted on labelled clips that the user has (ESC-10 or ESC-50), and judged over the clips' own folds.

The clips are K. J. Piczak's ESC (ACM Multimedia 2015), taken from freesound.org under CC0, CC BY 3.0 and, in ESC-50,
CC BY-NC; the attribution of each is in their repository. None is part of this one. Folds keep clips of one recording
together, so that none is judged by an ear that has heard another part of it.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ..audio import SAMPLE_RATE, resample
from ..ears import HIDDEN, Ears, Sound, gainless
from ..features import Extract
from .sounds import Kind, Synth, to_level

MEANT: dict[Sound, tuple[str, ...]] = {
    Sound.RAIN: ("rain",),
    Sound.VOICE: ("baby cry", "crying_baby", "person sneeze", "sneezing", "coughing", "laughing"),
    Sound.ENGINE: ("helicopter", "chainsaw", "engine", "airplane", "train"),
}
_SECONDS = 5
_VARIANTS = 8  # of each clip: cut, filtered, made louder or quieter, with a street behind it
_MEMBERS = 4  # networks that are averaged; together they are one of HIDDEN
_EPOCHS, _BATCH, _RATE, _DECAY, _DROP, _JITTER = 40, 128, 3e-3, 1e-2, 0.2, 0.1
_STREETS = 64
_SEED = 20
_ESC_10 = re.compile(r"\d+ - (.+)")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A clip on disk, what it is of, and its fold."""

    path: Path
    kind: str
    fold: int


@dataclass(frozen=True, slots=True)
class Heard:
    """(clips, 57), (clips,) which kind, (clips,) fold, (clips,) bool: as it is, (clips,) bool: no street was added."""

    features: Tensor
    kind: Tensor
    fold: Tensor
    plain: Tensor
    alone: Tensor
    kinds: tuple[str, ...]

    def wanted(self) -> Tensor:
        """(clips, 3 + kinds): 1 for each sound that a clip holds, and for its kind."""
        sounds = [torch.tensor([kind in MEANT[sound] for kind in self.kinds]).float()[self.kind] for sound in Sound]
        return torch.cat((torch.stack(sounds, 1), functional.one_hot(self.kind, len(self.kinds)).float()), 1)


def find_clips(folder: Path) -> list[Labelled]:
    """All clips below a folder that is laid out as ESC-10 (`002 - Rain/1-17367-A.ogg`) or ESC-50 (meta/esc50.csv)."""
    if (table := folder / "meta" / "esc50.csv").is_file():
        with table.open(encoding="utf-8", newline="") as lines:
            return [
                Labelled(folder / "audio" / row["filename"], row["category"], int(row["fold"]))
                for row in csv.DictReader(lines)
            ]
    found = []
    for path in sorted(folder.rglob("*.ogg")):
        kind, fold = _ESC_10.fullmatch(path.parent.name), path.name.partition("-")[0]
        if kind is not None and fold.isdigit():
            found.append(Labelled(path, kind[1].lower(), int(fold)))
    return found


def hear_folder(
    folder: Path | None, extract: Extract, bar: Callable[[str, int], Callable[[int], None]]
) -> Heard | None:
    """All clips of a folder, heard; None where there are none."""
    clips = [] if folder is None else find_clips(folder)
    if not clips:
        return None
    return hear_clips(clips, extract, torch.Generator().manual_seed(_SEED), bar("labelled clips", len(clips)))


def hear_clips(
    clips: list[Labelled], extract: Extract, generator: torch.Generator, progress: Callable[[int], None]
) -> Heard:
    """The features of each clip as it is, and of some variants of it as a window could hear them."""
    synth = Synth(generator)
    streets = [synth.street(synth.pick((Kind.TRAFFIC, Kind.STEADY)), _SECONDS) for _ in range(_STREETS)]
    kinds = tuple(sorted({clip.kind for clip in clips}))
    rows: list[tuple[Tensor, int, int, bool, bool]] = []
    for k, clip in enumerate(clips):
        samples = _read(clip.path)
        label = kinds.index(clip.kind)
        rows.append((extract(samples).clone(), label, clip.fold, True, True))
        for _ in range(_VARIANTS):
            varied, alone = _varied(samples, streets, synth)
            rows.append((extract(varied).clone(), label, clip.fold, False, alone))
        progress(k + 1)
    features = torch.stack([row[0] for row in rows])
    kind, fold, plain, unmixed = (torch.tensor([row[column] for row in rows]) for column in range(1, 5))
    return Heard(features, kind, fold, plain, unmixed, kinds)


def _read(path: Path) -> Tensor:
    """(samples,) at 16 kHz, at most five seconds."""
    import soundfile  # noqa: PLC0415  comes with librosa; only who has clips needs it

    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = torch.from_numpy(np.ascontiguousarray(samples.mean(1)))
    return resample(mono, rate)[: _SECONDS * SAMPLE_RATE].contiguous()


def _varied(samples: Tensor, streets: list[Tensor], synth: Synth) -> tuple[Tensor, bool]:
    """A part of the clip behind another microphone, in one of two before a street; whether there is no street."""
    count = min(int(synth.uniform(1.5, _SECONDS) * SAMPLE_RATE), len(samples))
    begin = int(synth.uniform(0, len(samples) - count))
    part = samples[begin : begin + count]
    if part.square().mean() < 1e-9:  # noqa: PLR2004  some clips are padded with silence
        part = samples
    hertz = torch.fft.rfftfreq(len(part), 1 / SAMPLE_RATE).clamp_min(20)
    gain = (hertz / 1000) ** (synth.uniform(-3, 3) / 6.02)
    if synth.uniform(0, 1) < 0.3:  # noqa: PLR2004  as sounds.Synth has microphones
        gain = gain / (1 + (hertz / synth.uniform(3500, 8000)) ** 8).sqrt()
    heard = to_level(torch.fft.irfft(torch.fft.rfft(part) * gain, len(part)), 0)
    alone = synth.uniform(0, 1) < 0.5  # noqa: PLR2004
    if not alone:
        street = streets[int(synth.uniform(0, len(streets) - 0.01))]
        heard = heard + to_level(street.repeat(2)[: len(heard)], synth.uniform(-25, 0))
    return to_level(heard, synth.uniform(-55, -15)).clamp(-1, 1), alone


def fit_ears(heard: Heard, seed: int, epochs: int = _EPOCHS) -> Ears:
    """Fit on all that was heard. The clips' kinds are learnt beside the sounds, and then forgotten."""
    ears = Ears()
    features = gainless(heard.features)
    ears.centre.copy_(features.mean(0))
    ears.spread.copy_(features.std(0).clamp_min(1e-6))
    inputs, wanted = ears.standard(heard.features), heard.wanted()
    # An engine may well be in a street that was added: then nothing is said of it.
    counts = torch.ones_like(wanted)
    counts[:, Sound.ENGINE] = (heard.alone | (wanted[:, Sound.ENGINE] > 0)).float()
    width = HIDDEN // _MEMBERS
    for member in range(_MEMBERS):
        generator = torch.Generator().manual_seed(seed + member)
        first, second = _fit_member(inputs, wanted, counts, generator, (width, epochs))
        own = slice(member * width, (member + 1) * width)
        ears.first[:, own], ears.first_bias[own] = first.weight.T, first.bias
        ears.second[own] = second.weight[: len(Sound)].T / _MEMBERS
        ears.second_bias += second.bias[: len(Sound)] / _MEMBERS
    for table in (ears.first, ears.first_bias, ears.second, ears.second_bias):
        table.copy_(table.half())  # as it is written
    ears.fitted.fill_(1)
    return ears


def _fit_member(
    inputs: Tensor, wanted: Tensor, counts: Tensor, generator: torch.Generator, shape: tuple[int, int]
) -> tuple[nn.Linear, nn.Linear]:
    width, epochs = shape
    first, second = _linear(inputs.shape[1], width, generator), _linear(width, wanted.shape[1], generator)
    parameters = [*first.parameters(), *second.parameters()]
    optimiser = torch.optim.AdamW(parameters, weight_decay=_DECAY)
    size = min(_BATCH, len(inputs))
    steps = len(inputs) // size
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=epochs * steps)

    def drop(values: Tensor) -> Tensor:
        return values * (torch.rand(values.shape, generator=generator) > _DROP) / (1 - _DROP)

    for _ in range(epochs):
        for batch in torch.randperm(len(inputs), generator=generator)[: steps * size].view(steps, size):
            told = inputs[batch] + _JITTER * torch.randn(size, inputs.shape[1], generator=generator)
            said = second(drop(functional.silu(first(drop(told)))))
            loss = functional.binary_cross_entropy_with_logits(said, wanted[batch], counts[batch])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            optimiser.step()
            schedule.step()
    return first.requires_grad_(requires_grad=False), second.requires_grad_(requires_grad=False)


def _linear(inputs: int, outputs: int, generator: torch.Generator) -> nn.Linear:
    layer = nn.Linear(inputs, outputs)
    bound = inputs**-0.5
    with torch.no_grad():
        for weight in layer.parameters():
            weight.copy_((2 * torch.rand(weight.shape, generator=generator) - 1) * bound)
    return layer


def auc_over_folds(heard: Heard, seed: int, epochs: int = _EPOCHS) -> dict[Sound, float]:
    """For each sound the mean of the folds' areas under the curve: clips as they are, heard by ears of other folds."""
    areas: dict[Sound, list[float]] = {sound: [] for sound in Sound}
    for fold in sorted(set(heard.fold.tolist())):
        others, own = heard.fold != fold, (heard.fold == fold) & heard.plain
        ears = fit_ears(_only(heard, others), seed, epochs)
        likely, wanted = ears(heard.features[own]), heard.wanted()[own]
        for sound in Sound:
            areas[sound].append(area_under_curve(likely[:, sound], wanted[:, sound] > 0))
    return {sound: sum(found) / len(found) for sound, found in areas.items()}


def _only(heard: Heard, rows: Tensor) -> Heard:
    h = heard
    return Heard(h.features[rows], h.kind[rows], h.fold[rows], h.plain[rows], h.alone[rows], h.kinds)


def area_under_curve(score: Tensor, true: Tensor) -> float:
    """The chance that a true one scores above a false one; equal scores count half."""
    above = (score[true][:, None] > score[~true]).float() + 0.5 * (score[true][:, None] == score[~true]).float()
    return above.mean().item()


__all__ = ["Heard", "Labelled", "auc_over_folds", "fit_ears", "hear_folder"]
