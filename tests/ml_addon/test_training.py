"""The simulated rooms behave as rooms do, the rival is the integration's rule, and a seed makes one model."""

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
import torch
import yaml

from ml_addon.features import FusedFeatures
from ml_addon.inputs import Known
from ml_addon.model import POSITIONS
from ml_addon.training import rule
from ml_addon.training.command import TrainSettings, read_thresholds, train
from ml_addon.training.cost import Taste
from ml_addon.training.dataset import Bank, drop, make_bank
from ml_addon.training.evaluate import RULE, STUDENT, TEACHER, Confidence, Report, calibration_error
from ml_addon.training.fit import position_loss
from ml_addon.training.physics import Surroundings, start, step
from ml_addon.training.play import Played, PlaySettings, by_rule, by_teacher, fixed, paired_ratio, play
from ml_addon.training.rooms import Rooms, draw_rooms, indoor_level
from ml_addon.training.sounds import Kind, Synth, a_level, to_level
from ml_addon.training.teacher import regret
from ml_addon.training.tune import RANGES, TuneSettings, tune
from ml_addon.training.weather import Column, Weather, WeatherError, find_weather, made_up_weather, running_mean
from ml_addon.training.world import World, any_week, four_seasons

VECTORS = Path(__file__).parents[2] / "contract" / "vectors" / "fallback"
SMALL = TrainSettings(
    out=Path(), version="small", seed=3, weather=None, clips=60, rooms=8, days=2, rounds=2, width=16, epochs=2
)
FEW = PlaySettings(rooms=24, days=3)


