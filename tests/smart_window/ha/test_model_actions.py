"""The actions on the services' models: what leaves, what comes back, and what is said where nothing was changed."""

import asyncio
import json
from typing import Any

import pytest
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.smart_window import command
from custom_components.smart_window.contract import ModelOrder, ModelsInUse
from custom_components.smart_window.contract.words import ModelChange
from tests.contract.contract_files import CONTRACT, validator

from .house import House

SHADOW: dict[str, Any] = json.loads((CONTRACT / "examples/status/valid/shadow.json").read_text())
ERROR = {"code": "model_damaged", "message": "v9.pth is damaged"}


@pytest.fixture
async def served(house: House) -> House:
    """Two services, of which one has a model that looks on."""
    await house.hear("ml/status/ml-1", SHADOW | {"instance": "ml-1"})
    await house.hear("ml/status/ml-2", SHADOW | {"instance": "ml-2", "shadow": None})
    await house.hear("ml/status/gone", SHADOW | {"instance": "gone", "state": "offline"})
    return house


def call(house: House, action: str, who: Context | None = None, /, **data: object) -> asyncio.Task[Any]:
    work = house.hass.services.async_call(
        "smart_window", action, data, blocking=True, return_response=True, context=who
    )
    return house.hass.async_create_background_task(work, action)


async def answered(
    house: House, instance: str, error: dict[str, str] | None = None, **changes: object
) -> dict[str, Any]:
    """The service answers the order that it got; the order."""
    order = (await house.until_sent(f"ml/models/{instance}")).json
    validator("models").validate(order)
    answer = {"contract": 1, "correlation_id": order["correlation_id"], "model_version": "v2", "shadow": None}
    # Home Assistant counts an administrator's action among what a house must settle: the next service is asked in it.
    await house.hear(f"ml/models/{instance}/result", answer | {"error": error} | changes, settle=False)
    return order


async def test_models_says_what_each_service_has_and_how_two_compare(served: House) -> None:
    found = (await call(served, "models"))["services"]
    assert sorted(found) == ["ml-1", "ml-2"]
    assert (found["ml-1"]["model_version"], found["ml-1"]["models"]) == ("v1", ["v1", "v2"])
    assert found["ml-1"]["shadow"] == SHADOW["shadow"]
    assert found["ml-2"]["shadow"] is None


@pytest.mark.parametrize(
    ("action", "data", "do", "version"),
    [
        ("shadow_model", {"version": "v2"}, "shadow", "v2"),
        ("shadow_model", {}, "end_shadow", None),
        ("promote_model", {}, "promote", None),
        ("roll_back_model", {}, "roll_back", None),
        ("roll_back_model", {"version": "v0"}, "serve", "v0"),
    ],
)
async def test_an_order_leaves_once_not_retained_and_its_answer_comes_back(
    served: House, action: str, data: dict[str, str], do: str, version: str | None
) -> None:
    asking = call(served, action, None, instance="ml-1", **data)
    order = await answered(served, "ml-1", shadow="v2")
    assert (order["do"], order.get("version")) == (do, version)
    assert await asking == {"services": {"ml-1": {"model_version": "v2", "shadow": "v2"}}}
    (sent,) = served.sent("ml/models/ml-1", "ml/models/ml-2")
    assert (sent.qos, sent.retain) == (1, False)


async def test_without_a_name_each_service_that_is_there_is_told(served: House) -> None:
    asking = call(served, "promote_model")
    for instance in ("ml-1", "ml-2"):
        await answered(served, instance)
    assert sorted((await asking)["services"]) == ["ml-1", "ml-2"]
    assert served.sent("ml/models/gone") == []


async def test_what_a_service_refused_is_told_with_its_name_after_all_were_told(served: House) -> None:
    asking = call(served, "shadow_model", version="v9")
    await answered(served, "ml-1", error=ERROR)
    await answered(served, "ml-2")
    with pytest.raises(HomeAssistantError, match=r"ml-1: v9\.pth is damaged"):
        await asking


async def test_a_stranger_to_all_services_is_refused_before_anything_leaves(served: House) -> None:
    with pytest.raises(ServiceValidationError, match=r"no inference service ml-9\. There are: ml-1, ml-2"):
        await call(served, "promote_model", instance="ml-9")
    assert served.sent("ml/models/ml-9") == []


async def test_where_no_service_is_there_that_is_said(house: House) -> None:
    for action in ("models", "promote_model"):
        with pytest.raises(ServiceValidationError, match="No inference service is there"):
            await call(house, action)


async def test_a_service_that_stays_silent_is_told_and_a_kept_or_foreign_answer_is_none(
    served: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "MODELS_TIMEOUT_S", 0.05)
    asking = call(served, "promote_model", instance="ml-1")
    order = (await served.until_sent("ml/models/ml-1")).json
    answer = {
        "contract": 1,
        "correlation_id": order["correlation_id"],
        "model_version": "v2",
        "shadow": None,
        "error": None,
    }
    await served.hear("ml/models/ml-1/result", answer, retain=True, settle=False)
    await served.hear("ml/models/ml-1/result", answer | {"correlation_id": "other"}, settle=False)
    with pytest.raises(HomeAssistantError, match="ml-1 did not answer"):
        await asking


async def test_only_an_administrator_may_change_which_model_answers(
    served: House, hass_read_only_user: MockUser
) -> None:
    context = Context(user_id=hass_read_only_user.id)
    for action in ("shadow_model", "promote_model", "roll_back_model"):
        with pytest.raises(Unauthorized):
            await call(served, action, context)
    assert served.sent("ml/models/ml-1") == []


async def test_without_a_connection_nothing_waits(served: House) -> None:
    served.mqtt.connected = False
    with pytest.raises(HomeAssistantError) as refused:
        await call(served, "promote_model")
    assert refused.value.translation_key == "mqtt_disconnected"


async def test_an_unload_ends_an_order_that_waits(served: House) -> None:
    waiting = call(served, "promote_model", instance="ml-1")
    await served.until_sent("ml/models/ml-1")
    assert await served.hass.config_entries.async_unload(served.entry.entry_id)
    with pytest.raises(HomeAssistantError) as ended:
        await waiting
    assert ended.value.translation_key == "mqtt_disconnected"


async def test_what_a_service_said_just_before_the_end_still_counts(served: House) -> None:
    outbox = served.hub.outbox
    orders = [ModelOrder(f"m-{number}", ModelChange.ROLL_BACK) for number in range(2)]
    answered, waiting = [
        served.hass.async_create_background_task(outbox.order_models("ml-1", order), order.correlation_id)
        for order in orders
    ]
    await served.until_sent("ml/models/ml-1")
    said = ModelsInUse(orders[0].correlation_id, "v2", None, None)
    outbox.models_in_use(said)
    await outbox.close()
    assert await answered == said
    with pytest.raises(HomeAssistantError) as raised:
        await waiting
    assert raised.value.translation_key == "mqtt_disconnected"
