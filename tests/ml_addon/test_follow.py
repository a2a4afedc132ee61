"""What becomes of a position in the model's own hands: futures that differ in it alone, and learning from them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ml_addon.features import FusedFeatures
from ml_addon.model import POSITIONS, WindowModel
from ml_addon.model_file import read_checkpoint
from ml_addon.training.command import TrainSettings, train
from ml_addon.training.cost import Taste
from ml_addon.training.dataset import Bank, make_bank
from ml_addon.training.follow import regret_followed
from ml_addon.training.rooms import draw_rooms
from ml_addon.training.weather import made_up_weather
from ml_addon.training.world import World, any_week

COUNT = 20
SMALL = TrainSettings(
    out=Path(), version="small", seed=3, weather=None, clips=60, rooms=8, days=2, rounds=1, width=16, epochs=2
)


def generator(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def bank() -> Bank:
    return make_bank(60, FusedFeatures(), generator(), lambda _: None)


def world() -> World:
    random = generator(2)
    rooms = draw_rooms(COUNT, 2, random)
    found = World(rooms, Taste.usual(COUNT), made_up_weather(2, 1), random, any_week(COUNT, random))
    for _ in range(20):
        found.advance(torch.full((COUNT,), 0.2))
    return found


class Always(WindowModel):
    """Wants the same position whatever it is told."""

    def __init__(self, level: int) -> None:
        super().__init__(4)
        with torch.no_grad():
            self.position.weight.zero_()
            self.position.bias.copy_(torch.nn.functional.one_hot(torch.tensor(level), POSITIONS).float())


def test_forked_futures_stay_alike_while_their_windows_do() -> None:
    futures = world().fork(3, generator())
    share = torch.tensor([0.1, 0.1, 0.9]).repeat_interleave(COUNT)
    futures.look()
    cost = futures.advance_all(share).view(3, COUNT)
    futures.look()
    air = futures.state.air.view(3, COUNT)
    assert torch.equal(cost[0], cost[1])
    assert torch.equal(air[0], air[1])
    assert not torch.equal(air[0], air[2])


def test_looking_into_futures_changes_nothing_in_the_world(bank: Bank) -> None:
    looked, left_alone = world(), world()
    regret_followed(looked, Always(2), bank, generator())
    for one in (looked, left_alone):
        one.advance(torch.full((COUNT,), 0.5))
    assert torch.equal(looked.state.air, left_alone.state.air)
    assert torch.equal(looked.noise, left_alone.noise)
    assert torch.equal(looked.look().scalars.nan_to_num(0), left_alone.look().scalars.nan_to_num(0))


def test_the_best_position_costs_nothing_and_it_matters_who_goes_on(bank: Bank) -> None:
    shut, open_ = (regret_followed(world(), Always(level), bank, generator()) for level in (0, 20))
    for regret in (shut, open_):
        assert regret.shape == (COUNT, POSITIONS)
        assert (regret.amin(1) == 0).all()
        assert regret.isfinite().all()
    # Where the window will stay shut, half an hour of fresh air is worth more than where it will stand wide open.
    assert (shut[:, 20] - shut[:, 0]).mean() < (open_[:, 20] - open_[:, 0]).mean()


def test_a_model_goes_on_learning_from_where_it_was(tmp_path: Path) -> None:
    first = train(replace(SMALL, out=tmp_path / "a"))
    again = [
        train(replace(SMALL, out=tmp_path / name, rounds=0, begin=first, following=1, following_rooms=8))
        for name in "bc"
    ]
    assert again[0].read_bytes() == again[1].read_bytes()
    before, after = read_checkpoint(first), read_checkpoint(again[0])
    assert torch.equal(before.mean, after.mean)
    moved = (before.position.weight - after.position.weight).abs().max()
    assert 0 < moved < 0.1
    trained = json.loads(again[0].with_suffix(".json").read_text("utf-8"))["trained"]
    assert (trained["begun_with"], trained["rounds"], trained["rounds_following"]) == ("small", 0, 1)


def test_without_rounds_and_without_a_model_there_is_nothing_to_train(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no model to begin with"):
        train(replace(SMALL, out=tmp_path, rounds=0))


def test_weights_are_kept_in_sixteen_bits_and_lose_nothing(tmp_path: Path) -> None:
    weights = train(replace(SMALL, out=tmp_path))
    state = torch.load(weights, weights_only=True)
    assert state["body.0.weight"].dtype == torch.float16
    assert state["mean"].dtype == torch.float32
    network = read_checkpoint(weights)
    assert network.body[0].weight.dtype == torch.float32
