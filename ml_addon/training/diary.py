"""Two days of one room under the rule, the model and the teacher."""

from dataclasses import dataclass

import torch

from ..model import WindowModel
from . import rule
from .dataset import Bank
from .play import Moment, PlaySettings, Policy, by_model, by_rule, by_teacher, play
from .plots import Line, panels
from .weather import Weather
from .world import DECISIONS_PER_DAY

_DAYS = 2


@dataclass(frozen=True, slots=True)
class _Diary:
    hour: list[float]
    temperature: list[float]
    co2: list[float]
    position: list[float]
    street: list[float]
    outdoors: list[float]


def two_days(model: WindowModel, weather: Weather, bank: Bank, thresholds: rule.Thresholds, room: int) -> str:
    """The picture, as SVG. `room` is one of those that `play` draws; rooms k, k + 4 … are in the same season."""
    policies: dict[str, Policy] = {
        "plain rule": by_rule(thresholds),
        "model": by_model(model),
        "teacher": by_teacher(),
    }
    diaries = {name: _write(policy, weather, bank, room) for name, policy in policies.items()}
    any_one = diaries["model"]

    def lines(of: str) -> list[Line]:
        return [Line(name, diary.hour, getattr(diary, of)) for name, diary in diaries.items()]

    outdoors = Line("outdoors", any_one.hour, any_one.outdoors)
    return panels(
        "",
        [
            ("window, %", lines("position")),
            ("indoors (and, last colour, outdoors), °C", [*lines("temperature"), outdoors]),
            ("CO2, ppm", lines("co2")),
            ("street, dB(A)", [Line("street", any_one.hour, any_one.street)]),
        ],
    )


def _write(policy: Policy, weather: Weather, bank: Bank, room: int) -> _Diary:
    diary = _Diary([], [], [], [], [], [])

    def noted(moment: Moment) -> torch.Tensor:
        share = policy(moment)
        state = moment.world.state
        diary.hour.append(len(diary.hour) / 2)
        diary.temperature.append(state.air[room].item())
        diary.co2.append(state.co2[room].item())
        diary.position.append(100 * share[room].item())
        diary.street.append(moment.seen.level[room].item())
        diary.outdoors.append(moment.seen.scalars[room, 2].item())
        return share

    settings = PlaySettings(rooms=room + 1, days=_DAYS + 1, settling_days=0)
    play(noted, weather, bank, settings)
    begin = DECISIONS_PER_DAY
    return _Diary(*(getattr(diary, name)[begin:] for name in _Diary.__slots__))
