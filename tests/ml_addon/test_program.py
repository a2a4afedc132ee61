"""The program as it is started: `python -m ml_addon`."""

import asyncio
import json
import os
import shutil
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiomqtt import Client

from .conftest import Broker
from .live_service import LOOPBACK
from .other_models import EAGER, add_eager, shipped_version

ROOT = Path(__file__).parents[2]
STATUS = "ml/status/ml-1"
LIMIT_S = 30


class Program:
    """`python -m ml_addon` on a broker, with a folder of models of its own."""

    def __init__(self, broker: Broker, models: Path) -> None:
        self.models = models
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SMART_WINDOW_")},
            "SMART_WINDOW_MQTT_HOST": LOOPBACK,
            "SMART_WINDOW_MQTT_PORT": str(broker.port),
            "SMART_WINDOW_MODEL_PATH": str(models),
        }

    async def start(self, *arguments: str) -> Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ml_addon", *arguments, env=self.env, cwd=ROOT, stdout=pipe, stderr=pipe
        )

    async def run(self, *arguments: str) -> tuple[int | None, str]:
        process = await self.start(*arguments)
        out, error = await asyncio.wait_for(process.communicate(), LIMIT_S)
        return process.returncode, (out + error).decode()


@pytest.fixture
def program(broker: Broker, tmp_path: Path) -> Program:
    return Program(broker, Path(shutil.copytree(ROOT / "ml_addon" / "models", tmp_path / "models")))


@pytest.fixture
async def status(broker: Broker) -> AsyncIterator["Status"]:
    async with Client(LOOPBACK, broker.port) as client:
        await client.subscribe(STATUS, qos=1)
        yield Status(client)


class Status:
    """What the service says of itself."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def until(self, state: str, *, reason: str | None = None) -> dict[str, Any]:
        """The next status in this state, with this word in its reason (None: without one)."""
        async with asyncio.timeout(LIMIT_S):
            async for message in self._client.messages:
                found: dict[str, Any] = json.loads(message.payload)
                fits = found["reason"] is None if reason is None else reason in (found["reason"] or "")
                if found["state"] == state and fits:
                    return found
        raise AssertionError("the broker went away")


async def ended(process: Process, number: int) -> str:
    process.send_signal(number)
    _, log = await asyncio.wait_for(process.communicate(), LIMIT_S)
    return log.decode()


async def test_from_start_to_stop(program: Program, status: Status) -> None:
    process = await program.start("serve")
    await status.until("ready")
    loaded = Path(f"/proc/{process.pid}/maps")
    if loaded.exists():
        assert "libtorch" in loaded.read_text()
        assert "llvmlite" not in loaded.read_text()  # what librosa would bring
    assert await program.run("check") == (0, f"ml-1 is ready with model {shipped_version()} and answers\n")
    log = await ended(process, signal.SIGTERM)
    assert process.returncode == 0
    assert "Traceback" not in log
    await status.until("offline")
    code, text = await program.run("check", "--timeout", "5")
    assert code == 1
    assert "offline" in text


async def test_a_crash_is_told_by_the_broker(program: Program, status: Status) -> None:
    process = await program.start("serve")
    await status.until("ready")
    await ended(process, signal.SIGKILL)
    await status.until("offline")
    _, text = await program.run("check", "--timeout", "5")
    assert "offline" in text  # whoever comes later hears it too


async def test_a_bad_model_is_told_and_a_good_one_is_taken_at_sighup(program: Program, status: Status) -> None:
    (weights,) = program.models.glob("*.pth")
    good = weights.read_bytes()
    weights.write_bytes(good[:1000])
    process = await program.start("serve")
    await status.until("cannot_predict", reason="sha256")
    code, text = await program.run("check", "--timeout", "5")
    assert (code, "sha256" in text) == (1, True)
    weights.write_bytes(good)
    process.send_signal(signal.SIGHUP)
    await status.until("ready")
    weights.write_bytes(b"rubbish")
    process.send_signal(signal.SIGHUP)
    found = await status.until("ready", reason="stays in use")
    assert found["model_version"] == weights.stem
    assert "Traceback" not in await ended(process, signal.SIGINT)
    assert process.returncode == 0


async def test_mistakes_in_the_settings_end_it_with_all_of_them(program: Program) -> None:
    program.env |= {"SMART_WINDOW_MQTT_PORT": "x", "SMART_WINDOW_LIMITS_WORKERS": "0"}
    code, text = await program.run("serve")
    assert code == 78
    assert "mqtt.port" in text
    assert "limits.workers" in text
    assert "Traceback" not in text


async def test_the_check_says_when_there_is_no_broker(program: Program, broker: Broker) -> None:
    await broker.stop()
    code, text = await program.run("check", "--timeout", "5")
    assert code == 1
    assert str(broker.port) in text


async def test_the_settings_can_be_shown_without_the_password(program: Program) -> None:
    program.env["SMART_WINDOW_MQTT_PASSWORD"] = "hunter2"
    code, text = await program.run("config")
    assert code == 0
    assert "hunter2" not in text
    assert LOOPBACK in text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
async def test_root_is_given_up_for_good() -> None:
    program = """
