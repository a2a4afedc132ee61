"""An entry that another version of Smart Window wrote, brought to what this one reads."""

from collections.abc import Mapping
from typing import Any, Final

import probatio as vol
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import section

from .const import SECTION_REMOVED
from .options import options_schema

VERSION: Final = 1
"""Grows where an older Smart Window could no longer read the entry."""
MINOR_VERSION: Final = 2
"""Grows where it still can. 2: options that no form has any more are gone."""

type Sections = Mapping[str, Mapping[str, Any]]


@callback
def migrate(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Bring the entry to this version. False: a newer Smart Window wrote it in a way that this one cannot read."""
    if entry.version > VERSION:
        return False
    if entry.version == VERSION and entry.minor_version < MINOR_VERSION:
        options = known(entry.options, options_schema([]))
        hass.config_entries.async_update_entry(entry, options=options, version=VERSION, minor_version=MINOR_VERSION)
    return True


def known(options: Sections, schema: vol.Schema) -> dict[str, dict[str, Any]]:
    """The options that the form has, by section. What somebody removed is no option."""
    forms: dict[str, section] = {str(marker): part for marker, part in schema.schema.items()}
    fields = {name: {str(key) for key in part.schema.schema} for name, part in forms.items()}
    return {
        name: {key: value for key, value in said.items() if key in fields[name]}
        for name, said in options.items()
        if name in fields and name != SECTION_REMOVED and isinstance(said, Mapping)
    }
