"""`scripts/simulate firmware`: windows that run the real firmware, each as a process, until Ctrl-C."""

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from simulator.broker import Endpoint, check_reachable, default_endpoint
from simulator.errors import SimulatorError
from simulator.fields import DEVICE_ID
from simulator.sounds import RATE, clip, sound_named
from simulator.wav import wav_bytes
from stack.errors import StackError

from .program import linux_program
from .window import LinuxWindowSettings, linux_window

_ROOT = Path(__file__).parents[2]
_CLIP_S = 20.0


async def _run(options: argparse.Namespace, endpoint: Endpoint, folder: Path) -> None:
    await check_reachable(endpoint)
    program = await asyncio.to_thread(linux_program, _ROOT)
    sound = folder / "sound.wav"
    sound.write_bytes(wav_bytes(clip(sound_named(options.sound), _CLIP_S, 0), RATE))
    windows = [
        linux_window(
            LinuxWindowSettings(
                program=program,
                folder=folder / name,
                id=name,
                name=name.replace("_", " ").capitalize(),
                host=endpoint.host,
                port=endpoint.port,
                wav=sound,
                travel_s=options.travel_s,
                interval=options.interval,
                clip_interval=options.clip_interval,
                sends_sound=options.send == "sound",
            )
        )
        for name in options.ids
    ]
    try:
        for window in windows:
            await window.start()
        names = ", ".join(options.ids)
        sys.stdout.write(f"{len(windows)} windows with the real firmware on {endpoint}: {names}. Ctrl-C to end.\n")
        sys.stdout.flush()
        ended = [asyncio.create_task(window.wait()) for window in windows]
        await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
        for window in windows:
            if not window.is_running:
                raise StackError(f"{window.program.name} ended by itself:\n{window.tail()}")
    finally:
        for window in windows:
            await window.stop()


async def _until_told(options: argparse.Namespace, endpoint: Endpoint, folder: Path) -> None:
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, lambda: task and task.cancel())
    try:
        await _run(options, endpoint, folder)
    except asyncio.CancelledError:
        return


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("scripts/simulate firmware", description="Windows with the real firmware.")
    parser.add_argument("--count", type=int, help="how many (default 1)")
    parser.add_argument("--names", default="", help="their ids, with commas between")
    parser.add_argument("--sound", default="street-quiet", help="what they hear: a sound or a .wav file")
    parser.add_argument(
        "--send", choices=("features", "sound"), default="features", help="what leaves them (default: features)"
    )
    parser.add_argument("--interval", type=float, default=5.0, help="seconds between readings; 0: never")
    parser.add_argument("--clip-interval", type=float, default=30.0, help="seconds between clips; 0: none")
    parser.add_argument("--travel-s", type=float, default=20.0, help="seconds of the sash's whole way, 1 to 600")
    parser.add_argument(
        "--folder", type=Path, help="where their flash and logs lie (default: a new one that is removed)"
    )
    parser.add_argument("--host", help="of the broker (default: the running demo's, else localhost)")
    parser.add_argument("--port", type=int, help="of the broker (default 1883)")
    options = parser.parse_args()
    names = [name.strip() for name in options.names.split(",") if name.strip()]
    count = max(options.count or len(names) or 1, len(names))
    if not 1 <= count <= 200:  # noqa: PLR2004 - each is a process
        parser.error(f"--count is {count}, expected 1 to 200: each window is a process; simulate devices plays more")
    if not 1 <= options.travel_s <= 600:  # noqa: PLR2004
        parser.error(f"--travel-s is {options.travel_s:g}, expected 1 to 600")
    options.ids = names + [f"firmware_{number}" for number in range(len(names) + 1, count + 1)]
    for name in options.ids:
        if not DEVICE_ID.fullmatch(name):
            parser.error(
                f"--names: {name!r} is no id, expected 1 to 64 of a-z 0-9 _ - that begin with a letter or digit"
            )
    return options


def main() -> None:
    """Run until Ctrl-C; say in a line what went wrong."""
    options = _options()
    found = default_endpoint(_ROOT / ".demo" / "endpoints.json") if options.host is None else Endpoint(options.host)
    endpoint = Endpoint(found.host, options.port or found.port)
    try:
        if options.folder is not None:
            options.folder.mkdir(parents=True, exist_ok=True)
            asyncio.run(_until_told(options, endpoint, options.folder.resolve()))
            return
        with tempfile.TemporaryDirectory(prefix="smart-window-") as folder:
            asyncio.run(_until_told(options, endpoint, Path(folder)))
    except (SimulatorError, StackError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
