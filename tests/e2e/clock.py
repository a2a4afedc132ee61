"""A program's wall clock, set apart from the machine's while it runs."""

import asyncio
import struct
from dataclasses import replace
from pathlib import Path
from typing import Final

from stack.process import Child

_SOURCE: Final = Path(__file__).with_name("clock_apart.c")


class Clock:
    """The wall clock of the programs that were started with it."""

    def __init__(self, folder: Path) -> None:
        self._library, self._file = folder / "clock_apart.so", folder / "clock_apart"
        self.set(0)

    async def build(self) -> None:
        """Compile what is loaded in front of a program."""
        words = ("cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(self._library), str(_SOURCE))
        process = await asyncio.create_subprocess_exec(*words)
        if await process.wait() != 0:
            raise RuntimeError(f"{_SOURCE.name} could not be compiled by cc")

    def give_to(self, child: Child) -> None:
        """Let a program have this clock from its next start on."""
        own = {"LD_PRELOAD": str(self._library), "CLOCK_APART": str(self._file)}
        child.program = replace(child.program, environment={**child.program.environment, **own})

    def set(self, seconds: int) -> None:
        """Set it so far ahead of the machine's."""
        # In place: the file is mapped by who runs.
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("<q", seconds))
