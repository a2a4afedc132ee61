"""The integration on the mocked MQTT client, and a window that is played by hand."""

import asyncio
import json
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import persistent_notification
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.smart_window.const import DOMAIN
from custom_components.smart_window.hub import Hub
from custom_components.smart_window.migration import MINOR_VERSION, VERSION

ANNOUNCE: dict[str, object] = {
    "contract": 1,
    "device_id": "bedroom",
    "name": "Bedroom window",
    "model": "SW-1",
    "sw_version": "1.2.3",
    "suggested_area": "Bedroom",
    "capabilities": ["position", "temperature", "humidity", "audio"],
    "audio": {"rate": 16000, "format": "pcm_s16le", "framing": "SWA1"},
}

QUICK: dict[str, Any] = {"questions": {"min_interval_s": 0, "fallback": False}, "advanced": {"settle_s": 0}}
"""Options with which nothing waits, and the model decides alone."""


@dataclass(frozen=True)
class Sent:
    """One message that left."""

    topic: str
    payload: bytes
    qos: int
    retain: bool

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.payload)
        return found


@dataclass
class House:
    """Home Assistant with the integration in it."""

    hass: HomeAssistant
    mqtt: MqttMockHAClient
    entry: MockConfigEntry

    @property
    def hub(self) -> Hub:
        hub: Hub = self.entry.runtime_data
        return hub

    async def settle(self) -> None:
        hub: Hub | None = getattr(self.entry, "runtime_data", None)
        while hub is not None and len(hub.inbox):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)
        await self.hass.async_block_till_done()

    async def hear(self, topic: str, payload: object, *, retain: bool = False, settle: bool = True) -> None:
        """A message comes from the broker. What is no text and no bytes is sent as JSON."""
        body = payload if isinstance(payload, str | bytes) else json.dumps(payload)
        async_fire_mqtt_message(self.hass, topic, body, qos=1, retain=retain)
        if settle:
            await self.settle()

    async def wait(self, freezer: FrozenDateTimeFactory, seconds: float) -> None:
        """Let time pass, and what is due then happen."""
        freezer.tick(seconds)
        async_fire_time_changed(self.hass)
        await self.settle()

    def sent(self, *ends: str) -> list[Sent]:
        """What left on topics that end so, oldest first."""
        return [one for one in self._all() if not ends or one.topic.endswith(ends)]

    def moves(self) -> list[Sent]:
        """What left and could move a window."""
        return [one for one in self.sent("/control") if one.payload]

    def forget_sent(self) -> None:
        self.mqtt.async_publish.reset_mock()

    def entity(self, platform: str, key: str, device_id: str = "bedroom") -> str | None:
        """The entity's id, whatever Home Assistant called it."""
        return er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, f"{device_id}.{key}")

    def state(self, platform: str, key: str, device_id: str = "bedroom") -> State | None:
        entity_id = self.entity(platform, key, device_id)
        return None if entity_id is None else self.hass.states.get(entity_id)

    def shown(self, platform: str, key: str, device_id: str = "bedroom") -> str | None:
        found = self.state(platform, key, device_id)
        return None if found is None else found.state

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Something that waits for the window: `settle` must not wait for it."""
        return self.hass.async_create_background_task(work, "test")

    async def until_sent(self, end: str) -> Sent:
        """The next message on a topic that ends so, from something that runs in the background."""
        async with asyncio.timeout(5):
            while not (found := self.sent(end)):  # noqa: ASYNC110 - the mocked client tells nobody
                await asyncio.sleep(0)
        return found[-1]

    async def act(self, service: str, key: str, device_id: str = "bedroom", **data: Any) -> None:  # noqa: ANN401 - as Home Assistant takes them
        """Call an action such as cover.open_cover on a window's entity."""
        platform, name = service.split(".")
        target = {"entity_id": self.entity(platform, key, device_id)}
        await self.hass.services.async_call(platform, name, data | target, blocking=True)

    def device(self, device_id: str = "bedroom") -> dr.DeviceEntry | None:
        registry = dr.async_get(self.hass)
        return registry.async_get_device_by_identifier((DOMAIN, device_id), self.entry.entry_id)

    def issues(self) -> set[str]:
        """Ids of our repairs."""
        return {issue for domain, issue in ir.async_get(self.hass).issues if domain == DOMAIN}

    def alerts(self) -> set[str]:
        """Ids of our notifications."""
        notifications = persistent_notification._async_get_or_create_notifications(self.hass)
        return {one for one in notifications if one.startswith(DOMAIN)}

    def _all(self) -> Iterator[Sent]:
        for call in self.mqtt.async_publish.call_args_list:
            topic, payload, qos, retain = call.args[:4]
            yield Sent(topic, payload, qos, retain)


