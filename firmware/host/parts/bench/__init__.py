"""The world around a window that is a Linux process: motor, sash, room and weather, and a bench to play with them."""

import esphome.codegen as cg
import esphome.config_validation as cv
from esphome.components import binary_sensor, sensor
from esphome.const import CONF_HUMIDITY, CONF_ID, CONF_TEMPERATURE
from esphome.types import ConfigType

DEPENDENCIES = ["mqtt", "smart_window"]

Bench = cg.esphome_ns.namespace("bench").class_("Bench", cg.Component)
SmartWindow = cg.esphome_ns.namespace("smart_window").class_("SmartWindow", cg.Component)

_SENSORS = ("current", "counter", CONF_TEMPERATURE, CONF_HUMIDITY)

CONFIG_SCHEMA = cv.Schema(
    {
        cv.GenerateID(): cv.declare_id(Bench),
        cv.Required("window"): cv.use_id(SmartWindow),
        cv.Required("rain"): cv.use_id(binary_sensor.BinarySensor),
        **{cv.Required(name): cv.use_id(sensor.Sensor) for name in _SENSORS},
    }
).extend(cv.COMPONENT_SCHEMA)


async def to_code(config: ConfigType) -> None:
    """Write the C++ that makes the bench."""
    names = ("window", "rain", *_SENSORS)
    var = cg.new_Pvariable(config[CONF_ID], *[await cg.get_variable(config[name]) for name in names])
    await cg.register_component(var, config)