def generator(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def weather() -> Weather:
    return made_up_weather(4, 1)


@pytest.fixture(scope="module")
def bank() -> Bank:
    return make_bank(120, FusedFeatures(), generator(), lambda _: None)


def world(weather: Weather, count: int = 200, seed: int = 1) -> World:
    random = generator(seed)
    rooms = draw_rooms(count, len(weather.names), random)
    return World(rooms, Taste.usual(count), weather, random, any_week(count, random))


def rooms_of(count: int = 200) -> Rooms:
    return draw_rooms(count, 1, generator())


def run(rooms: Rooms, share: float, hours: int, outdoors: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Temperature and CO2 after so many hours of steady weather with people in."""
    columns = torch.zeros(len(rooms), len(Column))
    columns[:, Column.TEMPERATURE], columns[:, Column.HUMIDITY], columns[:, Column.WIND] = outdoors, 60, 2
    columns[:, Column.RUNNING_MEAN] = outdoors
    state, minute = start(len(rooms)), torch.full((len(rooms),), 20 * 60)
    for _ in range(hours * 6):
        around = Surroundings(columns, minute, torch.zeros(len(rooms)))
        state, _ = step(rooms, Taste.usual(len(rooms)), state, torch.full((len(rooms),), share), around, 600)
    return state.air, state.co2


def test_what_a_request_could_tell_is_within_what_it_may_hold(weather: Weather) -> None:
    scalars = world(weather).look().scalars
    low = torch.tensor([-60, 0, -60, 0, 0, 0, 0, 0, 0, 0, -60, 0, 0, 1, 0.01, -60, -200, 0])
    high = torch.tensor([85, 100, 85, 100, 120, 1, 24, 100, 40_000, 1, 60, 6, 1, 10_000, 50, 60, 200, 10_000.0])
    assert ((scalars >= low) & (scalars <= high) | scalars.isnan()).all()
    assert scalars[:, [Known.TEMPERATURE, Known.HUMIDITY, Known.HOUR]].isfinite().all()
    assert 0.5 < scalars[:, Known.CO2].isnan().float().mean() < 0.9


def test_an_open_window_brings_the_room_to_the_outdoors_and_a_shut_one_keeps_it() -> None:
    rooms = replace(rooms_of(), setpoint=torch.full((200,), -50.0))  # no heating
    open_, shut = (run(rooms, share, 3, 5.0)[0] for share in (1.0, 0.0))
    assert (open_ < shut).all()
    assert open_.mean() < 16


def test_the_heating_holds_the_setpoint_as_far_as_it_can() -> None:
    rooms = replace(rooms_of(), heating=torch.full((200,), 1e5))
    air, _ = run(rooms, 0.0, 24, -10.0)
    assert (air >= rooms.setpoint - 0.01).all()


def test_the_air_of_a_shut_room_goes_stale_and_that_of_an_open_one_does_not() -> None:
    rooms = replace(rooms_of(), away=torch.zeros(200, 64, dtype=torch.bool), bedroom=torch.zeros(200).bool())
    (_, stale), (_, fresh) = run(rooms, 0.0, 2, 18.0), run(rooms, 1.0, 2, 18.0)
    assert stale.mean() > 900
    assert fresh.max() < 800
    assert fresh.min() > 419


def test_the_wider_the_window_the_louder_the_room() -> None:
    rooms, street = rooms_of(), torch.full((200,), 65.0)
    levels = torch.stack([indoor_level(rooms, street, torch.full((200,), k / 20)) for k in range(21)])
    assert (levels.diff(dim=0) > 0).all()
    assert ((street - levels[0]) > 27.9).all()
    assert ((street - levels[-1]) < 10.1).all()


def test_a_step_of_half_an_hour_comes_near_to_three_of_ten_minutes(weather: Weather) -> None:
    at = world(weather)
    around = Surroundings(at.now(), at.minute, at.noise)
    share = torch.rand(200, generator=generator())
    long, _ = step(at.rooms, at.taste, at.state, share, around, 1800)
    short = at.state
    for _ in range(3):
        short, _ = step(at.rooms, at.taste, short, share, around, 600)
    assert (long.air - short.air).abs().max() < 1.5
    assert (long.co2 - short.co2).abs().mean() < 60


def test_to_the_teacher_a_window_ajar_costs_more_on_a_loud_street(weather: Weather) -> None:
    at = world(weather, 100)
    silent = {"street": torch.full((100,), 5.0), "away": torch.zeros(100, 64, dtype=torch.bool)}
    loud = silent | {"street": torch.full((100,), 80.0)}
    at.state = replace(at.state, co2=torch.full((100,), 900.0))
    at.minute = torch.full((100,), 23 * 60)  # bedrooms sleep
    dearer = []
    for changes in (silent, loud):
        at.rooms = replace(at.rooms, **changes)
        found = regret(at)[at.rooms.bedroom]
        dearer.append(found[:, 1].mean())
    assert dearer[1] > dearer[0] + 0.3


def test_the_regret_of_the_best_position_is_nothing_and_of_no_other_less(weather: Weather) -> None:
    found = regret(world(weather))
    assert found.shape == (200, 21)
    assert (found.amin(1) == 0).all()
    assert found.isfinite().all()
    assert len(set(found.argmin(1).tolist())) > 6


def test_who_knows_everything_does_better_than_who_does_not(weather: Weather, bank: Bank) -> None:
    """The same rooms, weather and noise for all; else the order would be luck."""
    costs = [play(p, weather, bank, FEW).cost for p in (by_teacher(), by_rule(read_thresholds()), fixed(0.0))]
    assert costs[0].mean() < costs[1].mean() < costs[2].mean()
    again = play(by_rule(read_thresholds()), weather, bank, FEW).cost
    assert (again == costs[1]).all()
    ratio = paired_ratio(costs[0], costs[1])
    assert ratio.low < ratio.value < ratio.high < 1


def test_a_taste_for_quiet_makes_noise_dearer_and_nothing_else(weather: Weather, bank: Bank) -> None:
    usual, quiet = Taste.usual(24), replace(Taste.usual(24), quiet=torch.full((24,), 2.0))
    plain, dear = (play(fixed(0.5), weather, bank, FEW, taste) for taste in (usual, quiet))
    for name, points in plain.parts.items():
        assert torch.allclose(dear.parts[name], points * (2 if name == "noise" else 1)), name


def test_the_rival_says_what_the_vectors_of_the_plain_rule_say() -> None:
    paths = sorted(VECTORS.glob("*.json"))
    assert len(paths) > 30
    known = [field.name for field in fields(rule.Air) if field.name not in {"night", "taste"}]
    documents = [json.loads(path.read_text("utf-8")) for path in paths]
    words = {"balanced": rule.BALANCED, "quiet": rule.QUIET, "fresh": rule.FRESH}
    air = rule.Air(
        **{name: torch.tensor([float(d["air"].get(name, "nan")) for d in documents]) for name in known},
        night=torch.tensor([d["air"].get("night", False) for d in documents]),
        taste=torch.tensor([words[d["air"].get("taste", "balanced")] for d in documents]),
    )
    low, high = rule.advise(air, read_thresholds())
    for document, at_least, at_most in zip(documents, low.tolist(), high.tolist(), strict=True):
        expected = document["expect"]
        assert at_least == pytest.approx(expected["low"], abs=0.01), document["name"]
        assert at_most == pytest.approx(expected["high"], abs=0.01), document["name"]


def test_the_search_finds_thresholds_no_worse_than_those_it_began_with(weather: Weather) -> None:
    before = {name: float(value) for name, value in read_thresholds().items()} | {"humidity_full": 99.0, "tilt": 0.0}
    said: list[str] = []
    found = tune(weather, before, TuneSettings(trials=6, rounds=2, rooms=8, days=1), said.append)
    assert len(said) == 2
    assert set(found) == set(before)
    for name, (low, high) in RANGES.items():
        assert low - 1e-3 <= found[name] <= high + 1e-3


def test_the_running_mean_of_steady_weather_is_that_weather_and_lags_behind_a_change() -> None:
    steady = torch.full((8760,), 12.0)
    assert torch.allclose(running_mean(steady), steady)
    changed = steady.clone()
    changed[24 * 100 : 24 * 120] = 22.0
    mean = running_mean(changed)
    assert mean[24 * 100] == pytest.approx(12, abs=0.01)
    assert mean[24 * 101] == pytest.approx(14, abs=0.01)  # 0.8 × 12 + 0.2 × 22
    assert mean[24 * 119] > 21.5


def test_a_weather_file_that_lacks_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeatherError, match=r"Nowhere\.epw.*scripts/setup energyplus"):
        find_weather(tmp_path, ("Nowhere",))
    (tmp_path / "Nowhere.epw").write_text("LOCATION,x\n")
    with pytest.raises(WeatherError, match="no EPW file"):
        find_weather(tmp_path, ("Nowhere",))


@pytest.mark.parametrize("kind", Kind)
def test_a_clip_has_the_level_that_was_asked_for(kind: Kind) -> None:
    synth = Synth(generator())
    for level in (-70.0, -40.0, -20.0):
        street = to_level(synth.street(kind, 2.0), level)
        assert 10 * street.square().mean().log10().item() == pytest.approx(level, abs=0.01)
        clip = synth.clip(kind, level, 2.0, talk=False)
        assert clip.samples.abs().max() <= 1
        assert clip.level < level + 3  # the A curve adds little anywhere


def test_the_a_level_of_a_tone_is_the_standard_s() -> None:
    tone = torch.sin(2 * torch.pi * 1000 * torch.arange(16_000) / 16_000)
    assert a_level(tone) == pytest.approx(-3.01, abs=0.05)


def test_a_street_is_heard_as_loud_as_it_is(weather: Weather, bank: Bank) -> None:
    at = world(weather)
    seen = replace(at.look(), wet=torch.zeros(200), awake=torch.zeros(200))
    quiet, loud = (bank.hear(replace(seen, level=torch.full((200,), level)), generator()) for level in (40.0, 70.0))
    assert loud[:, -3].mean() > quiet[:, -3].mean() + 20


def test_fields_drop_out_as_often_as_they_shall_and_never_the_readings(weather: Weather) -> None:
    scalars = torch.ones(4000, len(Known))
    left, sound = drop(scalars, torch.ones(4000, 51), 0.15, generator())
    gone = left.isnan().float().mean(0)
    always = [Known.TEMPERATURE, Known.HUMIDITY, Known.HOUR]
    assert (gone[always] == 0).all()
    assert gone[Known.CO2] == pytest.approx(0.15, abs=0.02)
    assert sound[:, 0].isnan().float().mean() == pytest.approx(0.15, abs=0.02)


def test_the_best_position_is_imitated_in_the_rows_that_say_so_and_in_no_other() -> None:
    logits, regret = torch.zeros(2, POSITIONS), torch.linspace(0, 1, POSITIONS).repeat(2, 1)
    towards = logits.clone()
    towards[0, 0] = 1.0  # the best of the first row likelier

    def gain(imitation: list[float]) -> float:
        weight = torch.tensor(imitation)
        return (position_loss(logits, regret, weight) - position_loss(towards, regret, weight)).item()

    assert gain([0.2, 0.0]) > gain([0.0, 0.0]) + 0.05
    assert gain([0.0, 0.2]) == pytest.approx(gain([0.0, 0.0]))


def test_the_calibration_error_is_the_gap_between_sure_and_right() -> None:
    sure = torch.full((3000,), 0.8)
    right = (torch.arange(3000) % 5 < 3).float()  # 60 %
    assert calibration_error(sure, right) == pytest.approx(0.2, abs=0.01)
    honest = torch.rand(60_000, generator=generator())
    outcome = (torch.rand(60_000, generator=generator(2)) < honest).float()
    assert calibration_error(honest, outcome) < 0.01


def test_a_figure_that_cannot_be_had_is_null_and_no_number_that_json_lacks() -> None:
    """A model that is never sure, without EnergyPlus; on loud streets its ears are worth half of its cost."""
    rooms = replace(rooms_of(4), street=torch.full((4,), 70.0))
    costs = {RULE: 1.0, STUDENT: 0.8, TEACHER: 0.6, "model without sound": 1.2, "model, 15 % absent": 0.88}
    played = {name: Played(torch.full((4,), cost), {}, rooms) for name, cost in costs.items()}
    never = Confidence(torch.full((9,), 0.5), torch.tensor([1.0, 0.0, 1.0] * 3), torch.zeros(9))
    figures = Report(played, {}, never, never, ("here",), FEW).figures()
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    assert {name for name, value in figures.items() if value is None} == {
        "energyplus_vs_tuned_rule",
        "energyplus_vs_tuned_rule_95",
        "energyplus_worst_climate_ratio",
        "precision_at_08",
        "rain_auc",
        "voice_auc",
        "engine_auc",
    }
    assert (figures["cost_vs_tuned_rule"], figures["gap_to_teacher_closed"]) == (0.8, 0.5)
    assert (figures["audio_worth"], figures["loss_with_15pct_absent"], figures["share_at_08"]) == (0.5, 0.1, 0.0)


def test_a_seed_makes_one_model(tmp_path: Path) -> None:
    for name in ("a", "b"):
        train(replace(SMALL, out=tmp_path / name))
    train(replace(SMALL, out=tmp_path / "c", seed=4))
    first, second, other = ((tmp_path / name / "small.pth").read_bytes() for name in "abc")
    assert first == second
    assert first != other


def test_every_threshold_of_the_contract_is_known_to_the_rival() -> None:
    named = set(yaml.safe_load((VECTORS.parents[1] / "fallback.yaml").read_text("utf-8")))
    assert set(RANGES) < named
    assert {field.name for field in fields(rule.Air)} > {"co2", "noise"}


def test_the_seasons_share_the_rooms(weather: Weather) -> None:
    assert len(set(four_seasons(8).tolist())) == 4
