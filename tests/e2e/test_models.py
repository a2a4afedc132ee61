"""An owner lets a second model look on, promotes it and goes back, in a real Home Assistant, with a real service."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from stack.home_assistant.rest import HomeAssistantError
from stack.json_shape import JsonObject, member
from stack.service import InferenceService
from stack.waiting import until

from .house import House

ROOT = Path(__file__).parents[2]
INSTANCE = "two-models"
ADD = """
import sys
from pathlib import Path
from tests.ml_addon.other_models import add_eager
add_eager(Path(sys.argv[1]), "other")
"""


@pytest_asyncio.fixture(loop_scope="session")
async def service(house: House, tmp_path: Path) -> AsyncIterator[InferenceService]:
    """A second service beside the stack's own, with two models; the windows are calm and ask nothing."""
    beside = house.stack.service.settings
    models = tmp_path / "models"
    shutil.copytree(ROOT / "ml_addon" / "models", models, ignore=shutil.ignore_patterns("*.md"))
    (shipped,) = (path.stem for path in models.glob("*.pth"))
    made = await asyncio.create_subprocess_exec(beside.python, "-c", ADD, str(models), cwd=ROOT)
    assert await made.wait() == 0
    more = {"SMART_WINDOW_MODEL_PATH": str(models), "SMART_WINDOW_MODEL_VERSION": shipped}
    folder = tmp_path / "service"
    folder.mkdir()
    running = InferenceService(replace(beside, folder=folder, instance=INSTANCE, more={**beside.more, **more}))
    await running.start()
    yield running
    await running.stop()


async def act(house: House, action: str, **data: str) -> JsonObject:
    """Call the action for this service alone; what it answers of it."""
    path = f"/api/services/smart_window/{action}?return_response"
    answer = await house.home.rest.post(path, {"instance": INSTANCE, **data})
    services = member(member(answer, "service_response", action), "services", action)
    return member(services, INSTANCE, action)


async def test_a_model_looks_on_is_promoted_and_taken_back_by_actions(house: House, service: InferenceService) -> None:
    async def known() -> JsonObject | None:
        try:
            found = await act(house, "models")
        except HomeAssistantError:
            return None
        return found if found["state"] == "ready" else None

    found = await until("the second service ready in Home Assistant", known, 60)
    before = found["model_version"]
    assert found["models"] == sorted([str(before), "other"])
    assert found["shadow"] is None

    looking = await act(house, "shadow_model", version="other")
    assert looking == {"model_version": before, "shadow": "other"}
    assert await act(house, "promote_model") == {"model_version": "other", "shadow": None}
    assert await act(house, "roll_back_model") == {"model_version": before, "shadow": None}
    with pytest.raises(HomeAssistantError):
        await act(house, "shadow_model", version="never-trained")
    again = await act(house, "models")
    assert (again["model_version"], again["shadow"]) == (before, None)
    orders = [json.loads(heard.payload) for heard in house.tap.messages if heard.topic == f"ml/models/{INSTANCE}"]
    assert [order["do"] for order in orders] == ["shadow", "promote", "roll_back", "shadow"]
