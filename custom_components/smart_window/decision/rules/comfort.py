"""The model, and the plain rule where it is silent, unsure or absent."""

from collections.abc import Mapping

from custom_components.smart_window.fallback import Air, advise
from custom_components.smart_window.moves import smallest_change

from ..snapshot import SAME_POSITION, Snapshot
from ..trace import Fact, Outcome, RuleVerdict
from ..why import Why
from .verdicts import passes


def fallback(snapshot: Snapshot) -> RuleVerdict:
    """The plain rule, when it is on duty."""
    position = snapshot.bound_for
    if not (snapshot.house.fallback and snapshot.on_duty and snapshot.news) or position is None:
        return passes("fallback", {"on": snapshot.house.fallback, "on_duty": snapshot.on_duty})
    air = air_of(snapshot)
    advice = advise(air)
    wanted = advice.position(position)
    facts: Mapping[str, Fact] = {
        "because": advice.because(position),
        "low": advice.low,
        "high": advice.high,
        "position": position,
        "to": wanted,
        "temperature": air.indoor_temperature,
        "humidity": air.indoor_humidity,
        "outdoor_temperature": air.outdoor_temperature,
        "co2": air.co2,
        "voc": air.voc,
        "noise": air.noise,
        "smallest_change": smallest_change(snapshot.pace, snapshot.house),
    }
    if abs(wanted - position) <= SAME_POSITION:
        return passes("fallback", facts)
    return RuleVerdict("fallback", Outcome.PASS, Why.FALLBACK, facts, wants=wanted)


def comfort(snapshot: Snapshot) -> RuleVerdict:
    """The model may have its way, within the band. It says which numbers it is asked about, and which are missing."""
    facts: Mapping[str, Fact] = {
        "temperature": snapshot.values.temperature,
        "humidity": snapshot.values.humidity,
        "level_dbfs": snapshot.values.level,
        "position": snapshot.position,
        "band_min": snapshot.house.band_min,
        "band_max": snapshot.house.band_max,
        "min_confidence": snapshot.min_confidence,
        "missing": ", ".join(f"{one.source}: {one.cause}" for one in snapshot.surroundings.missing) or None,
    }
    return passes("comfort", facts)


def air_of(snapshot: Snapshot) -> Air:
    """What the plain rule looks at. A thermometer that the owner chose counts before the window's own."""
    around = snapshot.surroundings
    return Air(
        indoor_temperature=_first(around.room_temperature, snapshot.values.temperature),
        indoor_humidity=_first(around.room_humidity, snapshot.values.humidity),
        outdoor_temperature=around.outdoor_temperature,
        outdoor_humidity=around.outdoor_humidity,
        running_mean=around.running_mean,
        co2=around.co2,
        voc=around.voc,
        noise=_first(around.noise, snapshot.noise),
        night=snapshot.is_night is True,
        taste=snapshot.own.taste,
    )


def _first(chosen: float | None, own: float | None) -> float | None:
    return own if chosen is None else chosen
