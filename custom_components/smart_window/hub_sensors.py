"""The hub's figures: how broker, database, services and the integration itself fare."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfInformation, UnitOfTime
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.typing import StateType

from .const import DOMAIN
from .contract import ServiceState
from .hub import Hub
from .pulse import Pulse
from .recorder.problem import Problem


@dataclass(frozen=True, kw_only=True)
class HubSensorDescription(SensorEntityDescription):
    """One figure, and where it reads."""

    value: Callable[[Pulse], StateType]


def _figure(
    key: str, value: Callable[[Pulse], StateType], unit: str, *, shown: bool = False, decimals: int = 0
) -> HubSensorDescription:
    kind = {
        UnitOfTime.MILLISECONDS: SensorDeviceClass.DURATION,
        UnitOfInformation.MEGABYTES: SensorDeviceClass.DATA_SIZE,
    }
    return HubSensorDescription(
        key=key,
        translation_key=key,
        device_class=kind.get(unit),  # type: ignore[call-overload]  # other units have none
        native_unit_of_measurement=unit,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=decimals,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=shown,
        value=value,
    )


HUB_SENSORS: tuple[HubSensorDescription, ...] = (
    HubSensorDescription(
        key="service",
        translation_key="service",
        device_class=SensorDeviceClass.ENUM,
        options=list(ServiceState),
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda pulse: pulse.service,
    ),
    HubSensorDescription(
        key="service_version",
        translation_key="service_version",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda pulse: pulse.service_version,
    ),
    HubSensorDescription(
        key="database",
        translation_key="database",
        device_class=SensorDeviceClass.ENUM,
        options=["off", "ok", *Problem],
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda pulse: pulse.database,
    ),
    HubSensorDescription(
        key="errors",
        translation_key="errors",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda pulse: pulse.errors,
        suggested_display_precision=0,
    ),
    _figure("inference_latency", lambda pulse: pulse.inference_ms, UnitOfTime.MILLISECONDS, shown=True),
    _figure("database_latency", lambda pulse: pulse.database_ms, UnitOfTime.MILLISECONDS),
    _figure("broker_latency", lambda pulse: pulse.broker_ms, UnitOfTime.MILLISECONDS, decimals=1),
    _figure("messages", lambda pulse: pulse.messages_per_minute, "msg/min"),
    _figure("waiting_rows", lambda pulse: pulse.waiting_rows, "rows"),
    _figure("spool", lambda pulse: pulse.spool_mb, UnitOfInformation.MEGABYTES, decimals=1),
)


def hub_sensors(hub: Hub) -> list[HubSensor]:
    """All of them."""
    return [HubSensor(hub, description) for description in HUB_SENSORS]


class HubSensor(SensorEntity):
    """One figure of the whole."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    entity_description: HubSensorDescription  # type: ignore[mutable-override]  # as Home Assistant means it

    def __init__(self, hub: Hub, description: HubSensorDescription) -> None:
        self.entity_description = description
        self._monitor = hub.monitor
        self._attr_unique_id = f"{hub.entry.entry_id}.{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, hub.entry.entry_id)})
        self._attr_native_value = description.value(hub.monitor.pulse)

    @override
    async def async_added_to_hass(self) -> None:
        self.async_on_remove(self._monitor.listen(self._changed))

    @callback
    def _changed(self) -> None:
        value = self.entity_description.value(self._monitor.pulse)
        if value != self._attr_native_value:
            self._attr_native_value = value
            self.async_write_ha_state()
