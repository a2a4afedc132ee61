"""ESPHome takes every package and device, generates their code, and says plainly what does not fit."""

import os
import re
import shutil
import subprocess
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
    for part in ("components", "packages", "devices"):
        shutil.copytree(FIRMWARE / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", ".esphome"))
    shutil.copy(tmp_path / "devices" / "secrets.example.yaml", tmp_path / "devices" / "secrets.yaml")
    return tmp_path


def _esphome(clone: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"ESPHOME_DATA_DIR": str(clone / "data")}
    command = ["nice", str(ESPHOME), *words]
    return subprocess.run(command, cwd=clone / "devices", env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("device", DEVICES)
def test_esphome_takes_the_device(clone: Path, device: str) -> None:
    done = _esphome(clone, "config", f"{device}.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("device", DEVICES)
def test_esphome_generates_the_device(clone: Path, device: str) -> None:
    # Improv fetches a library while it generates; a machine without the internet leaves it out.
    (clone / "devices" / "here.yaml").write_text(
        f"packages:\n  device: !include {device}.yaml\n\nimprov_serial: !remove\n"
    )
    done = _esphome(clone, "compile", "--only-generate", "here.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    (source,) = (clone / "data").glob("build/*/src/main.cpp")
    assert "window->set_identity(" in source.read_text()
    assert (source.parent / "esphome/components/smart_window_core/device.h").exists()


def test_features_are_what_leaves_and_the_data_sheet_makes_them_decibels(clone: Path) -> None:
    (clone / "devices" / "here.yaml").write_text(
        "packages:\n  device: !include s3_chain_drive.yaml\n\nimprov_serial: !remove\n"
    )
    done = _esphome(clone, "compile", "--only-generate", "here.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    (source,) = (clone / "data").glob("build/*/src/main.cpp")
    text = source.read_text()
    assert "set_sends_sound(false)" in text
    # 94 dB are -26 dBFS of a sine, -29.01 dB of full scale, and the microphone's gain of four adds 12.04 dB.
    assert "set_full_scale(11097)" in text


def test_every_package_is_in_a_device() -> None:
    used = {"core", "ota"}  # base includes them
    for device in DEVICES:
        used |= set(re.findall(r"packages/(\w+)\.yaml", (FIRMWARE / "devices" / f"{device}.yaml").read_text()))
    assert {path.stem for path in (FIRMWARE / "packages").glob("*.yaml")} == used


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
