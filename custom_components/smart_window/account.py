"""The action `explain`: now or a time past, from what is remembered, else from the record."""

from collections.abc import Mapping
from typing import Final, cast

from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from .command import command_error
from .explain import Told, chain_of, facts_behind, last_id, said, steps, stood_at
from .hub import Hub
from .memory import content_of
from .recorder import past
from .recorder.problem import ServerError
from .station import Station

NEWEST_S: Final = 1.0


async def account(hub: Hub, station: Station, at: float | None, correlation_id: str | None) -> JsonObjectType:
    """Why it stands, or stood, so: sentence, reason, trace, and the chain of the question of then.

    HomeAssistantError, translated, when nobody knows any more.
    """
    recent = hub.chronicle.recent(station.device_id)
    if correlation_id is None:
        correlation_id = last_id(recent, hub.clock.wall() if at is None else at)
        of_question = False
    else:
        of_question = True
    chain: list[Told] = [] if correlation_id is None else chain_of(recent, correlation_id)
    if of_question and not chain:
        chain = await _recorded_chain(hub, station, str(correlation_id))
    decision = await _decision(hub, station, at, chain if of_question else None)
    trace = cast("list[Mapping[str, object]]", decision["trace"])
    told = str(decision["told"] or decision["why"])
    templates = hub.wording.templates
    sentence = (
        hub.wording.explain(station)
        if at is None and not of_question
        else said(told, facts_behind(told, trace), templates)
    )
    return cast(
        "JsonObjectType",
        {
            "at": dt_util.utc_from_timestamp(float(str(decision["ts"]))).isoformat(),
            "reason": told,
            "decision": decision["why"],
            "sentence": sentence,
            "trace": steps(trace, templates),
            "correlation_id": correlation_id,
            "chain": chain,
        },
    )


async def _decision(hub: Hub, station: Station, at: float | None, chain: list[Told] | None) -> Mapping[str, object]:
    """`ts`, `why`, `told` and `trace` of the decision that is meant."""
    if chain is not None:
        # Of a question that was asked again, the last time: its answer came of that.
        found = next((row for row in reversed(chain) if row["what"] == "decision"), None)
        if found is None:
            raise command_error("nothing_known", name=station.name)
        return found
    if at is None or at > hub.clock.wall() - NEWEST_S:
        if station.decision is None:
            raise command_error("nothing_known", name=station.name)
        return {**content_of(station.decision), "told": station.why, "ts": hub.clock.wall()}
    remembered = stood_at(hub.decisions.of(station.device_id).entries, at)
    if remembered is not None:
        return {**remembered.content, "told": remembered.told, "ts": remembered.began}
    if (server := hub.recording.server) is not None:
        try:
            recorded = await past.decision_at(server, station.device_id, at)
        except ServerError as error:
            raise command_error("record_silent", reason=error.detail) from error
        if recorded is not None:
            return recorded
    raise command_error("nothing_known", name=station.name)


async def _recorded_chain(hub: Hub, station: Station, correlation_id: str) -> list[Told]:
    if (server := hub.recording.server) is None:
        raise command_error("nothing_known", name=station.name)
    try:
        return [dict(row) for row in await past.chain(server, station.device_id, correlation_id)]
    except ServerError as error:
        raise command_error("record_silent", reason=error.detail) from error
