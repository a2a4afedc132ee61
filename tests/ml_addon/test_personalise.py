"""Simulated owners correct the shipped model: none is served worse than the bound."""

import pytest
import torch

from ml_addon.features import FusedFeatures
from ml_addon.model_file import read_checkpoint
from ml_addon.shelf import SHIPPED
from ml_addon.training.dataset import likings, make_bank
from ml_addon.training.personalise import Outcome, PersonaliseSettings, draw_owners, personalise
from ml_addon.training.weather import made_up_weather

FEW = PersonaliseSettings(owners=6, corrections=(2, 6), most_days=8, judged_days=3)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    (path,) = SHIPPED.glob("*.pth")
    bank = make_bank(60, FusedFeatures(), torch.Generator().manual_seed(1), lambda _: None)
    return personalise(
        read_checkpoint(path), made_up_weather(2, 1), bank, FEW, lambda _what, _total: lambda _done: None
    )


def test_the_owners_are_unlike_the_usual_one() -> None:
    owners = draw_owners(40, torch.Generator().manual_seed(2))
    assert likings(owners).abs().sum(1).min() > 1


def test_too_few_corrections_change_nothing(outcome: Outcome) -> None:
    assert torch.equal(outcome.learnt[2], outcome.unlearnt)


def test_a_few_corrections_leave_no_owner_worse_off_than_the_bound(outcome: Outcome) -> None:
    """Six owners and six corrections are too few to see a gain of the mean; they are enough to see harm."""
    assert outcome.reached[6] >= 3
    assert not torch.equal(outcome.learnt[6], outcome.unlearnt)
    assert outcome.told.mean() < outcome.unlearnt.mean()
    assert outcome.learnt[6].mean() < 1.05 * outcome.unlearnt.mean()
    assert (outcome.learnt[6] / outcome.unlearnt).max() < 1.15


def test_the_figures_say_what_was_played(outcome: Outcome) -> None:
    figures = outcome.figures()
    possible = 1 - outcome.told.mean() / outcome.unlearnt.mean()
    assert figures["possible_improvement"] == pytest.approx(possible.item(), abs=1e-3)
    assert figures["matched_after_2"] == 0
    worst = (outcome.learnt[6] / outcome.unlearnt - 1).max().item()
    assert figures["worst_owner_after_6"] == pytest.approx(worst, abs=1e-3)
