"""As an app of Home Assistant: what it and the Supervisor say, which models it keeps, who may see its page."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, make_mocked_request

from ml_addon import shelf
from ml_addon.settings import ConfigError
from ml_addon.shelf import Choice
from ml_addon.supervisor import announce, offered_broker
from ml_addon.web.access import INGRESS, Doorkeeper

ROOT = Path(__file__).parents[2]
TOKEN = "of the supervisor"
ENV = {"SUPERVISOR_TOKEN": TOKEN}


@dataclass
class Supervisor:
    """Answers as Home Assistant's Supervisor does, at the two places that we call."""

    posted: list[Any] = field(default_factory=list)
    broker: dict[str, object] | None = None
    url: str = ""

    async def services(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"result": "error", "message": "unauthorized"}, status=401)
        if self.broker is None:
            return web.json_response({"result": "error", "message": "Service not enabled"}, status=400)
        return web.json_response({"result": "ok", "data": self.broker})

    async def discovery(self, request: web.Request) -> web.Response:
        found = await request.json()
        app = ROOT / "ml_addon" / "config.yaml"
        if f"- {found['service']}\n" not in app.read_text():
            return web.json_response({"result": "error", "message": "not in the app's discovery list"}, status=403)
        self.posted.append(found)
        return web.json_response({"result": "ok", "data": {"uuid": "1"}})


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    made = Supervisor()
    app = web.Application()
    app.add_routes([web.get("/services/mqtt", made.services), web.post("/discovery", made.discovery)])
    async with TestServer(app, host="127.0.0.1") as server:
        made.url = str(server.make_url(""))
        yield made


async def test_the_broker_comes_from_the_supervisor(supervisor: Supervisor) -> None:
    supervisor.broker = {
        "host": "core-mosquitto", "port": 1883, "ssl": False, "username": "app", "password": "p", "protocol": "5",
    }  # fmt: skip
    offered = await asyncio.to_thread(offered_broker, ENV, supervisor.url)
    assert offered == {
        "mqtt_host": "core-mosquitto", "mqtt_port": 1883, "mqtt_tls": False, "mqtt_username": "app",
        "mqtt_password": "p",
    }  # fmt: skip


async def test_without_a_broker_or_a_supervisor_nothing_is_offered(supervisor: Supervisor) -> None:
    assert await asyncio.to_thread(offered_broker, ENV, supervisor.url) == {}
    assert await asyncio.to_thread(offered_broker, {}, supervisor.url) == {}
    assert await asyncio.to_thread(offered_broker, ENV, "http://127.0.0.1:1") == {}


async def test_it_lets_home_assistant_offer_the_integration(supervisor: Supervisor) -> None:
    assert await asyncio.to_thread(announce, ENV, "ml-1", "home/", supervisor.url) is None
    assert supervisor.posted == [{"service": "smart_window", "config": {"instance": "ml-1", "prefix": "home"}}]


async def test_outside_the_supervisor_nobody_is_told(supervisor: Supervisor) -> None:
    assert await asyncio.to_thread(announce, {}, "ml-1", "", supervisor.url) is None
    assert supervisor.posted == []


async def test_a_supervisor_that_is_away_is_named_and_nothing_else_happens() -> None:
    trouble = await asyncio.to_thread(announce, ENV, "ml-1", "", "http://127.0.0.1:1")
    assert trouble is not None
    assert "refused" in trouble


def test_the_integration_is_the_one_that_is_discovered() -> None:
    manifest = json.loads((ROOT / "custom_components/smart_window/manifest.json").read_text())
    assert f"- {manifest['domain']}\n" in (ROOT / "ml_addon/config.yaml").read_text()


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    for name in ("v1.pth", "v1.json", "README.md"):
        (folder / name).write_text(name)
    return folder


def test_a_new_folder_gets_the_shipped_model_and_serves_it(tmp_path: Path, shipped: Path) -> None:
    kept = tmp_path / "data" / "models"
    assert shelf.stock(kept, shipped).serving == "v1"
    assert sorted(path.name for path in kept.glob("v*")) == ["v1.json", "v1.pth"]


def test_an_update_brings_its_model_along_and_keeps_the_one_before(tmp_path: Path, shipped: Path) -> None:
    kept = tmp_path / "models"
    shelf.stock(kept, shipped)
    shutil.move(shipped / "v1.pth", shipped / "v2.pth")
    shutil.move(shipped / "v1.json", shipped / "v2.json")
    assert shelf.stock(kept, shipped).serving == "v2"
    assert {path.stem for path in kept.glob("*.pth")} == {"v1", "v2"}


