"""The simulated rooms behave as rooms do, and a seed makes one model."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ml_addon.training.command import TrainSettings, train
from ml_addon.training.cost import costs, noise_cost
from ml_addon.training.evaluate import calibration_error
from ml_addon.training.rooms import Rooms, draw_rooms
from ml_addon.training.sounds import Kind, Synth, a_level, to_level

SMALL = TrainSettings(out=Path(), version="small", seed=3, clips=40, rooms=3000, width=16, epochs=2)


def generator(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def rooms() -> Rooms:
    return draw_rooms(2000, torch.linspace(-80, -20, 500), generator())


def test_the_rooms_are_drawn_within_what_a_request_may_hold(rooms: Rooms) -> None:
    scalars = rooms.scalars()
    assert scalars.isfinite().all()
    low = torch.tensor([-60, 0, -60, 0, 0, 0, 0, 0.0])
    high = torch.tensor([85, 100, 85, 100, 120, 1, 24, 100.0])
    assert ((scalars >= low) & (scalars <= high)).all()


def test_every_position_has_a_finite_cost_and_not_all_rooms_want_the_same(rooms: Rooms) -> None:
    cost = costs(rooms)
    assert cost.shape == (2000, 21)
    assert cost.isfinite().all()
    assert len(set(cost.argmin(1).tolist())) > 10


def test_noise_costs_more_the_wider_the_window_and_the_louder_the_street(rooms: Rooms) -> None:
    share = torch.linspace(0, 1, 21)[:, None]
    cost = noise_cost(rooms, share)
    assert (cost.diff(dim=0) >= -1e-5).all()
    louder = noise_cost(replace(rooms, street_level=rooms.street_level + 5), share)
    assert (louder >= cost - 1e-5).all()
    assert louder.sum() > cost.sum()


def test_stale_air_wants_a_window_open(rooms: Rooms) -> None:
    silent = replace(rooms, street_level=torch.full_like(rooms.street_level, 10.0), present=torch.ones(2000))
    fresh, stale = (costs(replace(silent, co2=torch.full((2000,), ppm))).argmin(1).float() for ppm in (450.0, 2500.0))
    assert stale.mean() > fresh.mean() + 2


def test_a_hot_room_wants_cool_air(rooms: Rooms) -> None:
    def best(outdoors: float) -> float:
        quiet = torch.full_like(rooms.street_level, 10.0)
        warm = {"temperature": torch.full((2000,), 29.0), "walls": torch.full((2000,), 29.0), "rain": torch.zeros(2000)}
        known = replace(rooms, **warm, street_level=quiet, outdoor_temperature=torch.full((2000,), outdoors))
        return costs(known).argmin(1).float().mean().item()

    assert best(18.0) > best(38.0) + 8


@pytest.mark.parametrize("kind", Kind)
def test_a_clip_has_the_level_that_was_asked_for(kind: Kind) -> None:
    synth = Synth(generator())
    for level in (-70.0, -40.0, -20.0):
        street = to_level(synth.street(kind, 2.0), level)
        assert 10 * street.square().mean().log10().item() == pytest.approx(level, abs=0.01)
        clip = synth.clip(kind, level, 2.0)
        assert clip.samples.abs().max() <= 1
        assert clip.level < level + 3  # the A curve adds little anywhere


def test_the_a_level_of_a_tone_is_the_standard_s() -> None:
    tone = torch.sin(2 * torch.pi * 1000 * torch.arange(16_000) / 16_000)
    assert a_level(tone) == pytest.approx(-3.01, abs=0.05)


def test_the_calibration_error_is_the_gap_between_sure_and_right() -> None:
    sure = torch.full((3000,), 0.8)
    right = (torch.arange(3000) % 5 < 3).float()  # 60 %
    assert calibration_error(sure, right) == pytest.approx(0.2, abs=0.01)
    honest = torch.rand(60_000, generator=generator())
    outcome = (torch.rand(60_000, generator=generator(2)) < honest).float()
    assert calibration_error(honest, outcome) < 0.01


def test_a_seed_makes_one_model(tmp_path: Path) -> None:
    for name in ("a", "b"):
        train(replace(SMALL, out=tmp_path / name))
    train(replace(SMALL, out=tmp_path / "c", seed=4))
    first, second, other = ((tmp_path / name / "small.pth").read_bytes() for name in "abc")
    assert first == second
    assert first != other
