"""The inference service in its container image, built for real and run by docker, podman or buildah."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import StackError

_BUILD_S = 1200.0
_CALL_S = 120.0
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended."""

    code: int
    text: str


async def call(root: Path, *arguments: str, patience_s: float = _CALL_S) -> Said:
    """Run scripts/lib/image.sh."""
    process = await asyncio.create_subprocess_exec(
        str(root / "scripts" / "lib" / "image.sh"), *arguments,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(patience_s):
        out, _ = await process.communicate()
    return Said(process.returncode or 0, out.decode())


async def build(root: Path) -> None:
    """Build the image where anything changed. StackError with the build's last words."""
    said = await call(root, "build", patience_s=_BUILD_S)
    if said.code:
        raise StackError(said.text)


async def unpacked_bytes(root: Path) -> int:
    """How much the image takes on the disk."""
    said = await call(root, "size")
    if said.code:
        raise StackError(said.text)
    return int(said.text.split()[-1])


@dataclass(frozen=True, slots=True)
class Container:
    """One that runs. `name` is also the service's instance, by which its process is found."""

    root: Path
    name: str
    variables: tuple[str, ...]

    async def check(self) -> Said:
        """Do what HEALTHCHECK does."""
        return await call(self.root, "check", self.name, *self.variables)

    def users(self) -> set[int]:
        """As whom its processes run."""
        return {(Path("/proc") / str(pid)).stat().st_uid for pid in processes_of(self.name)}


def processes_of(instance: str) -> list[int]:
    """The ids of the processes of the service of this name on this machine, in a container or not."""
    mark = f"SMART_WINDOW_INSTANCE={instance}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                is_ours = words[0].endswith(b"python") and b"serve" in words
                if is_ours and mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:
                continue  # it ended, or is somebody else's
    return found


def resident_bytes(instance: str) -> int:
    """The memory that the service of this name holds now; 0 where no process of it is found."""
    return sum(_resident(pid) for pid in processes_of(instance))


@asynccontextmanager
async def running(root: Path, name: str, settings: Mapping[str, str], log: Path) -> AsyncIterator[Container]:
    """A container of the image that is built; made before it is started, so that its start can be timed."""
    variables = tuple(f"{variable}={value}" for variable, value in {**settings, "SMART_WINDOW_INSTANCE": name}.items())
    await call(root, "remove", name)
    if (said := await call(root, "create", name, *variables)).code:
        raise StackError(said.text)
    container = Container(root, name, variables)
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            str(root / "scripts" / "lib" / "image.sh"), "run", name, *variables,
            stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        yield container
    finally:
        for pid in processes_of(name):
            os.kill(pid, signal.SIGTERM)
        try:
            async with asyncio.timeout(30):
                await process.wait()
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        await call(root, "remove", name)


def _resident(pid: int) -> int:
    try:
        return int((Path("/proc") / str(pid) / "statm").read_text().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0
