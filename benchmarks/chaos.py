"""Every fault on the real stack: how long each recovery took, and what was lost.

Runs tests/chaos and prints one JSON object: for each fault recovery_s_<fault>, in seconds from the stroke until a
window was asked about and answered again (the longest; its own outage of 2 to 6 s and the question are among them), and
lost_<fault>, commands that the record misses although Home Assistant was there; messages and seed. Fails where a law
was broken.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_FIGURES = _ROOT / "build" / "chaos" / "figures.json"


def main() -> int:
    """Run it; the figures go to standard output, what happens to standard error."""
    parser = argparse.ArgumentParser(prog="./scripts/bench chaos", description=__doc__)
    parser.add_argument("--short", action="store_true", help="each fault once, as in each usual test")
    parser.add_argument("--seed", type=int, default=1, help="the order of the faults (default: %(default)s)")
    chosen = parser.parse_args()
    environment = {**os.environ, "SMART_WINDOW_CHAOS_SEED": str(chosen.seed)}
    environment.pop("HYPOTHESIS_PROFILE", None)
    if not chosen.short:
        environment["HYPOTHESIS_PROFILE"] = "nightly"
    _FIGURES.unlink(missing_ok=True)
    words = ("-m", "pytest", "-p", "no:homeassistant", "tests/chaos/test_chaos.py", "-q", "-s", "-o", "timeout=2400")
    done = subprocess.run((sys.executable, *words), cwd=_ROOT, env=environment, stdout=sys.stderr, check=False)
    if done.returncode or not _FIGURES.exists():
        return 1
    print(json.dumps(json.loads(_FIGURES.read_text("utf-8"))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
