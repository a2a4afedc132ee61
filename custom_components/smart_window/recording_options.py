"""The options of recording: the form's section, what the recorder makes of it, and a look at the server beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import probatio as vol
from homeassistant.const import UnitOfInformation, UnitOfTime
from homeassistant.helpers import selector

from .const import (
    CONF_CLICKHOUSE_CA_FILE,
    CONF_CLICKHOUSE_CLUSTER,
    CONF_CLICKHOUSE_DATABASE,
    CONF_CLICKHOUSE_PASSWORD,
    CONF_CLICKHOUSE_URL,
    CONF_CLICKHOUSE_USER,
    CONF_DECISIONS_DAYS,
    CONF_HEALTH_DAYS,
    CONF_READINGS_DAYS,
    CONF_SPOOL_MB,
    DEFAULT_CLICKHOUSE_DATABASE,
    DEFAULT_CLICKHOUSE_USER,
    DEFAULT_SPOOL_MB,
    SECTION_RECORDING,
)
from .recorder.probe import probe
from .recorder.problem import ServerError
from .recorder.retention import Retention
from .recorder.server import ServerSettings

_BYTES_IN_MB: Final = 1_000_000
_LARGEST_SPOOL_MB: Final = 100_000
_LONGEST_DAYS: Final = 36_500
_DAYS: Final = (CONF_READINGS_DAYS, CONF_DECISIONS_DAYS, CONF_HEALTH_DAYS)


@dataclass(frozen=True, slots=True)
class RecordingOptions:
    """Where to record. Only made when there is an address."""

    url: str
    user: str
    password: str
    database: str
    ca_file: str = ""
    cluster: str = ""
    spool_mb: float = DEFAULT_SPOOL_MB
    readings_days: float = 0
    decisions_days: float = 0
    health_days: float = 0

    @property
    def spool_bytes(self) -> int:
        """How much room rows may take on our own disk while they wait."""
        return round(self.spool_mb * _BYTES_IN_MB)

    def server(self) -> ServerSettings:
        """The server that is meant. ValueError says what was expected."""
        return ServerSettings.of(
            url=self.url,
            user=self.user,
            password=self.password,
            database=self.database,
            ca_file=self.ca_file,
            cluster=self.cluster,
            retention=Retention(round(self.readings_days), round(self.decisions_days), round(self.health_days)),
        )


def recording_schema() -> vol.Schema:
    """The section of the form."""
    text = selector.TextSelector()
    secret = selector.TextSelector(selector.TextSelectorConfig(type=selector.TextSelectorType.PASSWORD))
    url = selector.TextSelector(selector.TextSelectorConfig(type=selector.TextSelectorType.URL))
    days = _number(0, _LONGEST_DAYS, UnitOfTime.DAYS)
    return vol.Schema(
        {
            vol.Optional(CONF_CLICKHOUSE_URL): url,
            vol.Optional(CONF_CLICKHOUSE_USER, default=DEFAULT_CLICKHOUSE_USER): text,
            vol.Optional(CONF_CLICKHOUSE_PASSWORD): secret,
            vol.Optional(CONF_CLICKHOUSE_DATABASE, default=DEFAULT_CLICKHOUSE_DATABASE): text,
            vol.Optional(CONF_CLICKHOUSE_CA_FILE): text,
            vol.Optional(CONF_CLICKHOUSE_CLUSTER): text,
            vol.Optional(CONF_SPOOL_MB, default=DEFAULT_SPOOL_MB): _number(
                1, _LARGEST_SPOOL_MB, UnitOfInformation.MEGABYTES
            ),
            **{vol.Optional(key, default=0): days for key in _DAYS},
        }
    )


def recording_options(options: Mapping[str, Mapping[str, Any]]) -> RecordingOptions | None:
    """Where to record, or None: record nothing."""
    recording = options.get(SECTION_RECORDING, {})
    if not (url := recording.get(CONF_CLICKHOUSE_URL, "").strip()):
        return None
    return RecordingOptions(
        url=url,
        user=recording.get(CONF_CLICKHOUSE_USER, DEFAULT_CLICKHOUSE_USER),
        password=recording.get(CONF_CLICKHOUSE_PASSWORD, ""),
        database=recording.get(CONF_CLICKHOUSE_DATABASE, DEFAULT_CLICKHOUSE_DATABASE),
        ca_file=recording.get(CONF_CLICKHOUSE_CA_FILE, ""),
        cluster=recording.get(CONF_CLICKHOUSE_CLUSTER, ""),
        spool_mb=recording.get(CONF_SPOOL_MB, DEFAULT_SPOOL_MB),
        readings_days=recording.get(CONF_READINGS_DAYS, 0),
        decisions_days=recording.get(CONF_DECISIONS_DAYS, 0),
        health_days=recording.get(CONF_HEALTH_DAYS, 0),
    )


async def recording_error(wanted: RecordingOptions | None, now: RecordingOptions | None) -> tuple[str, str] | None:
    """What is wrong with these options: an error's key and, in words, its detail. None: rows can be written there.

    The server is asked only when something is another than `now`: one that is away is no reason to refuse the rest.
    """
    if wanted is None:
        return None
    try:
        server = wanted.server()
    except ValueError as error:
        return "invalid_recording", str(error)
    if wanted == now:
        return None
    try:
        await probe(server)
    except ServerError as error:
        return f"recording_{error.problem}", error.detail
    return None


def _number(low: float, high: float, unit: str) -> selector.NumberSelector:
    return selector.NumberSelector(
        selector.NumberSelectorConfig(
            min=low, max=high, step=1, mode=selector.NumberSelectorMode.BOX, unit_of_measurement=unit
        )
    )
