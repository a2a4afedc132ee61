"""EnergyPlus in a closed loop: at each of its ten-minute steps a policy sets the window."""

import importlib
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import torch
from torch import Tensor

from .building import Kind, idf

_SENSORS = {
    "air": ("Zone Mean Air Temperature", "ROOM"),
    "felt": ("Zone Operative Temperature", "ROOM"),
    "humidity": ("Zone Air Relative Humidity", "ROOM"),
    "co2": ("Zone Air CO2 Concentration", "ROOM"),
    "outdoors": ("Site Outdoor Air Drybulb Temperature", "Environment"),
    "outdoor_humidity": ("Site Outdoor Air Relative Humidity", "Environment"),
    "wind": ("Site Wind Speed", "Environment"),
    "heat": ("Zone Ideal Loads Zone Total Heating Rate", "IDEAL"),
}
_ACTUATORS = ("OPENING", "SENSIBLE", "LATENT", "CO2GEN")


class EnergyPlusError(Exception):
    """EnergyPlus is not there, or ended badly, and what to do."""


@dataclass(frozen=True, slots=True)
class Gains:
    """W sensible, W latent, m³/s of CO2 for each minute of the year, by step of ten minutes: (52560,) each."""

    sensible: Tensor
    latent: Tensor
    co2: Tensor


# Takes the sensors' values and the minute of the year, gives the opening from 0 to 1.
Policy = Callable[[dict[str, float], int], float]


class _Exchange(Protocol):
    def request_variable(self, state: object, name: str, key: str) -> None: ...
    def get_variable_handle(self, state: object, name: str, key: str) -> int: ...
    def get_actuator_handle(self, state: object, kind: str, control: str, key: str) -> int: ...
    def get_variable_value(self, state: object, handle: int) -> float: ...
    def set_actuator_value(self, state: object, handle: int, value: float) -> None: ...
    def warmup_flag(self, state: object) -> bool: ...
    def api_data_fully_ready(self, state: object) -> bool: ...
    def current_time(self, state: object) -> float: ...
    def day_of_year(self, state: object) -> int: ...


class _Runtime(Protocol):
    def set_console_output_status(self, state: object, on: bool) -> None: ...  # noqa: FBT001  EnergyPlus' own
    def callback_begin_zone_timestep_after_init_heat_balance(
        self, state: object, callback: Callable[[object], None]
    ) -> None: ...
    def run_energyplus(self, state: object, arguments: list[str]) -> int: ...


class _States(Protocol):
    def new_state(self) -> object: ...
    def delete_state(self, state: object) -> None: ...


class Api(Protocol):
    """EnergyPlus' own API, as far as it is used."""

    exchange: _Exchange
    runtime: _Runtime
    state_manager: _States


def load_energyplus(packages: Path) -> Api:
    """The engine from a folder of packages (requirements/energyplus.txt), or EnergyPlusError."""
    if str(packages) not in sys.path:
        sys.path.append(str(packages))
    try:
        module = importlib.import_module("pyenergyplus.api")
    except (ImportError, OSError) as error:
        raise EnergyPlusError(
            f"EnergyPlus is not in {packages} ({error}); ./scripts/setup energyplus fetches it"
        ) from error
    return cast("Api", module.EnergyPlusAPI())


def simulate(api: Api, epw: Path, kind: Kind, policy: Policy, gains: Gains) -> dict[str, Tensor]:
    """Return the sensors, `share` and `minute`, (steps,) each. The opening applies to the step that begins.

    Sensors are of the step before: so a step's cost belongs to the opening of the row before it.
    """
    exchange, state = api.exchange, api.state_manager.new_state()
    api.runtime.set_console_output_status(state, False)  # noqa: FBT003
    for name, key in _SENSORS.values():
        exchange.request_variable(state, name, key)
    handles: dict[str, int] = {}
    rows: list[list[float]] = []
    trouble: list[Exception] = []

    def step(now: object) -> None:
        if trouble or exchange.warmup_flag(now) or not exchange.api_data_fully_ready(now):
            return
        try:
            if not handles:
                handles.update(_handles(exchange, state))
            seen = {name: exchange.get_variable_value(now, handles[name]) for name in _SENSORS}
            minute = round((exchange.day_of_year(now) - 1) * 1440 + exchange.current_time(now) * 60) % 525_600
            share = policy(seen, minute)
            k = minute // 10
            for name, value in (
                ("OPENING", share),
                ("SENSIBLE", gains.sensible[k].item()),
                ("LATENT", gains.latent[k].item()),
                ("CO2GEN", gains.co2[k].item()),
            ):
                exchange.set_actuator_value(now, handles[name], value)
            rows.append([*seen.values(), share, minute])
        except Exception as error:  # noqa: BLE001  an exception in a callback of C would be lost
            trouble.append(error)

    api.runtime.callback_begin_zone_timestep_after_init_heat_balance(state, step)
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder) / "room.idf"
        room.write_text(idf(kind), "ascii")
        code = api.runtime.run_energyplus(state, ["-w", str(epw), "-d", folder, str(room)])
        said = Path(folder) / "eplusout.err"
        tail = said.read_text("utf-8", "replace")[-2000:] if said.is_file() else ""
    api.state_manager.delete_state(state)
    if trouble:
        raise trouble[0]
    if code or not rows:
        raise EnergyPlusError(f"EnergyPlus ended with code {code} on {epw.name}: {tail}")
    table = torch.tensor(rows, dtype=torch.float64)
    return dict(zip((*_SENSORS, "share", "minute"), table.T, strict=True))


def _handles(exchange: _Exchange, state: object) -> dict[str, int]:
    found = {name: exchange.get_variable_handle(state, variable, key) for name, (variable, key) in _SENSORS.items()} | {
        name: exchange.get_actuator_handle(state, "Schedule:Constant", "Schedule Value", name) for name in _ACTUATORS
    }
    if missing := [name for name, handle in found.items() if handle < 0]:
        raise EnergyPlusError(f"EnergyPlus does not know {', '.join(missing)}")
    return found
