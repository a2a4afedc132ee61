"""Every control message as it passes, whoever sent it, and what the window made of it."""

import time
from collections.abc import Callable

from .broker import Endpoint, check_reachable, client
from .json_text import NotJsonError, parse_json


def line(topic: str, payload: bytes, at: str) -> str:
    """Return the line of one message on `window/{id}/control` or `…/control/result`. Never raises."""
    window = _plain(topic.split("/")[1])
    try:
        content = parse_json(payload)
    except NotJsonError:
        content = None
    if not isinstance(content, dict):
        return f"{at}  {window:<16}  unreadable: {_plain(payload[:80].decode(errors='replace'))}"
    said: Callable[[str], str] = lambda name: _plain(str(content.get(name, "-")))  # noqa: E731 - three words, used here alone
    if topic.endswith("/result"):
        reason = f" ({said('reason')})" if content.get("reason") else ""
        return f"{at}  {window:<16}  = {said('result')}{reason}  {said('command_id')}"
    aim = f"{said('position')} %" if "position" in content else said("action")
    sure = f"  confidence {said('confidence')}" if content.get("confidence") is not None else ""
    return f"{at}  {window:<16}  → {aim}  {said('source')}{sure}  {said('command_id')}"


async def monitor(endpoint: Endpoint) -> None:
    """Print lines until cancelled. Raises SimulatorError when there is no broker."""
    await check_reachable(endpoint)
    async with client(endpoint) as session:
        await session.subscribe([("window/+/control", 1), ("window/+/control/result", 1)])
        print(f"listening on {endpoint}; Ctrl-C ends it", flush=True)
        async for message in session.messages:
            kept = "  (kept by the broker)" if message.retain else ""
            at = time.strftime("%H:%M:%S")
            print(line(message.topic.value, message.payload, at) + kept, flush=True)


def _plain(text: str) -> str:
    """Keep a stranger's control characters away from the terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:80])
