"""Reasons as sentences in the language of the house."""

from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_cached_translations, async_get_translations

from .const import DOMAIN
from .decision import CouldNotClose, Why
from .happenings import Happening, Told
from .station import Station
from .words import Templates, alarm, facts_of, sentence

_CATEGORY: Final = "common"
_PREFIX: Final = f"component.{DOMAIN}.{_CATEGORY}."


class Wording:
    """The templates, and the sentences made of them."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._language = ""
        self._templates: Templates = {}

    async def load(self) -> None:
        """Read the templates once, so that a sentence needs to wait for nothing."""
        await async_get_translations(self._hass, self._hass.config.language, _CATEGORY, [DOMAIN])

    def explain(self, station: Station) -> str | None:
        """Why the window stands where it stands, with the numbers of now."""
        return None if station.why is None else self.of(station, station.why)

    def of(self, station: Station, why: Why) -> str:
        """This code's sentence, with the numbers of the decision in force or of the last question."""
        decision = station.decision
        facts = {} if decision is None else facts_of(decision, why, station.window.last_question)
        return sentence(why, facts, self.templates)

    def tell(self, station: Station, told: Told) -> str:
        """What happened."""
        blocked = None if station.decision is None else station.decision.could_not_close
        match told.what:
            case Happening.COULD_NOT_CLOSE if blocked is not None:
                return alarm(blocked, self.templates)
            case Happening.HOLD_BEGAN:
                return self.of(station, Why.HELD)
            case Happening.HOLD_ENDED | Happening.CLOSED_AFTER_ALL | Happening.SUGGESTION_REFUSED:
                return self.templates.get(f"told_{told.what}", told.what)
            case _:
                return self.of(station, told.why)

    def blocked(self, found: CouldNotClose) -> str:
        """What keeps a window open."""
        return self.templates.get(f"blocked_{found.blocked}", found.blocked)

    @property
    def templates(self) -> Templates:
        """Of the language that the house has now."""
        language = self._hass.config.language
        if language != self._language or not self._templates:
            said = async_get_cached_translations(self._hass, language, _CATEGORY, DOMAIN)
            self._templates = {key.removeprefix(_PREFIX): text for key, text in said.items()}
            self._language = language
        return self._templates
