"""The command line, as its own process on a real broker."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from simulator.broker import Endpoint, default_endpoint
from simulator.cli import main
from simulator.errors import SimulatorError
from simulator.sounds import RATE, SoundKind, clip
from simulator.wav import wav_bytes
from tests.simulator.conftest import Observer

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def running(endpoint: Endpoint, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    where = ("--host", endpoint.host, "--port", str(endpoint.port))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", *arguments, *where), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def first_line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 10)).decode()


async def line_with(process: asyncio.subprocess.Process, fits: Callable[[str], bool]) -> str:
    while not fits(line := await first_line(process)):
        assert line
    return line


async def test_windows_of_a_profile_report_and_end_in_order(
    endpoint: Endpoint, observer: Observer, tmp_path: Path
) -> None:
    profile = tmp_path / "windows.json"
    profile.write_text(
        json.dumps([{"id": "bedroom", "interval": 1, "clip_interval": 1, "clip_s": 0.5}, {"id": "attic"}])
    )
    async with running(endpoint, "devices", "--profile", str(profile)) as process:
        assert "2 virtual windows" in await first_line(process)
        for topic in ("window/bedroom/state", "window/attic/state", "sensor/attic/temperature", "sensor/bedroom/audio"):
            await observer.until(topic)
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 10) == 0
    for window in ("bedroom", "attic"):
        await observer.until(f"window/{window}/availability", lambda raw: raw == b"offline")


async def test_the_will_speaks_for_a_killed_window(endpoint: Endpoint, observer: Observer) -> None:
    async with running(endpoint, "devices", "--names", "bedroom") as process:
        await observer.until("window/bedroom/availability", lambda raw: raw == b"online")
        process.kill()
        await observer.until("window/bedroom/availability", lambda raw: raw == b"offline")


async def test_the_monitor_prints_a_command_and_its_result(endpoint: Endpoint, observer: Observer) -> None:
    async with running(endpoint, "monitor") as process:
        await first_line(process)
        await observer.tell("window/porch/control", {"position": 7, "source": "ml", "command_id": "c9"})
        await observer.tell("window/porch/control/result", {"command_id": "c9", "result": "accepted"})
        assert "7 %" in await line_with(process, lambda line: "porch" in line and "c9" in line)
        assert "= accepted" in await line_with(process, lambda line: "porch" in line)


async def test_single_publishers(endpoint: Endpoint, observer: Observer, tmp_path: Path) -> None:
    async with running(endpoint, "temperature", "--device", "porch", "--value", "-3.5") as process:
        assert await process.wait() == 0
    assert json.loads(await observer.until("sensor/porch/temperature"))["value"] == -3.5
    whole = wav_bytes(clip(SoundKind.SPEECH, 0.5, 1), RATE)
    (tmp_path / "speech.wav").write_bytes(whole)
    arguments = ("audio", "--device", "porch", "--wav", str(tmp_path / "speech.wav"), "--seconds", "0.5")
    async with running(endpoint, *arguments) as process:
        assert await process.wait() == 0
    assert await observer.until("sensor/porch/audio") == whole
    async with running(endpoint, "audio", "--device", "porch", "--form", "chunks", "--seconds", "0.5") as process:
        assert await process.wait() == 0
    await observer.until("sensor/porch/audio", lambda raw: raw.startswith(b"SWA1"))


@pytest.mark.parametrize("command", [["devices"], ["monitor"], ["humidity", "--device", "a", "--value", "5"]])
def test_no_broker_is_an_error_that_says_what_to_do(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--host", "127.0.0.1", "--port", "1"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: no broker answers at 127.0.0.1:1")
    assert "--host" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["temperature", "--device", "../x", "--value", "5"],
        ["temperature", "--device", "a", "--value", "nan"],
        ["humidity", "--device", "a", "--value", "101"],
        ["devices", "--count", "0"],
        ["devices", "--count", "1.5"],
        ["audio", "--device", "a", "--form", "mp3"],
        ["fly"],
    ],
)
def test_what_cannot_be_is_refused_before_anything_starts(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)


def test_the_demo_that_runs_is_the_default(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.json"
    assert default_endpoint(path) == Endpoint("localhost", 1883)
    path.write_text('{"mqtt": {"host": "127.0.0.1", "port": 18123}}')
    assert default_endpoint(path) == Endpoint("127.0.0.1", 18123)
    for wrong in ("{", "[]", '{"mqtt": {"host": "x", "port": 0}}'):
        path.write_text(wrong)
        with pytest.raises(SimulatorError, match=r"endpoints\.json"):
            default_endpoint(path)
