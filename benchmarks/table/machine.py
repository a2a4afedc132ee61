"""What it ran on: the machine, versions, the commit."""

import os
import platform
import re
import subprocess
from pathlib import Path

_GIB = 2**30
_PACKAGES = {
    ".venv-ha": {"homeassistant": "Home Assistant"},
    ".venv-ml": {"torch": "torch", "librosa": "librosa", "numpy": "NumPy"},
    ".venv-ch": {"chdb_core": "ClickHouse (chdb-core)"},
    ".venv-fw": {"esphome": "ESPHome"},
}


def machine() -> str:
    """CPU, cores, memory and system in a line."""
    cpu = re.search(r"^model name\s*:\s*(.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    system = re.search(r'^PRETTY_NAME="?([^"\n]+)', _read("/etc/os-release"), re.MULTILINE)
    return (
        f"{cpu[1].strip() if cpu else platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB, {system[1] if system else platform.system()}"
    )


def versions(root: Path) -> dict[str, str]:
    """Of what is measured and of the rivals; what is not installed is left out."""
    found = {"Python": platform.python_version()}
    for folder, packages in _PACKAGES.items():
        for package, shown in packages.items():
            for made in (root / folder).glob(f"lib/python*/site-packages/{package}-*.dist-info"):
                found[shown] = made.name.removesuffix(".dist-info").partition("-")[2]
    if (broker := _output(["mosquitto", "-h"])) and (number := re.search(r"version (\S+)", broker)):
        found["mosquitto"] = number[1]
    if compiler := _output(["c++", "-dumpfullversion"]).strip():
        found["g++"] = compiler
    return found


def commit(root: Path) -> str:
    """The commit, and whether the tree differs from it in more than the table."""
    short = _output(["git", "-C", str(root), "rev-parse", "--short=7", "HEAD"]).strip()
    changed = _output(["git", "-C", str(root), "status", "--porcelain", "--", ":!docs"]).strip()
    return f"{short or 'unknown'}{' and changes' if changed else ''}"


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def _read(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except OSError:
        return ""
