"""The demo: all parts, four windows, and one line per decision, until Ctrl-C.

python -m stack.demo [--check [--endpoints FILE]]
"""

import argparse
import asyncio
import datetime as dt
import secrets
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from .clickhouse_users import Passwords
from .console import Console, run_until_told
from .endpoints import read_endpoints
from .home_assistant.home import Home
from .home_assistant.onboarding import Owner
from .narrator import NARRATED, Narrator
from .ports import free_ports
from .process import Child, ChildError
from .profiles import BEDROOM, DEMO, DEMO_AUTOMATIC, LIVELY, SCENE
from .run_folder import run_folder
from .scene import check, check_with_own_windows
from .settings import ENDPOINTS, Environments, Ports, StackSettings
from .stack import Stack
from .tap import Tap
from .windows import WindowProfile

ROOT = Path(__file__).parents[1]
RUNS = ROOT / ".demo"
_MOST_INSTANCES = 16  # Home Assistant remembers so many


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo or its check; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="./scripts/demo",
        description="Runs the broker, ClickHouse, the inference service, four virtual windows and Home Assistant.",
    )
    parser.add_argument(
        "--check", action="store_true", help="play the scene and print its chains; exit 1 if a link is missing"
    )
    parser.add_argument(
        "--endpoints", type=Path, help="with --check: the endpoints.json of a running demo; without it, one is started"
    )
    parser.add_argument(
        "--firmware", action="store_true", help="let the bedroom's window run the real firmware, as a process"
    )
    parser.add_argument(
        "--instances", type=_instances, default=1, help="how many inference services share the questions (default 1)"
    )
    chosen = parser.parse_args(arguments)
    if (chosen.firmware or chosen.instances > 1) and chosen.check:
        parser.error("--firmware and --instances are for the demo; --check plays a scene of virtual windows")
    if chosen.endpoints is not None and not chosen.check:
        parser.error("--endpoints is for --check")
    endpoints: Path | None = chosen.endpoints
    console = Console()
    if not chosen.check:
        firmware = frozenset({BEDROOM.id}) if chosen.firmware else frozenset[str]()
        return run_until_told(lambda: _demo(console, firmware, chosen.instances))
    if endpoints is None:
        return run_until_told(lambda: _check(console))
    return run_until_told(lambda: _check_running(console, endpoints.resolve()))


def _instances(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= _MOST_INSTANCES:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected a number from 1 to {_MOST_INSTANCES}, got {text!r}")


async def _demo(console: Console, firmware: frozenset[str], instances: int) -> int:
    with run_folder(RUNS) as run:
        chosen = replace(settings(run, DEMO), firmware=firmware, instances=instances)
        async with Stack(chosen, console.step) as stack:
            await set_automatic(stack.home, DEMO_AUTOMATIC)
            _print_welcome(stack, run)
            console.step("up; Ctrl-C ends it. One line per decision:")
            async with asyncio.TaskGroup() as forever:
                forever.create_task(_narrate(stack.broker.host, stack.broker.port))
                for part in parts(stack):
                    forever.create_task(_must_live(part))
    return 0


async def _check(console: Console) -> int:
    with run_folder(RUNS / "check") as run:
        async with Stack(settings(run, SCENE), console.step) as stack:
            return await check(stack.endpoints, console.step)


async def _check_running(console: Console, path: Path) -> int:
    endpoints = read_endpoints(path)
    environments = Environments.of(ROOT)
    with run_folder(RUNS / "check") as run:
        return await check_with_own_windows(endpoints, ROOT, run, environments.windows, console.step)


def settings(run: Path, profiles: tuple[WindowProfile, ...]) -> StackSettings:
    """Return the settings of a new stack: free ports, new passwords."""
    return StackSettings(
        root=ROOT,
        run=run,
        environments=Environments.of(ROOT),
        ports=Ports(*free_ports(4, Random())),
        owner=Owner("owner", secrets.token_urlsafe(9)),
        passwords=Passwords(*(secrets.token_urlsafe(24) for _ in range(3))),
        profiles=profiles,
        options=LIVELY,
    )


async def set_automatic(home: Home, profiles: Sequence[WindowProfile]) -> None:
    """Let the model move these windows, as their owner does: by the select of the mode."""
    found = await home.windows()
    for profile in profiles:
        await home.choose(found[profile.id].entity("select", "mode").entity_id, "automatic")


def parts(stack: Stack) -> tuple[Child, ...]:
    """Return the processes of a stack."""
    return (
        stack.broker.child,
        stack.clickhouse.child,
        stack.home_assistant.child,
        *(service.child for service in stack.services),
        stack.windows.child,
        *stack.firmware.children,
    )


def _print_welcome(stack: Stack, run: Path) -> None:
    home, owner = stack.home_assistant.settings, stack.account.owner
    print(
        f"\n  Home Assistant  {home.url}\n"
        f"  user            {owner.user}\n"
        f"  password        {owner.password}\n"
        f"  all endpoints   {run / ENDPOINTS}\n",
        flush=True,
    )


async def _narrate(host: str, port: int) -> None:
    narrator = Narrator()
    async with Tap(host, port, NARRATED, keeps=False) as tap:
        async for message in tap.follow():
            if (decision := narrator.take(message)) is not None:
                clock = dt.datetime.now().astimezone().strftime("%H:%M:%S")
                print(decision.line(clock, narrator.name(decision.device_id)), flush=True)


async def _must_live(part: Child) -> None:
    code = await part.wait()
    raise ChildError(f"{part.program.name} ended by itself with {code}; {part.tail()}")


if __name__ == "__main__":
    sys.exit(main())
