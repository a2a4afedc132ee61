"""The weather of a year in several places, from EPW files, and when it rains."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import torch
from torch import Tensor

HOURS = 8760
MINUTES_OF_A_DAY = 1440
_DATA_LINES = 8  # lines before the data in an EPW file
_MISSING_PRECIPITATION = 900.0  # 999 means missing
_HUMID, _OVERCAST, _VERY_HUMID = 88.0, 9.0, 96.0  # where a file knows no rain: % and tenths of the sky
_MISSING_COVER = 99.0


class WeatherError(Exception):
    """A weather file that is missing or cannot be read, and what to do."""


class Column(IntEnum):
    """What is known of each hour."""

    TEMPERATURE = 0  # °C
    HUMIDITY = 1  # %
    WIND = 2  # m/s
    NORTH = 3  # W/m² of sun on a wall that faces north, and so on
    EAST = 4
    SOUTH = 5
    WEST = 6
    RUNNING_MEAN = 7  # °C
    RAIN = 8  # 0 or 1


@dataclass(frozen=True, slots=True)
class Weather:
    """`table` is (climates, HOURS, columns); `names` are the places."""

    names: tuple[str, ...]
    table: Tensor

    def at(self, climate: Tensor, minute: Tensor) -> Tensor:
        """(n,) climates and minutes of the year → (n, columns), linear between hours; rain is that of the hour."""
        hour = (minute.float() / 60 - 0.5) % HOURS  # an EPW value is the mean of its hour
        index = hour.long() % HOURS
        now = self.table[climate, index]
        found = torch.lerp(now, self.table[climate, (index + 1) % HOURS], (hour - hour.floor())[:, None])
        found[:, Column.RAIN] = now[:, Column.RAIN]
        return found


def read_weather(paths: Sequence[Path]) -> Weather:
    """Read EPW files."""
    return Weather(tuple(path.stem for path in paths), torch.stack([_read(path) for path in paths]))


def find_weather(folder: Path, names: Sequence[str]) -> Weather:
    """Read the files of these names (without .epw), wherever they lie below the folder. WeatherError if one lacks."""
    found = {path.stem: path for path in sorted(folder.rglob("*.epw"), reverse=True)}
    if missing := [name for name in names if name not in found]:
        raise WeatherError(
            f"{folder} lacks {len(missing)} of {len(names)} weather files, {missing[0]}.epw among them: "
            "./scripts/setup energyplus fetches them"
        )
    return read_weather([found[name] for name in names])


def made_up_weather(places: int, seed: int) -> Weather:
    """Weather of sines and noise, for tests and first steps without any file."""
    generator = torch.Generator().manual_seed(seed)
    hour = torch.arange(HOURS, dtype=torch.float32)
    year, day = 2 * math.pi * hour / HOURS, 2 * math.pi * (hour % 24 - 15) / 24
    table = torch.empty(places, HOURS, len(Column))
    for place in range(places):
        middle, swing = 8 + 4 * place % 16, 12.0
        slow = torch.randn(HOURS // 24, generator=generator).repeat_interleave(24) * 2
        temperature = middle - swing * year.cos() + 4 * day.cos() + slow
        humidity = (70 - 15 * day.cos() + 5 * slow).clamp(20, 100)
        sun = 400 * (2 * math.pi * (hour % 24 - 12) / 24).cos().clamp_min(0)
        wind = 3 + torch.rand(HOURS, generator=generator) * 3
        rain = (humidity > _HUMID).float()
        table[place] = torch.stack(
            (temperature, humidity, wind, 0.2 * sun, 0.6 * sun, sun, 0.6 * sun, running_mean(temperature), rain), 1
        )
    return Weather(tuple(f"made up {place}" for place in range(places)), table)


def running_mean(temperature: Tensor) -> Tensor:
    """EN 16798-1 annex B: 0.8 × yesterday's running mean + 0.2 × yesterday's mean. (HOURS,) → (HOURS,)."""
    daily = temperature[: len(temperature) // 24 * 24].view(-1, 24).mean(1).tolist()
    mean = [daily[-1]] * len(daily)
    for _ in range(2):  # twice, so that the year's end flows into its beginning
        for day in range(len(daily)):
            mean[day] = 0.8 * mean[day - 1] + 0.2 * daily[day - 1]
    return torch.tensor(mean).repeat_interleave(24)


def _read(path: Path) -> Tensor:
    """One EPW file → (HOURS, columns). EnergyPlus' Auxiliary Programs, "EPW CSV Format", names the fields."""
    lines = path.read_text("latin-1").splitlines()
    try:
        place = lines[0].split(",")
        latitude, longitude, zone = (float(place[k]) for k in (6, 7, 8))
        rows = [line.split(",") for line in lines[_DATA_LINES:] if line.count(",") > 20][:HOURS]  # noqa: PLR2004
        raw = torch.tensor([[float(row[k]) for k in (6, 8, 21, 14, 15, 22)] for row in rows])
        precipitation = torch.tensor([float(row[33]) if len(row) > 33 and row[33] else 999.0 for row in rows])  # noqa: PLR2004
    except (ValueError, IndexError) as error:
        raise WeatherError(f"{path} is no EPW file: {error}") from error
    if len(rows) != HOURS:
        raise WeatherError(f"{path} holds {len(rows)} hours; {HOURS} are needed")
    temperature, humidity, wind, direct, diffuse, cover = raw.unbind(1)
    humidity = humidity.clamp(5, 100)
    walls = _on_walls(latitude, longitude, zone, direct, diffuse)
    return torch.stack(
        (temperature, humidity, wind, *walls, running_mean(temperature), _rain(humidity, cover, precipitation)), 1
    )


