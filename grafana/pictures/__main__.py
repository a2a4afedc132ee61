"""Draws the dashboards for docs/DASHBOARDS.md: `python -m grafana.pictures [OUT_DIR]`, by default docs/images.

A simulated house is recorded by the real recorder in a ClickHouse of its own; each panel's SQL is asked as Grafana's
user would ask it. The same house, and so the same pictures, at each run.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

import aiohttp

from grafana.boards import BOARDS
from grafana.example.house import House
from grafana.example.server import ROOT, reader, record, server, writer

from .ask import asked
from .page import Shown, draw

_SCREEN, _PHONE = 1440.0, 412.0
_ON_A_PHONE = ("overview", "device")


def main() -> int:
    """Draw all of them."""
    parser = argparse.ArgumentParser(prog="./scripts/pictures dashboards", description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=ROOT / "docs" / "images")
    out: Path = parser.parse_args().out
    asyncio.run(_run(out))
    return 0


async def _run(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  # nothing else waits
    house = House()
    with tempfile.TemporaryDirectory(prefix="smart-window-pictures-") as folder:
        async with aiohttp.ClientSession() as session, server(Path(folder), session) as clickhouse:
            rows = await record(house.rows(), writer(clickhouse))
            _say(f"{rows} rows of a simulated house are recorded")
            for board in BOARDS:
                shown = await asked(board, reader(clickhouse, session), house)
                name = board.file.removesuffix(".json")
                _draw(shown, _SCREEN, out / f"dashboard-{name}.png")
                if name in _ON_A_PHONE:
                    _draw(shown, _PHONE, out / f"dashboard-{name}-phone.png")


def _draw(shown: Shown, width: float, path: Path) -> None:
    draw(shown, width, path)
    _say(f"{path} ({path.stat().st_size // 1024} kB)")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
