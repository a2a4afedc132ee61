"""Search the scenes whole: python -m tests.protocol [--small] [--without WORDING]… [SCENE…]"""

import argparse
import sys

from .rules import WORDINGS
from .scenes import SCENES
from .search import search
from .story import told


def main() -> int:
    """Print each scene's size and what was violated; 1 when anything was, or when a search was cut short."""
    parser = argparse.ArgumentParser(prog="python -m tests.protocol", description=__doc__)
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help="all when none is named")
    parser.add_argument("--small", action="store_true", help="with the events of every test run")
    parser.add_argument("--without", action="append", default=[], choices=sorted(WORDINGS), metavar="WORDING")
    asked = parser.parse_args()
    if unknown := set(asked.scenes) - set(SCENES):
        parser.error(f"no scene {', '.join(sorted(unknown))}; there are {', '.join(SCENES)}")
    words = frozenset(WORDINGS) - set(asked.without)
    states = edges = violated = 0
    seconds, whole = 0.0, True
    for name in asked.scenes or SCENES:
        start = SCENES[name].start(words, small=asked.small)
        found = search(start)
        states, edges, seconds = states + found.states, edges + found.edges, seconds + found.seconds
        violated, whole = violated + len(found.violations), whole and found.whole
        events = " ".join(
            f"{event}x{left}" if left > 1 else event for event, left in zip(start.events, start.left, strict=True)
        )
        cut = "" if found.whole else " CUT SHORT"
        size = f"{found.states:9} states{found.edges:9} steps{found.seconds:7.1f} s"
        _say(f"{name:15}{size}{cut}  {events}")
        for text, trace in found.violations.items():
            _say(f"  VIOLATED {text}", *(f"     {line}" for line in told(start, trace)))
    _say(f"{'all':15}{states:9} states{edges:9} steps{seconds:7.1f} s, {violated} violations")
    return 1 if violated or not whole else 0


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
