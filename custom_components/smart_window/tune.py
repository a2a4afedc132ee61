"""One of a window's own settings is changed at an entity: in its subentry, where the form finds it again."""

from types import MappingProxyType

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import callback
from homeassistant.exceptions import ServiceValidationError

from .const import CONF_DEVICE_ID, DOMAIN, SUBENTRY_WINDOW
from .hub import Hub
from .settings import SettingsError
from .station import Station
from .window_options import SECTIONS, sections_of, window_settings


@callback
def tune(hub: Hub, station: Station, section: str, **values: object) -> None:
    """Set these fields of one section. ServiceValidationError, translated, when they contradict what is set.

    A window without settings gets them by this. The hub hears of the change as of one in the form.
    """
    entries, device_id = hub.hass.config_entries, station.device_id
    subentry_id = hub.keeper.subentry_id(device_id)
    known = {} if subentry_id is None else sections_of(hub.entry.subentries[subentry_id].data)
    said = {name: dict(known.get(name, {})) for name in SECTIONS}
    said[section] |= values
    try:
        window_settings(said)
    except SettingsError as error:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="does_not_fit",
            translation_placeholders={"name": station.name, "detail": error.detail},
        ) from error
    data = {CONF_DEVICE_ID: device_id, **said}
    if subentry_id is not None:
        entries.async_update_subentry(hub.entry, hub.entry.subentries[subentry_id], data=data)
        return
    entries.async_add_subentry(
        hub.entry,
        ConfigSubentry(
            data=MappingProxyType(data), subentry_type=SUBENTRY_WINDOW, title=station.name, unique_id=device_id
        ),
    )