def _rain(humidity: Tensor, cover: Tensor, precipitation: Tensor) -> Tensor:
    """Measured where the file knows it; else humid hours under a closed sky, two of three."""
    known = precipitation < _MISSING_PRECIPITATION
    if (known & (precipitation > 0)).any():
        return (known & (precipitation > 0.1)).float()  # noqa: PLR2004  mm
    damp = torch.where(cover >= _MISSING_COVER, humidity >= _VERY_HUMID, (humidity >= _HUMID) & (cover >= _OVERCAST))
    return (damp & (torch.arange(len(humidity)) % 3 > 0)).float()


def _on_walls(latitude: float, longitude: float, zone: float, direct: Tensor, diffuse: Tensor) -> list[Tensor]:
    """Sun on walls to the north, east, south and west, W/m²: direct by angle, half the sky, ground of albedo 0.2.

    Sun's place by Cooper's declination and Spencer's equation of time, as in Duffie and Beckman, "Solar Engineering".
    """
    n = torch.arange(HOURS, dtype=torch.float64)
    day, hour = (n / 24).floor() + 1, n % 24 + 0.5
    b = 2 * math.pi * (day - 81) / 365
    equation = (9.87 * (2 * b).sin() - 7.53 * b.cos() - 1.5 * b.sin()) / 60
    declination = math.radians(23.45) * (2 * math.pi * (284 + day) / 365).sin()
    angle = torch.deg2rad(15 * (hour + equation + (longitude - 15 * zone) / 15 - 12))
    phi = torch.tensor(math.radians(latitude), dtype=torch.float64)
    altitude = phi.sin() * declination.sin() + phi.cos() * declination.cos() * angle.cos()
    east = -declination.cos() * angle.sin()
    north = phi.cos() * declination.sin() - phi.sin() * declination.cos() * angle.cos()
    up = altitude > 0.03  # noqa: PLR2004  two degrees
    ground = 0.1 * (diffuse + direct * altitude.clamp_min(0))
    return [
        (torch.where(up, direct * cosine.clamp_min(0), 0.0) + 0.5 * diffuse + ground).float()
        for cosine in (north, east, -north, -east)
    ]
