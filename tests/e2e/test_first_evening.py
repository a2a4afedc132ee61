"""The first evening of an owner, in a real browser on a real Home Assistant: everything by hand, nothing by an API."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from stack.home_assistant.flows import filled_in
from stack.json_shape import as_objects, member, text
from stack.tap import Tap

from .newcomer import ROOT, first_evening

BROWSER = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "smart-window" / "browser"
SCRIPT = Path(__file__).parent / "browser" / "first_evening.mjs"


@pytest.mark.timeout(180)
async def test_an_owner_adds_sets_chooses_moves_and_reads_why_in_a_browser(tmp_path: Path) -> None:
    async with first_evening(tmp_path) as evening:
        home, account = evening.home, evening.account
        await home.socket.ask("input_boolean/create", name="Rain gauge")
        signed_in = {"url": evening.url, "token": account.token, "client_id": account.client_id}
        endpoints = tmp_path / "home_assistant.json"
        endpoints.write_text(json.dumps(signed_in | {"tokens": account.browser_tokens}))
        async with Tap(evening.broker.host, evening.broker.port, ("window/bedroom/control",)) as tap:
            said = await walk(endpoints, Path(os.environ.get("SMART_WINDOW_PICTURES", tmp_path)))
            command = await tap.heard("the owner's command", lambda heard: bool(heard.payload), within_s=5)

        assert said["errors"] == []
        assert {name: said[name] for name in ("mode", "moved")} == {"mode": "Automatic", "moved": "Held by you"}
        assert (command.content["source"], command.content["position"]) == ("user", 100)
        assert (await home.state("select.bedroom_bedroom_window_mode")).state == "automatic"
        [entry] = as_objects(await home.socket.ask("config_entries/get", domain="smart_window"), "entries")
        entry_id = text(entry, "entry_id", "the entry")
        form = await home.rest.post("/api/config/config_entries/options/flow", {"handler": entry_id})
        shown = filled_in(as_objects(form.get("data_schema"), "the options"), {})
        assert member(shown, "questions", "the options")["temperature_change"] == 0.7
        [own] = as_objects(await home.socket.ask("config_entries/subentries/list", entry_id=entry_id), "subentries")
        assert own["unique_id"] == "bedroom"


async def walk(endpoints: Path, out: Path) -> dict[str, object]:
    """What the browser read."""
    browser = await asyncio.create_subprocess_exec(
        "node", str(SCRIPT), str(endpoints), str(out), str(BROWSER), cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    found, said = await browser.communicate()
    assert browser.returncode == 0, said.decode()
    answer: dict[str, object] = json.loads(found)
    return answer
