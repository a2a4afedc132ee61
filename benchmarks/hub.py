"""500 windows' readings through our integration, beside as many sensors of Home Assistant's own MQTT discovery.

Prints one JSON object: ratio and ratio_hard (our CPU time per message ÷ core's, same stream, same run), us_per_message,
us_per_message_core (realistic stream), bytes_per_window, setup_s and longest_callback_ms (thread CPU time, set-up
included, without Python's collector, whose longest run is longest_collection_ms). Both run in one Home Assistant on the
test harness's MQTT client, with temperature and humidity alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

_HERE = Path(__file__).parent


def main() -> int:
    """Run it under the harness; the figures go to standard output, the harness's words to standard error."""
    parser = argparse.ArgumentParser(prog="./scripts/bench hub", description=__doc__)
    parser.add_argument("--windows", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=32, help="readings of each kind from each window, per stream")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="smart-window-bench-") as folder:
        figures = Path(folder) / "figures.json"
        told = {"BENCH_FIGURES": str(figures), "BENCH_WINDOWS": str(chosen.windows), "BENCH_ROUNDS": str(chosen.rounds)}
        # The harness gives a Home Assistant that is set up as its tests are; its plugin needs pytest around it.
        words = [
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "-o",
            "timeout=0",
            str(_HERE / "_hub_streams.py"),
        ]
        run = subprocess.run(
            [sys.executable, *words], env=os.environ | told, stdout=sys.stderr, check=False, cwd=_HERE.parent
        )
        if run.returncode != 0:
            return run.returncode
        print(json.dumps(json.loads(figures.read_text())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
