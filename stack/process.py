"""One child process: started with a log file, watched until ready, ended with everything it started."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .errors import MissingPartError, StackError
from .waiting import TooLateError, until

_LEASH = Path(__file__).with_name("leash.py")
_TAIL_LINES = 15
_TAIL_BYTES = 16_384


class ChildError(StackError):
    """A child process ended by itself, or is not there when it should be."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. `grace_s` is the time between SIGTERM and SIGKILL."""

    name: str
    command: tuple[str, ...]
    log: Path
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    grace_s: float = 10.0
    holds_stdin: bool = False  # its standard input stays open as long as it may live, and its end is the sign to stop


class Child:
    """A program that runs or does not; it can be started again after its end."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._process: asyncio.subprocess.Process | None = None
        self._log_start = 0

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self.is_running and self._process else None

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it in a session of its own, its output appended to the log."""
        program = self.program
        if self.is_running:
            msg = f"{program.name} already runs (pid {self.pid})"
            raise ChildError(msg)
        program.log.parent.mkdir(parents=True, exist_ok=True)
        leash = (sys.executable, "-I", "-S", str(_LEASH), str(os.getpid()))
        with program.log.open("ab") as log:
            self._log_start = log.tell()
            self._process = await asyncio.create_subprocess_exec(
                *leash,
                *program.command,
                stdin=asyncio.subprocess.PIPE if program.holds_stdin else asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=program.folder,
                env={**inherited_environment(), **program.environment},
                start_new_session=True,
            )

    async def ready(self, probe: Callable[[], Awaitable[bool]], within_s: float) -> None:
        """Wait until `probe` says yes. Its early end is an error that shows the end of its log."""
        process = self._running()
        waiting = asyncio.ensure_future(until(f"{self.program.name} ready", probe, within_s))
        ending = asyncio.ensure_future(process.wait())
        try:
            await asyncio.wait({waiting, ending}, return_when=asyncio.FIRST_COMPLETED)
            if ending.done():
                msg = f"{self.program.name} ended with {process.returncode} before it was ready; {self.tail()}"
                raise ChildError(msg)
            await waiting
        except TooLateError as error:
            error.add_note(self.tail())
            raise
        finally:
            waiting.cancel()
            ending.cancel()
            await asyncio.gather(waiting, ending, return_exceptions=True)

    async def wait(self) -> int:
        """Wait for its end and return its exit code (negative: the signal that ended it)."""
        return await self._running().wait()

    async def stop(self) -> int | None:
        """End it and all of its group; returns its exit code, or None when it was never started.

        It is asked by SIGTERM, or by the end of the standard input that was held for it; what is left after the
        grace gets SIGKILL.
        """
        process = self._process
        if process is None:
            return None
        if process.returncode is None:
            if process.stdin is not None:
                process.stdin.close()
            else:
                _signal_group(process.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), self.program.grace_s)
            except TimeoutError:
                _signal_group(process.pid, signal.SIGKILL)
                await process.wait()
        _signal_group(process.pid, signal.SIGKILL)
        return process.returncode

    async def kill(self) -> None:
        """End it and its group by SIGKILL, as a crash would."""
        process = self._running()
        _signal_group(process.pid, signal.SIGKILL)
        await process.wait()

    def pause(self) -> None:
        """Freeze it (SIGSTOP): it is there, and does not answer."""
        _signal_group(self._running().pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen one go on."""
        _signal_group(self._running().pid, signal.SIGCONT)

    def tail(self) -> str:
        """Return the last lines that it wrote since its last start, with the name of the log."""
        return tail(self.program.log, self._log_start)

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            msg = f"{self.program.name} does not run; {self.tail()}"
            raise ChildError(msg)
        return self._process


def tail(log: Path, start: int = 0) -> str:
    """Return the last lines of a log file, read from the byte `start` on."""
    try:
        size = log.stat().st_size
        with log.open("rb") as stream:
            stream.seek(max(start, size - _TAIL_BYTES))
            lines = stream.read().decode(errors="replace").splitlines()[-_TAIL_LINES:]
    except FileNotFoundError:
        return f"no log at {log}"
    if not lines:
        return f"nothing in {log}"
    return "\n".join((f"the end of {log}:", *(f"    {line}" for line in lines)))


def inherited_environment() -> dict[str, str]:
    """Return the environment for children.

    PYTHONDONTWRITEBYTECODE would make each start of Home Assistant compile all of it anew (some 7 s); the variables
    of our own interpreter would lead another one astray.
    """
    foreign = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"}
    return {name: value for name, value in os.environ.items() if name not in foreign}


def interpreter(environment: Path, setup_room: str) -> Path:
    """Return the Python of a virtual environment, or say which command makes it."""
    python = environment / "bin" / "python"
    if not python.exists():
        msg = f"{python} is missing: run ./scripts/setup {setup_room}"
        raise MissingPartError(msg)
    return python


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # all of it has ended already
        os.killpg(group, number)
