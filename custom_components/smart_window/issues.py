"""What the owner has to know or do: raised once, and taken back when it is over."""

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN


@unique
class Issue(StrEnum):
    """The closed set; each has its words under `issues` in the translations."""

    MQTT_GONE = "mqtt_gone"
    RETAINED_CONTROL = "retained_control"
    WINDOW_CONTRACT = "window_contract"
    SERVICE_CONTRACT = "service_contract"
    FOREIGN_GUARD = "foreign_guard"
    SERVICE_MISSING = "service_missing"
    RECORDING_FAILS = "recording_fails"
    RECORDING_ADDRESS = "recording_address"
    RECORDING_TLS = "recording_tls"
    RECORDING_SIGN_IN = "recording_sign_in"
    RECORDING_RIGHTS = "recording_rights"
    RECORDING_DATABASE = "recording_database"
    RECORDING_NEWER = "recording_newer"
    RECORDING_FOREIGN = "recording_foreign"
    RECORDING_FULL = "recording_full"
    RECORDING_CLOCK = "recording_clock"
    RECORDING_SPOOL = "recording_spool"
    RECORDING_LOSES = "recording_loses"
    COULD_NOT_CLOSE = "could_not_close"
    OSCILLATES = "oscillates"
    ENTITY_REMOVED = "entity_removed"
    WINDOW_SILENT = "window_silent"
    WINDOW_FAULTY = "window_faulty"
    WINDOW_STUCK = "window_stuck"


_CRITICAL: Final = frozenset({Issue.COULD_NOT_CLOSE})
_FIXABLE: Final = frozenset({Issue.RETAINED_CONTROL, Issue.FOREIGN_GUARD})


class Issues:
    """The repairs of one entry. `about` is the id of the window or service, or empty for the whole."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._hass = hass
        self._entry_id = entry_id
        self._raised: dict[tuple[Issue, str], Mapping[str, str]] = {}

    @property
    def raised(self) -> frozenset[tuple[Issue, str]]:
        """What is raised now."""
        return frozenset(self._raised)

    @callback
    def put(self, issue: Issue, about: str = "", words: Mapping[str, str] | None = None, *, holds: bool) -> None:
        """Raise it while it holds, take it back when it does not."""
        if holds:
            self._raise(issue, about, words or {})
        elif (issue, about) in self._raised:
            del self._raised[issue, about]
            ir.async_delete_issue(self._hass, DOMAIN, _issue_id(issue, about))

    @callback
    def drop(self, about: str) -> None:
        """Take back all that was raised about one window."""
        for issue, other in self.raised:
            if other == about:
                self.put(issue, about, holds=False)

    @callback
    def clear(self) -> None:
        """Take all back."""
        for issue, about in self.raised:
            self.put(issue, about, holds=False)

    def _raise(self, issue: Issue, about: str, words: Mapping[str, str]) -> None:
        if self._raised.get((issue, about)) == words:
            return
        self._raised[issue, about] = words
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            _issue_id(issue, about),
            is_fixable=issue in _FIXABLE,
            severity=ir.IssueSeverity.CRITICAL if issue in _CRITICAL else ir.IssueSeverity.WARNING,
            translation_key=issue,
            translation_placeholders=dict(words),
            data={"entry_id": self._entry_id, "issue": issue, "device_id": about, "name": words.get("name", about)},
        )


def _issue_id(issue: Issue, about: str) -> str:
    return f"{issue}.{about}" if about else issue
