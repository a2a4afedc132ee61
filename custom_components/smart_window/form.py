"""What the forms of the house and of a window share: numbers, times, words, and where an error shows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, selector
from homeassistant.util import dt as dt_util

from .settings import Bounds, SettingsError

CONTRADICTIONS: Final = {
    "band_max": "band_upside_down",
    "quiet_end": "quiet_hours_empty",
    "night_end": "night_empty",
    "moves_per_day": "moves_per_day_too_few",
    "wind_hysteresis": "hysteresis_too_large",
    "gust_hysteresis": "hysteresis_too_large",
}
"""The setting that contradicts another one, and its error. The selectors check the bounds of each alone."""
DOES_NOT_FIT: Final = "does_not_fit"

type Sections = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Slider:
    """A number in the form. Default and bounds are the pure core's."""

    step: float
    unit: str | None = None


def slide(bounds: Bounds, slider: Slider) -> selector.NumberSelector:
    """A number that is felt for rather than known."""
    config = selector.NumberSelectorConfig(
        min=bounds.low, max=bounds.high, step=slider.step, mode=selector.NumberSelectorMode.SLIDER
    )
    if slider.unit is not None:
        config["unit_of_measurement"] = slider.unit
    return selector.NumberSelector(config)


def number(bounds: Bounds, slider: Slider) -> selector.NumberSelector:
    """A number that is typed."""
    config = selector.NumberSelectorConfig(
        min=bounds.low, max=bounds.high, step=slider.step, mode=selector.NumberSelectorMode.BOX
    )
    if slider.unit is not None:
        config["unit_of_measurement"] = slider.unit
    return selector.NumberSelector(config)


def choice(words: Iterable[str], translation_key: str) -> selector.SelectSelector:
    """One of a few words."""
    return selector.SelectSelector(
        selector.SelectSelectorConfig(
            options=list(words), translation_key=translation_key, mode=selector.SelectSelectorMode.DROPDOWN
        )
    )


def clock_time(minutes: float) -> str:
    """Minutes after midnight as the form shows them."""
    return f"{int(minutes) // 60:02}:{int(minutes) % 60:02}:00"


def minutes_of(said: object) -> object:
    """A time of the day as minutes after midnight; what is none stays as it is, and does not fit."""
    parsed = dt_util.parse_time(said) if isinstance(said, str) else None
    return said if parsed is None else parsed.hour * 60 + parsed.minute


def flat(sections: Sections) -> dict[str, object]:
    """All fields of all sections."""
    return {name: value for section in sections.values() for name, value in section.items()}


def place_of(error: SettingsError, sections: Sections) -> dict[str, str]:
    """The error under the section of its field: that is where a form shows it. Its words name the field."""
    where = next((name for name, section in sections.items() if error.field in section), "base")
    return {where: CONTRADICTIONS.get(error.field, DOES_NOT_FIT)}


def exists(hass: HomeAssistant, entity_id: str) -> bool:
    """Home Assistant knows this entity, though it may be silent."""
    return hass.states.get(entity_id) is not None or er.async_get(hass).async_get(entity_id) is not None


def unknown_entities(hass: HomeAssistant, sections: Sections, fields: frozenset[str]) -> dict[str, str]:
    """`unknown_entity` under each section with a field, one of `fields`, that names an entity which is not there."""
    return {
        name: "unknown_entity"
        for name, section in sections.items()
        if not all(exists(hass, entity_id) for entity_id in _entity_ids(section, fields))
    }


def _entity_ids(section: Mapping[str, Any], fields: frozenset[str]) -> Iterator[str]:
    for name in fields & section.keys():
        value = section[name]
        yield from value if isinstance(value, list) else [value]
