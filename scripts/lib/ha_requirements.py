"""Prints what Home Assistant's integrations need beside Home Assistant itself, one requirement a line.

    python ha_requirements.py ROOT [DOMAIN …]      ROOT is the folder homeassistant/components

Home Assistant installs the requirements of an integration when it first loads it, from the internet. Started with
--skip-pip it does not, so they are read from the same manifests and locked beforehand (scripts/lib/lock.sh).
"""

import json
import sys
from pathlib import Path

CONFIGURED = frozenset({"config", "conversation", "frontend", "history", "logbook", "mqtt", "repairs", "system_health"})
"""What the demo's Home Assistant sets up."""

ONBOARDED = frozenset({"backup", "go2rtc", "google_translate", "met", "radio_browser", "shopping_list"})
"""What onboarding adds by itself."""

IMPORTED = frozenset(
    {
        "hassio",  # by analytics and by the flow of mqtt, with or without a Supervisor
        # By the list of actions, used or not; where one cannot be imported the front end stays at "Loading…".
        "assist_satellite",
        "camera",
        "infrared",
        "media_player",
        "radio_frequency",
    }
)
"""What Home Assistant imports although nobody asked for it."""


def requirements(components: Path, domains: frozenset[str]) -> list[str]:
    """The sorted requirements of the domains and of all that they depend on."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = set(domains)
    while waiting:
        domain = waiting.pop()
        seen.add(domain)
        manifest = json.loads((components / domain / "manifest.json").read_text(encoding="utf-8"))
        found.update(manifest.get("requirements", []))
        waiting.update(set(manifest.get("dependencies", [])) - seen)
    return sorted(found)


def main() -> None:
    """Print them."""
    if len(sys.argv) < 2:  # noqa: PLR2004
        sys.exit(f"usage: {sys.argv[0]} ROOT [DOMAIN …]")
    domains = frozenset(sys.argv[2:]) or CONFIGURED | ONBOARDED | IMPORTED
    print(*requirements(Path(sys.argv[1]), domains), sep="\n")


if __name__ == "__main__":
    main()
