"""What the owner must see now: a notification, beside the repair that stays until it is over."""

from collections.abc import Mapping
from typing import Final

from homeassistant.components.persistent_notification import async_create, async_dismiss
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations, async_get_translations

from .const import DOMAIN
from .issues import Issue

_CATEGORY: Final = "issues"


class Alerts:
    """Notifications in the house's language."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._told: dict[str, Mapping[str, str]] = {}

    async def load(self) -> None:
        """Read the words."""
        await async_get_translations(self._hass, self._hass.config.language, _CATEGORY, [DOMAIN])

    @callback
    def put(self, issue: Issue, about: str, words: Mapping[str, str], *, holds: bool) -> None:
        """Tell it when it begins or changes, take it back when it is over."""
        name = f"{DOMAIN}.{issue}.{about}"
        if holds and self._told.get(name) != words:
            self._told[name] = words
            async_create(self._hass, self._word(issue, "description", words), self._word(issue, "title", words), name)
        elif not holds and self._told.pop(name, None) is not None:
            async_dismiss(self._hass, name)

    def _word(self, issue: Issue, part: str, words: Mapping[str, str]) -> str:
        said = async_get_cached_translations(self._hass, self._hass.config.language, _CATEGORY, DOMAIN)
        return said.get(f"component.{DOMAIN}.{_CATEGORY}.{issue}.{part}", issue).format_map(words)