import os
from ml_addon.privileges import become
become("nobody")
print(0 in (*os.getresuid(), *os.getresgid(), *os.getgroups()))
os.setuid(0)
"""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, cwd=ROOT, stdout=pipe, stderr=pipe)
    out, error = await asyncio.wait_for(process.communicate(), LIMIT_S)
    assert out == b"False\n"
    assert b"PermissionError" in error


async def test_an_unknown_user_is_a_mistake(program: Program) -> None:
    code, text = await program.run("config", "--user", "no-such-user")
    assert (code, "no-such-user" in text) == ((78, True) if os.geteuid() == 0 else (0, False))


@pytest.fixture
async def strict_broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """A broker that knows nobody."""
    (tmp_path / "nobody").touch(mode=0o600)
    made = Broker(tmp_path, f"allow_anonymous false\npassword_file {tmp_path}/nobody\n")
    await made.start()
    yield made
    await made.stop()


async def test_a_wrong_password_is_told_apart_from_an_absent_broker(strict_broker: Broker, tmp_path: Path) -> None:
    program = Program(strict_broker, ROOT / "ml_addon" / "models")
    program.env |= {"SMART_WINDOW_MQTT_USERNAME": "window", "SMART_WINDOW_MQTT_PASSWORD": "hunter2"}
    process = await program.start("serve")
    assert process.stderr is not None
    async with asyncio.timeout(LIMIT_S):
        while b"refuses user 'window'" not in (line := await process.stderr.readline()):
            assert line, "it ended without a word"
    assert b"mqtt.password" in line
    assert "hunter2" not in await ended(process, signal.SIGTERM) + line.decode()
    code, text = await program.run("check", "--timeout", "5")
    assert (code, "refuses user 'window'" in text) == (1, True)
    await strict_broker.stop()
    code, text = await program.run("check", "--timeout", "5")
    assert (code, "no broker at" in text, "refuses" in text) == (1, True, False)


async def test_a_rehearsal_needs_no_broker(program: Program, broker: Broker) -> None:
    await broker.stop()
    assert await program.run("rehearse") == (0, f"model {shipped_version()} answers\n")


async def test_models_are_chosen_by_commands_and_what_cannot_be_done_is_said(program: Program, status: Status) -> None:
    add_eager(program.models)
    program.env["SMART_WINDOW_MODEL_VERSION"] = ours = shipped_version()
    service = await program.start("serve")
    await status.until("ready")
    said = [
        await program.run("models", *arguments)
        for arguments in (
            ("shadow", EAGER),
            (),
            ("promote",),
            ("roll-back",),
            ("end-shadow",),
            ("serve", "v99"),
            ("shadow",),
            ("promote", "--instance", "nobody", "--timeout", "0.2"),
        )
    ]
    assert [code for code, _ in said] == [0, 0, 0, 0, 0, 1, 78, 1]
    words = [text.strip().splitlines()[-1] for _, text in said]
    assert words[0] == f"ml-1: {ours} serves now, {EAGER} looks on"
    assert f"{EAGER} looks on: not told apart yet" in said[1][1]
    assert words[2:5] == [f"ml-1: {version} serves now, no other looks on" for version in (EAGER, ours, ours)]
    assert words[5] == f"error: nothing was changed: there is no model 'v99'; there are {EAGER}, {ours}"
    assert "needs a version" in words[6]
    assert "nobody does not answer within 0.2 s" in words[7]
    await ended(service, signal.SIGTERM)
