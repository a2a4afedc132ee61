"""Features made on the device are those that the service makes of the same sound."""

import json
import struct
import subprocess
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.sounds import RATE, SoundKind, clip
from tests.firmware.build import NATIVE, ROOT, SANITIZED, build

VECTORS = ROOT / "contract" / "vectors" / "features"

type Samples = NDArray[np.int16]

# What the device may be off by: it reckons in 32 bits and keeps a band's level in hundredths of a dB.
TOLERANCE = {
    "mfcc": 0.1,  # dB
    "centroid": 1.0,  # Hz
    "rolloff": 1.0,  # Hz
    "rms": 1e-6,
    "zcr": 1e-6,
    "la": 0.01,  # dB
    "share": 1e-4,
    "flux": 0.01,  # dB
    "crest": 0.001,  # dB
}
_ORDER = (
    *(["mfcc"] * 40),
    *(name for name in ("centroid", "rolloff", "rms", "zcr") for _ in range(2)),
    *(["la"] * 5),
    "share",
    "share",
    "flux",
    "crest",
)


def clips() -> dict[str, Samples]:
    """Return sounds of every kind, by name."""
    made: dict[str, Samples] = {f"{kind} {seed}": clip(kind, 5.0, seed) for kind in SoundKind for seed in range(2)}
    chance = np.random.default_rng(2026)
    time = np.arange(5 * RATE) / RATE

    def put(name: str, samples: NDArray[np.float64]) -> None:
        made[name] = np.clip(np.rint(samples), -32768, 32767).astype(np.int16)

    put("digital silence", np.zeros(5 * RATE))
    put("offset", np.full(5 * RATE, 1000.0))
    put("tone of 1 kHz", 20_000 * np.sin(2 * np.pi * 1000 * time))
    put("overdriven", 40_000 * np.sin(2 * np.pi * 440 * time))
    put("noise and silence in turns", np.where(time % 1 < 0.5, chance.normal(0, 9000, 5 * RATE), 0.0))
    put("rising tone", 8000 * np.sin(2 * np.pi * (100 + 700 * time) * time))
    put("a step of the last bit", chance.integers(-1, 2, 5 * RATE).astype(np.float64))
    for samples in (
        4000,
        4095,
        4096,
        4097,
        4608,
        24_000,
    ):  # the shortest clip, and that of a board without PSRAM
        put(f"{samples} samples", chance.normal(0, 2000, samples))
    for number in range(20):
        level, tilt = 10 ** chance.uniform(0, 4), chance.uniform(0, 0.99)
        noise = chance.normal(0, level, 5 * RATE // 2)
        for at in range(1, len(noise), 997):  # clicks
            noise[at] *= chance.uniform(1, 20)
        put(f"any noise {number}", noise + tilt * np.roll(noise, 1))
    return made


def feed(sounds: Sequence[Samples]) -> bytes:
    """Return what native/hear.cpp reads."""
    return b"".join(struct.pack("<I", len(samples)) + samples.astype("<i2").tobytes() for samples in sounds)


def _numbers(lines: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[float(number) for number in line.split()] for line in lines])


@pytest.fixture(scope="module")
def hear() -> Path:
    return build(NATIVE / "hear.cpp", ("-O1", *SANITIZED[1:]))


def _service(sounds: Sequence[Samples]) -> tuple[str, NDArray[np.float64]]:
    python = ROOT / ".venv-ml" / "bin" / "python"
    command = [str(python), "-m", "tests.ml_addon.make_features"]
    said = subprocess.run(command, cwd=ROOT, input=feed(sounds), capture_output=True, check=True).stdout
    schema, *lines = said.decode().splitlines()
    return schema, _numbers(lines)


def _device(program: Path, sounds: Sequence[Samples]) -> NDArray[np.float64]:
    done = subprocess.run([str(program)], input=feed(sounds), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    return _numbers(done.stdout.decode().splitlines())


def test_device_and_service_hear_the_same_within_the_tolerance(hear: Path) -> None:
    heard = clips()
    schema, wanted = _service(list(heard.values()))
    found = _device(hear, list(heard.values()))
    assert schema == schema_of_the_device()
    assert found.shape == wanted.shape == (len(heard), len(_ORDER))
    off = np.abs(found - wanted)
    allowed = np.array([TOLERANCE[name] for name in _ORDER])
    wrong = [
        f"{name}, {_ORDER[at]} ({at}): {found[row, at]:g}, the service has {wanted[row, at]:g}"
        for row, name in enumerate(heard)
        for at in np.flatnonzero(off[row] > allowed)
    ]
    assert wrong == []


def test_the_device_hears_in_the_contracts_clips_what_is_written_there(hear: Path) -> None:
    vectors = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(VECTORS.glob("*.json"))]
    vectors = [vector for vector in vectors if vector["schema"] == schema_of_the_device()]
    assert vectors
    sounds = [np.frombuffer(b64decode(vector["pcm_s16le"]), "<i2") for vector in vectors]
    allowed = np.array([TOLERANCE[name] for name in _ORDER]) + 1e-6  # they are written with seven digits
    for vector, found in zip(vectors, _device(hear, sounds), strict=True):
        wanted = np.array(list(vector["features"].values()))
        wrong = np.flatnonzero(np.abs(found - wanted) > allowed + 1e-6 * np.abs(wanted))
        assert [list(vector["features"])[at] for at in wrong] == [], vector["name"]


def test_the_tolerance_tells_a_sound_from_one_that_lacks_its_last_tenth_of_a_second(hear: Path) -> None:
    whole = [clip(kind, 5.0, 0) for kind in SoundKind if kind is not SoundKind.SILENCE]
    cut = [np.concatenate((samples[: -RATE // 10], np.zeros(RATE // 10, np.int16))) for samples in whole]
    off = np.abs(_device(hear, whole) - _device(hear, cut))
    assert (off > np.array([TOLERANCE[name] for name in _ORDER])).any(axis=1).all()


def test_the_device_makes_the_schema_of_the_contract() -> None:
    text = (ROOT / "contract" / "features.yaml").read_text(encoding="utf-8")
    assert f"\nschema: {schema_of_the_device()}\n" in text


def schema_of_the_device() -> str:
    header = (ROOT / "firmware/components/smart_window_core/sound_features.h").read_text(encoding="utf-8")
    return header.partition('kFeatureSchema = "')[2].partition('"')[0]
