"""What the kernel says of a process: resident memory, open files, threads."""

from dataclasses import dataclass
from pathlib import Path

_KIB = 1024


@dataclass(frozen=True, slots=True)
class Process:
    """Bytes of resident memory, and numbers of open file descriptors and threads."""

    resident: int
    files: int
    threads: int


def look_at(pid: int) -> Process:
    """The process itself, without its children. ProcessLookupError where it is gone."""
    folder = Path("/proc") / str(pid)
    try:
        said = dict(line.partition(":")[::2] for line in (folder / "status").read_text().splitlines())
        files = sum(1 for _ in (folder / "fd").iterdir())
    except FileNotFoundError as error:
        raise ProcessLookupError(f"process {pid} is gone") from error
    return Process(int(said["VmRSS"].split()[0]) * _KIB, files, int(said["Threads"]))
