"""The actions: explain, hold, release, predict, accept, refuse, home, clear, learning. Each answers by window."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import probatio as vol
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from .account import account
from .command import command_error
from .const import DOMAIN
from .consult import advice
from .contract import Action
from .happenings import Happening, Told
from .hub import Hub
from .layers import Layers
from .model_actions import set_up_model_actions
from .question import Ended
from .station import Station
from .targets import check_online, loaded_hub, stations_of

ATTR_AT: Final = "at"
ATTR_CORRELATION_ID: Final = "correlation_id"
ATTR_DURATION: Final = "duration"
ATTR_VERSION: Final = "version"
SHORTEST_HOLD: Final = timedelta(minutes=1)
LONGEST_HOLD: Final = timedelta(days=7)
STALE_AFTER_S: Final = 3600.0
"""Advice was given for the air of then; who answers later opens the window themselves, knowing why."""

type Act = Callable[[Hub, Station, ServiceCall], Coroutine[Any, Any, JsonObjectType]]


@dataclass(frozen=True, kw_only=True)
class WindowAction:
    """One action: what it does to one window, the fields beside the target, and whether the window must be there."""

    act: Act
    fields: VolDictType
    reaches: bool
    answers_only: bool = False
    """It is asked for its answer alone."""


async def _explain(hub: Hub, station: Station, call: ServiceCall) -> JsonObjectType:
    at: datetime | None = call.data.get(ATTR_AT)
    moment = None if at is None else dt_util.as_utc(at).timestamp()
    return await account(hub, station, moment, call.data.get(ATTR_CORRELATION_ID))


async def _hold(hub: Hub, station: Station, call: ServiceCall) -> JsonObjectType:
    length: timedelta | None = call.data.get(ATTR_DURATION)
    await hub.owner.hold(station, call.context, None if length is None else length.total_seconds())
    until = station.window.hold_until
    return {"hold_until": None if until is None else dt_util.utc_from_timestamp(until).isoformat()}


async def _release(hub: Hub, station: Station, _: ServiceCall) -> JsonObjectType:
    held = station.window.hands.hold is not None
    await hub.owner.release(station)
    return {"was_held": held}


async def _predict(hub: Hub, station: Station, _: ServiceCall) -> JsonObjectType:
    return advice_as_json(hub, station, await advice(hub, station))


async def _accept(hub: Hub, station: Station, _: ServiceCall) -> JsonObjectType:
    position = suggested(station)
    prediction = station.window.prediction
    if prediction is not None and hub.clock.now() - prediction.question.asked_at > STALE_AFTER_S:
        raise command_error("suggestion_old", name=station.name)
    if station.window.hazards.reign and (station.position is None or position > station.position):
        raise command_error("suggestion_in_hazard", name=station.name)
    # Without a context: whoever pressed the button that led here is a person, though an automation carried it.
    await hub.owner.move(station, None, position=position)
    return {"position": position}


async def _refuse(hub: Hub, station: Station, _: ServiceCall) -> JsonObjectType:
    position, why = suggested(station), station.why
    if why is not None:
        hub.chronicle.refused(station)
        station.happened(Told(Happening.SUGGESTION_REFUSED, why, {"position": position, "kept": station.position}))
    return {"position": position, "kept": station.position}


async def _home(hub: Hub, station: Station, call: ServiceCall) -> JsonObjectType:
    await hub.owner.move(station, call.context, action=Action.HOME)
    return {"accepted": True}


async def _clear(hub: Hub, station: Station, call: ServiceCall) -> JsonObjectType:
    await hub.owner.move(station, call.context, action=Action.CLEAR)
    return {"accepted": True}


async def _learning(_hub: Hub, station: Station, _call: ServiceCall) -> JsonObjectType:
    return learning_as_json(station.window.layers)


async def _reset_learning(hub: Hub, station: Station, _: ServiceCall) -> JsonObjectType:
    hub.teaching.reset(station)
    return learning_as_json(station.window.layers)


async def _roll_back_learning(hub: Hub, station: Station, call: ServiceCall) -> JsonObjectType:
    version: int | None = call.data.get(ATTR_VERSION)
    try:
        hub.teaching.roll_back(station, version)
    except LookupError as error:
        raise command_error("no_such_version", name=station.name) from error
    return learning_as_json(station.window.layers)


_ID: Final = r"^[A-Za-z0-9_.:-]{1,64}$"
_LENGTH: Final = vol.All(cv.positive_time_period, vol.Range(min=SHORTEST_HOLD, max=LONGEST_HOLD))
ACTIONS: Final[dict[str, WindowAction]] = {
    "explain": WindowAction(
        act=_explain,
        fields={
            vol.Exclusive(ATTR_AT, "when"): cv.datetime,
            vol.Exclusive(ATTR_CORRELATION_ID, "when"): vol.All(cv.string, vol.Match(_ID)),
        },
        reaches=False,
        answers_only=True,
    ),
    "hold": WindowAction(act=_hold, fields={vol.Optional(ATTR_DURATION): _LENGTH}, reaches=False),
    "release": WindowAction(act=_release, fields={}, reaches=False),
    "predict": WindowAction(act=_predict, fields={}, reaches=True, answers_only=True),
    "accept": WindowAction(act=_accept, fields={}, reaches=True),
    "refuse": WindowAction(act=_refuse, fields={}, reaches=False),
    "home": WindowAction(act=_home, fields={}, reaches=True),
    "clear": WindowAction(act=_clear, fields={}, reaches=True),
    "learning": WindowAction(act=_learning, fields={}, reaches=False, answers_only=True),
    "reset_learning": WindowAction(act=_reset_learning, fields={}, reaches=False),
    "roll_back_learning": WindowAction(
        act=_roll_back_learning, fields={vol.Optional(ATTR_VERSION): cv.positive_int}, reaches=False
    ),
}


@callback
def set_up_actions(hass: HomeAssistant) -> None:
    """Register them once, whether an entry is loaded or not: an automation that uses them can then be checked."""
    set_up_model_actions(hass)
    for name, action in ACTIONS.items():
        hass.services.async_register(
            DOMAIN,
            name,
            _handler(hass, action),
            schema=vol.Schema({**cv.TARGET_SERVICE_FIELDS, **action.fields}),
            supports_response=SupportsResponse.ONLY if action.answers_only else SupportsResponse.OPTIONAL,
        )


def suggested(station: Station) -> float:
    """Where the model would have the window, percent. HomeAssistantError, translated, when it said nothing."""
    prediction = station.window.prediction
    position = None if prediction is None else prediction.response.position
    if position is None:
        raise command_error("no_suggestion", name=station.name)
    return position


def advice_as_json(hub: Hub, station: Station, ended: Ended) -> JsonObjectType:
    """An answer as data, and as a sentence."""
    response = ended.response
    if response is None:
        return {}
    return {
        "position": response.position,
        "confidence": response.confidence,
        "reasons": [{"code": reason.code, "effect": reason.effect} for reason in response.reasons],
        "model_version": response.model_version,
        "sentence": hub.wording.of(station, ended.why),
    }


def learning_as_json(layers: Layers) -> JsonObjectType:
    """What was learnt of a window's owner, by version, the newest first; the first one is in force."""
    return {
        "version": layers.number,
        "versions": [
            {
                "version": version.number,
                "origin": version.origin,
                "since": dt_util.utc_from_timestamp(version.wall).isoformat(),
                "corrections": 0.0 if version.layer is None else round(version.layer.evidence, 1),
                "model_version": version.model_version,
            }
            for version in reversed(layers.versions)
        ],
    }


def _handler(
    hass: HomeAssistant, action: WindowAction
) -> Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]:
    async def handle(call: ServiceCall) -> ServiceResponse:
        hub = loaded_hub(hass)
        stations = stations_of(hass, hub, call.data)
        if action.reaches:
            check_online(stations)
        answers: JsonObjectType = {
            station.device_id: {"name": station.name, **await action.act(hub, station, call)} for station in stations
        }
        return {"windows": answers} if call.return_response else None

    return handle