@dataclass
class PlayedWindow:
    """Speaks the device's side, line by line."""

    house: House
    device_id: str = "bedroom"
    announce: dict[str, object] = field(default_factory=lambda: dict(ANNOUNCE))
    now: dict[str, object] = field(
        default_factory=lambda: {
            "session": "s1",
            "rev": 1,
            "hand_id": None,
            "position": 30,
            "target": 30,
            "operation": "idle",
            "source": None,
            "rain": False,
            "obstacle": False,
            "fault": None,
            "lock": "none",
            "command_id": None,
        }
    )

    async def appear(self) -> None:
        """As a window that connects: announce, availability, state, all live."""
        await self.house.hear(f"window/{self.device_id}/announce", self.announce)
        await self.house.hear(f"window/{self.device_id}/availability", "online")
        await self.report()

    async def report(self, *, retain: bool = False, **changes: object) -> None:
        self.now |= changes
        await self.house.hear(f"window/{self.device_id}/state", self.now, retain=retain)

    async def press(self, hand_id: str, **changes: object) -> None:
        rev = self.now["rev"]
        assert isinstance(rev, int)
        self.now |= changes
        await self.report(hand_id=hand_id, rev=rev + 1, source="user")

    async def measure(self, kind: str, value: float) -> None:
        await self.house.hear(f"sensor/{self.device_id}/{kind}", {"value": value})

    async def result(self, command_id: str, result: str, reason: str | None = None) -> None:
        answer = {"command_id": command_id, "result": result, "reason": reason}
        # An action waits for this, and settling would wait for the action.
        await self.house.hear(f"window/{self.device_id}/control/result", answer, settle=False)

    async def answer(self, correlation_id: str, **changes: object) -> None:
        """The inference service answers."""
        answer = {
            "contract": 1,
            "correlation_id": correlation_id,
            "position": 70,
            "confidence": 0.9,
            "reasons": [{"code": "street_noise", "effect": -20}],
            "model_version": "m1",
            "timings_ms": {"model": 3.5},
            "acted": False,
            "error": None,
        } | changes
        await self.house.hear(f"ml/inference/response/{self.device_id}", answer)


def new_entry(options: dict[str, Any] | None = None, data: dict[str, Any] | None = None) -> MockConfigEntry:
    return MockConfigEntry(
        domain=DOMAIN,
        title="Smart Window",
        data={"prefix": ""} if data is None else data,
        options=options or {},
        unique_id=DOMAIN,
        version=VERSION,
        minor_version=MINOR_VERSION,
    )


async def set_up(hass: HomeAssistant, mqtt: MqttMockHAClient, options: dict[str, Any] | None = None) -> House:
    entry = new_entry(options)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    mqtt.async_publish.reset_mock()
    return House(hass, mqtt, entry)


def window_settings(**sections: dict[str, Any]) -> dict[str, Any]:
    """What a form of a window's settings gives when only these fields were changed."""
    return {name: sections.get(name, {}) for name in ("outdoors", "room", "hazards", "limits")}


async def with_settings(house: House, device_id: str = "bedroom", **sections: dict[str, Any]) -> None:
    """The owner set up a window, so."""
    house.hass.config_entries.async_add_subentry(
        house.entry,
        ConfigSubentry(
            data=MappingProxyType({"device_id": device_id, **window_settings(**sections)}),
            subentry_type="window",
            title=device_id,
            unique_id=device_id,
        ),
    )
    await house.settle()
