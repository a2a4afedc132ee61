"""The one way out: every message that leaves the integration is published here."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from homeassistant.components import mqtt
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .contract import (
    Control,
    ControlResult,
    Feedback,
    Guard,
    MessageKind,
    ModelOrder,
    ModelsInUse,
    Request,
    Result,
    Topics,
    encode,
)

_LOGGER = logging.getLogger(__name__)

RESULT_TIMEOUT_S: Final = 3.0
MODELS_TIMEOUT_S: Final = 10.0
"""A model is read, checked and tried before it is used."""

RETAINED_BY_WINDOW: Final = (
    MessageKind.ANNOUNCE,
    MessageKind.AVAILABILITY,
    MessageKind.STATE,
    MessageKind.GUARD,
)
"""What the broker keeps of a window, and what is cleared when its owner removes it."""


class Outbox:
    """Publishes at QoS 1. Nothing waits here for a connection: a late command is worth nothing."""

    def __init__(self, hass: HomeAssistant, topics: Topics) -> None:
        self._hass = hass
        self._topics = topics
        self._waiting: dict[str, asyncio.Future[ControlResult]] = {}
        self._choosing: dict[str, asyncio.Future[ModelsInUse]] = {}
        self._sending: set[asyncio.Task[None]] = set()
        self._closed = False
        self.acknowledged_ms: float | None = None
        """How long the broker took to acknowledge the last message."""

    @property
    def connected(self) -> bool:
        """The broker is there."""
        return not self._closed and mqtt.is_connected(self._hass)

    async def command(self, device_id: str, control: Control, left: Callable[[], None]) -> None:
        """Send a command and wait for what the window makes of it; `left` is called when it has left.

        Raises HomeAssistantError, translated, when it cannot leave, when the window refuses it, or when no answer comes
        within three seconds.
        """
        if not self.connected:
            raise command_error("mqtt_disconnected")
        answer: asyncio.Future[ControlResult] = self._hass.loop.create_future()
        self._waiting[control.command_id] = answer
        try:
            async with asyncio.timeout(RESULT_TIMEOUT_S):
                leaving = self._hass.async_create_background_task(
                    self._publish(MessageKind.CONTROL, device_id, encode(control)), f"smart_window command {device_id}"
                )
                left()
                await leaving
                result = await answer
        except TimeoutError as error:
            raise command_error("no_answer") from error
        finally:
            del self._waiting[control.command_id]
        # A duplicate was accepted before: its first answer got lost on the way.
        if result.result not in {Result.ACCEPTED, Result.DUPLICATE}:
            raise command_error(f"refused_{result.result}", reason=result.reason or "–")

    async def order_models(self, instance: str, order: ModelOrder) -> ModelsInUse:
        """Tell a service which model to use, and wait for what is so then.

        Raises HomeAssistantError, translated, when it cannot leave, or when no answer comes within ten seconds.
        """
        if not self.connected:
            raise command_error("mqtt_disconnected")
        answer: asyncio.Future[ModelsInUse] = self._hass.loop.create_future()
        self._choosing[order.correlation_id] = answer
        try:
            async with asyncio.timeout(MODELS_TIMEOUT_S):
                await self._publish(MessageKind.MODELS, instance, encode(order))
                return await answer
        except TimeoutError as error:
            raise command_error("service_silent", instance=instance) from error
        finally:
            del self._choosing[order.correlation_id]

    @callback
    def models_in_use(self, found: ModelsInUse) -> None:
        """A service answered an order about its models, perhaps one that waits here."""
        answer = self._choosing.get(found.correlation_id)
        if answer is not None and not answer.done():
            answer.set_result(found)

    async def number(self, device_id: str, position: float) -> None:
        """Tell an adopted plain device where to go, by a bare number. Nobody answers. Raises HomeAssistantError."""
        if not self.connected:
            raise command_error("mqtt_disconnected")
        await self._publish(MessageKind.CONTROL, device_id, f"{position:.0f}".encode())

    @callback
    def machine(self, device_id: str, control: Control) -> bool:
        """Send a command of a rule; the window's answer reaches the pure core. False: the broker is away."""
        return self._send(MessageKind.CONTROL, device_id, encode(control))

    @callback
    def result(self, result: ControlResult) -> None:
        """A window answered a command, perhaps one that waits here."""
        answer = self._waiting.get(result.command_id or "")
        if answer is not None and not answer.done():
            answer.set_result(result)

    @callback
    def guard(self, device_id: str, guard: Guard, wall: float) -> bool:
        """Tell a window what machines may do now. False: the broker is away."""
        return self._send(MessageKind.GUARD, device_id, encode(replace(guard, ts=wall)), retain=True)

    @callback
    def request(self, device_id: str, request: Request) -> bool:
        """Ask the model. False: the broker is away."""
        return self._send(MessageKind.REQUEST, device_id, encode(request))

    @callback
    def feedback(self, device_id: str, feedback: Feedback) -> bool:
        """Tell the model of a correction. False: the broker is away."""
        return self._send(MessageKind.FEEDBACK, device_id, encode(feedback))

    @callback
    def forget(self, device_id: str) -> None:
        """Clear what the broker keeps of a window."""
        for kind in RETAINED_BY_WINDOW:
            self._send(kind, device_id, b"", retain=True)

    @callback
    def clear_control(self, device_id: str) -> bool:
        """Clear a retained command that somebody left on the broker. False: the broker is away."""
        return self._send(MessageKind.CONTROL, device_id, b"", retain=True)

    async def close(self) -> None:
        """Let nothing more leave, and end what waits."""
        self._closed = True
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(command_error("no_answer"))
        for choice in self._choosing.values():
            if not choice.done():
                choice.set_exception(command_error("mqtt_disconnected"))
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    def _send(self, kind: MessageKind, device_id: str, payload: bytes, *, retain: bool = False) -> bool:
        """Publish without waiting for the broker's acknowledgement. The packet leaves before this returns."""
        if not self.connected:
            return False
        task = self._hass.async_create_background_task(
            self._publish_quietly(kind, device_id, payload, retain=retain), f"smart_window {kind} {device_id}"
        )
        if not task.done():
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return True

    async def _publish_quietly(self, kind: MessageKind, device_id: str, payload: bytes, *, retain: bool) -> None:
        try:
            await self._publish(kind, device_id, payload, retain=retain)
        except HomeAssistantError as error:
            _LOGGER.debug("Could not publish %s for %s: %s", kind, device_id, error)

    async def _publish(self, kind: MessageKind, device_id: str, payload: bytes, *, retain: bool = False) -> None:
        left_at = self._hass.loop.time()
        await mqtt.async_publish(
            self._hass, self._topics.topic(kind, device_id), payload, qos=1, retain=retain, encoding=None
        )
        self.acknowledged_ms = (self._hass.loop.time() - left_at) * 1000


def command_error(key: str, **placeholders: str) -> HomeAssistantError:
    """An error for the person who commanded, in words of the translations."""
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)
