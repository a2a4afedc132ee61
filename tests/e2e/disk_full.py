"""A disk that is full for one folder of a program, while it runs."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Final

from stack.process import Child

_SOURCE: Final = Path(__file__).with_name("disk_full.c")


class Disk:
    """Where a program's files lie. It is full while `full` says so; no privilege is needed for that."""

    def __init__(self, folder: Path) -> None:
        self.library, self._flag = folder / "disk_full.so", folder / "is_full"

    async def build(self) -> None:
        """Compile what is loaded in front of a program."""
        words = ("cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(self.library), str(_SOURCE))
        process = await asyncio.create_subprocess_exec(*words)
        if await process.wait() != 0:
            raise RuntimeError(f"{_SOURCE.name} could not be compiled by cc")

    def environment(self, folder: Path) -> dict[str, str]:
        """What a program must be started with, so that nothing below `folder` grows while the disk is full."""
        names = {"DISK_FULL_FLAG": str(self._flag), "DISK_FULL_FOLDER": str(folder.resolve())}
        return {"LD_PRELOAD": str(self.library), **names}

    def give_to(self, child: Child, folder: Path) -> None:
        """From its next start on, `folder` lies on this disk."""
        own, known = self.environment(folder), child.program.environment
        if before := known.get("LD_PRELOAD"):
            own["LD_PRELOAD"] = f"{before}:{own['LD_PRELOAD']}"
        child.program = replace(child.program, environment={**known, **own})

    def full(self, *, full: bool) -> None:
        """Fill it, or make room."""
        if full:
            self._flag.touch()
        else:
            self._flag.unlink(missing_ok=True)
