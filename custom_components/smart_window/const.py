"""Names that more than one file of the shell uses."""

from typing import Final

from homeassistant.const import Platform

DOMAIN: Final = "smart_window"
MANUFACTURER: Final = "Smart Window"

PLATFORMS: Final = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.COVER,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
)

EVENT_DECISION: Final = "smart_window_decision"
"""On Home Assistant's bus, for the logbook; the event entity tells the same."""

EVENT_AUTOMATION_TRIGGERED: Final = "automation_triggered"
"""Home Assistant's automations fire it; a test holds it to their word. Their module takes long to import."""

# entry.data
CONF_PREFIX: Final = "prefix"

# entry.options: one section each, as the form shows them. The fields in them are named as in HubSettings.
SECTION_QUESTIONS: Final = "questions"
SECTION_HAND: Final = "hand"
SECTION_TIMES: Final = "times"
SECTION_LIMITS: Final = "limits"
SECTION_OUTDOORS: Final = "outdoors"
SECTION_RECORDING: Final = "recording"
SECTION_REMOVED: Final = "removed"
SECTION_ADVANCED: Final = "advanced"

CONF_WEATHER_ENTITY: Final = "weather_entity"
CONF_CLICKHOUSE_URL: Final = "clickhouse_url"
CONF_CLICKHOUSE_USER: Final = "clickhouse_user"
CONF_CLICKHOUSE_PASSWORD: Final = "clickhouse_password"  # noqa: S105 - a name, no password
CONF_CLICKHOUSE_DATABASE: Final = "clickhouse_database"
CONF_CLICKHOUSE_CA_FILE: Final = "clickhouse_ca_file"
CONF_CLICKHOUSE_CLUSTER: Final = "clickhouse_cluster"
CONF_SPOOL_MB: Final = "spool_mb"
CONF_READINGS_DAYS: Final = "readings_days"
CONF_DECISIONS_DAYS: Final = "decisions_days"
CONF_HEALTH_DAYS: Final = "health_days"
CONF_ALLOW_AGAIN: Final = "allow_again"

DEFAULT_CLICKHOUSE_USER: Final = "default"
DEFAULT_CLICKHOUSE_DATABASE: Final = "smart_window"
DEFAULT_SPOOL_MB: Final = 200

# Subentries of an entry: one per window, its unique id is the window's
SUBENTRY_WINDOW: Final = "window"
SUBENTRY_PLAIN: Final = "plain"
"""A device without fence and state that its owner lets be moved by a number."""
CONF_DEVICE_ID: Final = "device_id"
