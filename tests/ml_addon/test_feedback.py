"""A layer learns its owner: slowly, within bounds, and nothing of what is no evidence."""

import time
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings, strategies as st

from ml_addon.feedback import Correction, learn, log_likelihood
from ml_addon.feedback_messages import decode_feedback
from ml_addon.inputs import READS, Known, Liking
from ml_addon.layer import BOUND, ENOUGH, SIZE, TASTES, Learnt, lean, read_layer, told_taste, unlearnt, write_layer
from ml_addon.model import WindowModel
from ml_addon.model_file import read_checkpoint
from ml_addon.strict_json import ContractError

from .contract_files import Example, examples

SHIPPED = Path(__file__).parents[2] / "ml_addon" / "models"
LATER = "a_later_contract.json"


@pytest.fixture(scope="module")
def network() -> WindowModel:
    (file,) = SHIPPED.glob("*.pth")
    return read_checkpoint(file)


NETWORK: list[WindowModel] = []


def shipped() -> WindowModel:
    if not NETWORK:
        NETWORK.append(read_checkpoint(next(SHIPPED.glob("*.pth"))))
    return NETWORK[0]


def correction(position: float, hour: float = 15.0, temperature: float = 24.0) -> Correction:
    scalars = torch.full((len(Known),), torch.nan)
    scalars[Known.TEMPERATURE], scalars[Known.HUMIDITY] = temperature, 50.0
    scalars[Known.OUTDOOR_TEMPERATURE], scalars[Known.HOUR], scalars[Known.POSITION] = 16.0, hour, 20.0
    return Correction(scalars, torch.zeros(len(Liking)), torch.full((len(READS),), torch.nan), position)


def taught(network: WindowModel, position: float, times: int, hour: float = 15.0) -> Learnt:
    layer = unlearnt()
    for _ in range(times):
        layer = learn(network, correction(position, hour), layer)
    return layer


@pytest.mark.parametrize("position", [0.0, 60.0, 100.0])
def test_what_the_owner_chose_becomes_likelier_with_each_correction(network: WindowModel, position: float) -> None:
    asked = correction(position)
    likelihoods = [log_likelihood(network, asked, taught(network, position, n).shift).item() for n in (0, 3, 12)]
    assert likelihoods[0] < likelihoods[1] < likelihoods[2]


def test_nothing_is_applied_before_there_is_enough_evidence(network: WindowModel) -> None:
    few, enough = taught(network, 100.0, 2), taught(network, 100.0, 5)
    assert few.evidence < ENOUGH
    assert (few.in_force == 0).all()
    assert few.shift.abs().max() > 0
    assert enough.in_force.abs().max() > 0


def test_who_opens_in_the_afternoon_is_not_believed_to_want_it_by_night(network: WindowModel) -> None:
    layer = taught(network, 100.0, 20)
    times = layer.shift[TASTES:]
    assert times[1] > 0.2  # 10 to 17 o'clock
    assert times[3].abs() < 0.1 * times[1].abs() + 1e-3


def test_a_change_of_mind_is_learnt_and_the_old_one_fades(network: WindowModel) -> None:
    layer = taught(network, 100.0, 20)
    opened = layer.shift[TASTES + 1].item()
    for _ in range(30):
        layer = learn(network, correction(0.0), layer)
    assert layer.shift[TASTES + 1].item() < opened / 2


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 24), st.floats(-10, 40)), max_size=12))
@settings(max_examples=25, deadline=None)
def test_whatever_the_owner_does_a_layer_stays_bounded_and_one_correction_moves_little(
    done: list[tuple[float, float, float]],
) -> None:
    layer = unlearnt()
    for position, hour, temperature in done:
        before = layer
        layer = learn(shipped(), correction(position, hour, temperature), layer)
        assert layer.shift.isfinite().all()
        assert (layer.shift.abs() <= BOUND + 1e-6).all()
        assert (layer.shift - before.shift).abs().max() < 1.0
        assert layer.version == before.version + 1
        assert layer.evidence <= 1 / (1 - 0.97) + 1e-6
    assert read_layer(write_layer(layer)).version == layer.version


def test_a_layer_survives_its_way_over_the_wire(network: WindowModel) -> None:
    layer = taught(network, 80.0, 6)
    back = read_layer(write_layer(layer))
    assert torch.allclose(back.shift, layer.shift, atol=1e-4)
    assert torch.allclose(back.sure, layer.sure, atol=1e-4)
    assert back.evidence == pytest.approx(layer.evidence, abs=1e-4)


def test_a_hostile_layer_bends_the_taste_no_further_than_the_model_was_trained_for() -> None:
    told = told_taste(torch.full((5,), 2.0), torch.full((SIZE,), 900.0))
    assert told.max() <= 3
    absurd = Learnt(torch.full((SIZE,), 900.0), torch.ones(SIZE), 50.0, 7)
    assert (absurd.in_force <= BOUND).all()
    assert lean(correction(0.0).scalars[None], absurd.in_force).abs().max() <= 3.0 + 1e-6


def test_without_the_hour_the_time_of_day_says_nothing() -> None:
    scalars = correction(0.0).scalars[None].clone()
    scalars[0, Known.HOUR] = torch.nan
    assert (lean(scalars, torch.ones(SIZE)) == 0).all()


def test_a_lesson_takes_milliseconds(network: WindowModel) -> None:
    layer = taught(network, 60.0, 3)
    began = time.perf_counter()
    for _ in range(20):
        layer = learn(network, correction(60.0), layer)
    assert (time.perf_counter() - began) / 20 < 0.1


@pytest.mark.parametrize("example", [e for e in examples("feedback", "valid") if e.name != LATER], ids=str)
def test_every_valid_correction_is_read(example: Example) -> None:
    assert decode_feedback(example.payload).correlation_id


@pytest.mark.parametrize(
    "example", [e for e in examples("feedback", "invalid") if not e.name.startswith("topic_")], ids=str
)
def test_every_invalid_correction_is_refused(example: Example) -> None:
    with pytest.raises(ContractError):
        decode_feedback(example.payload)