def test_there_is_a_way_back_from_an_update_also_after_the_next_restart(tmp_path: Path, shipped: Path) -> None:
    kept = tmp_path / "models"
    assert shelf.stock(kept, shipped) == Choice("v1")
    assert shelf.stock(kept, shipped) == Choice("v1")
    for end in ("pth", "json"):
        shutil.move(shipped / f"v1.{end}", shipped / f"v2.{end}")
    for _ in range(3):
        assert shelf.stock(kept, shipped) == Choice("v2", before="v1")
    shelf.choose(kept, Choice("v1", before="v2"))
    assert shelf.stock(kept, shipped) == Choice("v1", before="v2")


def test_what_was_chosen_survives_an_update_while_it_is_there(tmp_path: Path, shipped: Path) -> None:
    kept = tmp_path / "models"
    shelf.stock(kept, shipped)
    (kept / "mine.pth").write_text("mine")
    shelf.choose(kept, Choice("mine"))
    assert shelf.stock(kept, shipped).serving == "mine"
    (kept / "mine.pth").unlink()
    assert shelf.stock(kept, shipped).serving == "v1"


@pytest.mark.parametrize("chosen", ["../../etc/passwd", "gone", ""])
def test_a_choice_that_names_no_model_is_none(tmp_path: Path, shipped: Path, chosen: str) -> None:
    kept = tmp_path / "models"
    shelf.stock(kept, shipped)
    (kept / "serving").write_text(chosen)
    assert shelf.stock(kept, shipped).serving == "v1"


def test_what_served_before_and_what_looks_on_survive_too_and_no_name_leads_elsewhere(
    tmp_path: Path, shipped: Path
) -> None:
    kept = tmp_path / "models"
    shelf.stock(kept, shipped)
    for name in ("mine", "other"):
        (kept / f"{name}.safetensors").write_text(name)
    (tmp_path / "outside.pth").write_text("outside")
    shelf.choose(kept, Choice("v1", before="mine", shadow="other"))
    assert shelf.stock(kept, shipped) == Choice("v1", "mine", "other")
    (kept / "shadow").write_text("../outside")
    assert shelf.stock(kept, shipped) == Choice("v1", "mine", None)
    shelf.choose(kept, Choice("v1"))
    assert shelf.stock(kept, shipped) == Choice("v1")


def test_the_settings_win_over_what_was_chosen_and_no_model_looks_on_itself() -> None:
    kept = Choice("v1", "v0", "v2")
    assert shelf.preferred(Choice(), kept) == kept
    assert shelf.preferred(Choice("v3", shadow="v4"), kept) == Choice("v3", "v0", "v4")
    assert shelf.preferred(Choice("v2"), kept) == Choice("v2", "v0", None)
    assert shelf.preferred(Choice("v0"), kept) == Choice("v0", None, "v2")


def test_a_folder_that_cannot_be_written_is_a_mistake_of_the_settings(tmp_path: Path, shipped: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match="cannot be put there"):
        shelf.stock(tmp_path / "file" / "models", shipped)


async def status_for(door: Doorkeeper, address: str | None, path: str = "/", **headers: str) -> int:
    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.Response()

    request = make_mocked_request("GET", path, headers=headers).clone(remote=address or "")
    try:
        return (await door.middleware(request, handler)).status
    except web.HTTPException as error:
        return error.status


async def test_ingress_is_let_in_by_its_address_alone() -> None:
    door = Doorkeeper(None, b"secret")
    assert await status_for(door, INGRESS) == 200
    for address in ("172.30.32.1", "172.30.32.20", "127.0.0.1", "::1", None):
        assert await status_for(door, address) == 403
        assert await status_for(door, address, **{"X-Forwarded-For": INGRESS, "Authorization": "Bearer "}) == 403


async def test_elsewhere_the_token_is_needed_also_from_the_ingress_address() -> None:
    door = Doorkeeper("the right token of this test", b"secret")
    assert await status_for(door, INGRESS, "/live") == 401
    assert await status_for(door, INGRESS, "/live", Authorization="Bearer the wrong token of this test") == 401
    assert await status_for(door, INGRESS, "/live", Cookie="smart_window=guessed") == 401
    assert await status_for(door, "10.0.0.9", "/live", Authorization="Bearer the right token of this test") == 200
    assert await status_for(door, "10.0.0.9", "/health") == 200
