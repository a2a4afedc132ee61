"""ESPHome takes every package and device, generates their code, and says plainly what does not fit."""

import os
import re
import shutil
import subprocess
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.firmware.build import ROOT

FIRMWARE = ROOT / "firmware"
ESPHOME = ROOT / ".venv-fw" / "bin" / "esphome"
DEVICES = sorted(path.stem for path in (FIRMWARE / "devices").glob("*.yaml") if path.stem != "secrets.example")

# The least that a window is; each case below changes one thing of it.
_LEAST = """
substitutions: {device_id: porch, window_name: Porch, broker: localhost}
packages:
  core: !include ../packages/core.yaml
  components: !include ../packages/components.yaml
esp32: {board: esp32dev, framework: {type: esp-idf}}
wifi: {ssid: a, password: long-enough}
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return _clone(tmp_path)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The code that ESPHome makes of a device, made once."""

    @cache
    def generate(device: str) -> str:
        clone = _clone(tmp_path_factory.mktemp(device))
        # Improv fetches a library while it generates; a machine without the internet leaves it out.
        (clone / "devices" / "here.yaml").write_text(
            f"packages:\n  device: !include {device}.yaml\n\nimprov_serial: !remove\n"
        )
        done = _esphome(clone, "compile", "--only-generate", "here.yaml")
        assert done.returncode == 0, done.stdout + done.stderr
        (source,) = (clone / "data").glob("build/*/src/main.cpp")
        assert (source.parent / "esphome/components/smart_window_core/device.h").exists()
        return source.read_text()

    return generate


def _clone(folder: Path) -> Path:
    for part in ("components", "packages", "devices"):
        shutil.copytree(FIRMWARE / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", ".esphome"))
    shutil.copy(folder / "devices" / "secrets.example.yaml", folder / "devices" / "secrets.yaml")
    return folder


def _esphome(clone: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"ESPHOME_DATA_DIR": str(clone / "data")}
    command = ["nice", str(ESPHOME), *words]
    return subprocess.run(command, cwd=clone / "devices", env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("device", DEVICES)
def test_esphome_takes_the_device(clone: Path, device: str) -> None:
    done = _esphome(clone, "config", f"{device}.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("device", DEVICES)
def test_esphome_generates_the_device(generated: Callable[[str], str], device: str) -> None:
    assert "window->set_identity(" in generated(device)


def test_features_are_what_leaves_and_the_data_sheet_makes_them_decibels(generated: Callable[[str], str]) -> None:
    text = generated("s3_chain_drive")
    assert "set_sends_sound(false)" in text
    # 94 dB are -26 dBFS of a sine, -29.01 dB of full scale, and the microphone's gain of four adds 12.04 dB.
    assert "set_full_scale(11097)" in text


def test_every_package_is_in_a_device() -> None:
    used = {package for device in DEVICES for package in _packages_of(FIRMWARE / "devices" / f"{device}.yaml")}
    assert {path.stem for path in (FIRMWARE / "packages").glob("*.yaml")} == used


def _packages_of(file: Path) -> Iterator[str]:
    """Return what a file includes, and what that includes."""
    for name in re.findall(r"!include (?:\.\./packages/)?(\w+)\.yaml", file.read_text()):
        yield name
        yield from _packages_of(FIRMWARE / "packages" / f"{name}.yaml")


# With the devices themselves: every motor, climate sensor and microphone on every board that has the pins.
_OTHERS = {
    "s3_other": "board_s3 motor_relay climate_bme280 microphone_sph0645 rain endstop_closed tls",
    "s3_stepper": "board_s3 motor_stepper climate_sht4x microphone_inmp441 button_stop",
    "c3_other": "board_c3 motor_hbridge climate_sht4x microphone_inmp441 rain endstop_closed tls",
    "esp32_hbridge": "board_esp32 motor_hbridge climate_bme280 microphone_inmp441 microphone_switch",
    "esp32_relay": "board_esp32 motor_relay climate_sht4x microphone_sph0645 rain status_light",
}


@pytest.mark.parametrize("name", _OTHERS)
def test_packages_fit_together_in_other_ways(clone: Path, name: str) -> None:
    parts = "".join(f"  {part}: !include ../packages/{part}.yaml\n" for part in ("home", *_OTHERS[name].split()))
    (clone / "devices" / "own.yaml").write_text(
        f"substitutions: {{device_id: own, window_name: Own window}}\npackages:\n{parts}"
    )
    done = _esphome(clone, "config", "own.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "could not resolve" not in done.stdout + done.stderr


def test_the_file_that_the_readme_shows_is_whole(clone: Path) -> None:
    shown = re.search(r"```yaml\n(.*?)```", (FIRMWARE / "README.md").read_text(), re.DOTALL)
    assert shown is not None
    text = textwrap.dedent(shown[1])
    assert len(text.splitlines()) <= 10
    (clone / "devices" / "kitchen.yaml").write_text(text)
    done = _esphome(clone, "config", "kitchen.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_kind_of_board_is_in_a_device() -> None:
    boards = {path.stem for path in (FIRMWARE / "packages").glob("board_*.yaml")}
    text = "".join((FIRMWARE / "devices" / f"{device}.yaml").read_text() for device in DEVICES)
    assert {board for board in boards if board in text} == boards == {"board_s3", "board_c3", "board_esp32"}


_OUTPUTS = """
output:
  - {platform: template, id: a, type: binary, write_action: []}
  - {platform: template, id: b, type: binary, write_action: []}
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("{device_id: Porch, open_output: a, close_output: b}", "device_id is 'Porch', expected 1 to 64 of a-z 0-9"),
        ("{open_output: a, close_output: a}", "open_output and close_output are the same output"),
        ("{open_output: a}", "close_output"),
        ("{open_output: a, close_output: b, name: ''}", "is no single line of 1 to 100 characters"),
        ("{open_output: a, close_output: b, travel: {open: 0s}}", "expected 1 s to 600 s"),
        ("{open_output: a, close_output: b, motor_duty: {on_time: 4min, duty: 0%}}", "expected more than 0 %"),
        ("{open_output: a, close_output: b, link_lost: {action: open}}", "'open'"),
        ("{open_output: a, close_output: b, current_limit: {limit: 1A}}", "current"),
        ("{open_output: a, close_output: b, clip: {microphone: m, send: music}}", "'music'"),
    ],
)
def test_what_does_not_fit_is_said(clone: Path, change: str, told: str) -> None:
    (clone / "devices" / "wrong.yaml").write_text(f"{_LEAST}{_OUTPUTS}\nsmart_window: {change}\n")
    done = _esphome(clone, "config", "wrong.yaml")
    assert done.returncode != 0
    assert told in done.stdout + done.stderr
