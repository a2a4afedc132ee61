"""ESPHome's side of a smart window: entities and outputs here, MQTT there, the portable core in between."""

import math
import re
from collections.abc import Callable

import esphome.codegen as cg
import esphome.config_validation as cv
from esphome import automation
from esphome.components import binary_sensor, microphone, output, sensor
from esphome.const import (
    CONF_DURATION,
    CONF_HUMIDITY,
    CONF_ID,
    CONF_INTERVAL,
    CONF_MICROPHONE,
    CONF_MODEL,
    CONF_NAME,
    CONF_TEMPERATURE,
)
from esphome.core import ID, TimePeriod
from esphome.cpp_generator import MockObj, TemplateArguments
from esphome.types import ConfigType

DEPENDENCIES = ["mqtt"]
AUTO_LOAD = ["smart_window_core"]

ns = cg.esphome_ns.namespace("smart_window")
core = cg.global_ns.namespace("window_core")
SmartWindow = ns.class_("SmartWindow", cg.Component)
PressAction = ns.class_("PressAction", automation.Action)
HaltAction = ns.class_("HaltAction", automation.Action)
RecordAction = ns.class_("RecordAction", automation.Action)
Button = core.enum("Button", is_class=True)
BUTTONS = {"open": Button.kOpen, "close": Button.kClose, "stop": Button.kStop}

RATE, BYTES_PER_SAMPLE = 16000, 2
_SPL_OF_DATA_SHEETS = 94.0  # dB: one pascal
MOST_CLIP_BYTES, MOST_CHUNKS = 720_000, 4096  # contract: message audio
BINARY_SENSORS = ("rain", "stall", "closed_endstop", "open_endstop", "microphone_switch")
_DEVICE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LINE = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
milliseconds = cv.positive_time_period_milliseconds


def _device_id(value: object) -> str:
    value = cv.string_strict(value)
    if not _DEVICE_ID.fullmatch(value):
        raise cv.Invalid(f"device_id is {value!r}, expected 1 to 64 of a-z 0-9 _ - that begin with a letter or a digit")
    return value


def _line(value: object) -> str:
    value = cv.string_strict(value)
    if not _LINE.fullmatch(value):
        raise cv.Invalid(f"{value!r} is no single line of 1 to 100 characters")
    return value


def _area(value: object) -> str:
    """Packages always set an area; an empty one is none."""
    return "" if value == "" else _line(value)


def _from(least: int, most: int) -> Callable[[object], TimePeriod]:
    """Return a validator of a time between two others in milliseconds, both included."""

    def check(value: object) -> TimePeriod:
        value = milliseconds(value)
        if not least <= value.total_milliseconds <= most:
            raise cv.Invalid(f"{value} is out of range, expected {least / 1000:g} s to {most / 1000:g} s")
        return value

    return check


def _duty(value: float) -> float:
    if not 0 < value <= 1:
        raise cv.Invalid(f"a duty of {value * 100:g} % cannot be, expected more than 0 % and at most 100 %")
    return value


TRAVEL = cv.Schema(
    {
        cv.Optional("open", default="20s"): _from(1000, 600_000),
        cv.Optional("close", default="20s"): _from(1000, 600_000),
        cv.Optional("overrun", default="1500ms"): _from(0, 30_000),
        cv.Optional("pause", default="500ms"): _from(0, 10_000),
        cv.Optional("end_zone", default="2%"): cv.percentage,
    }
)
STALL = cv.Schema(
    {
        cv.Required("current"): cv.use_id(sensor.Sensor),
        cv.Required("limit"): cv.All(cv.current, cv.float_range(min=0.01, max=30)),
        cv.Optional("blanking", default="300ms"): _from(0, 5000),
        cv.Optional("hold", default="60ms"): _from(0, 2000),
    }
)
DUTY = cv.Schema(
    {
        cv.Required("on_time"): _from(10_000, 3_600_000),
        cv.Optional("duty", default="25%"): cv.All(cv.percentage, _duty),
    }
)
ENCODER = cv.Schema(
    {
        cv.Required("counter"): cv.use_id(sensor.Sensor),
        cv.Required("counts"): cv.int_range(10, 10_000_000),
        cv.Optional("stands_after", default="800ms"): _from(100, 10_000),
    }
)
LINK_LOST = cv.Schema(
    {
        cv.Optional("action", default="stay"): cv.one_of("stay", "close", lower=True),
        cv.Optional("after", default="10min"): _from(1000, 86_400_000),
    }
)


def _clip(config: ConfigType) -> ConfigType:
    size = _clip_bytes(config)
    if size > MOST_CLIP_BYTES:
        most = MOST_CLIP_BYTES / RATE / BYTES_PER_SAMPLE
        raise cv.Invalid(f"a clip of {config[CONF_DURATION]} is too long, expected at most {most:g} s", [CONF_DURATION])
    if size > MOST_CHUNKS * config["chunk"]:
        raise cv.Invalid(f"{size} bytes make more than {MOST_CHUNKS} chunks of {config['chunk']}", ["chunk"])
    if config[CONF_INTERVAL].total_milliseconds < config[CONF_DURATION].total_milliseconds:
        raise cv.Invalid("the interval is shorter than the clip", [CONF_INTERVAL])
    return config


def _clip_bytes(config: ConfigType) -> int:
    return config[CONF_DURATION].total_milliseconds * RATE // 1000 * BYTES_PER_SAMPLE


def _full_scale(config: ConfigType) -> int:
    """Return what a level of 0 dB re full scale stands for, in hundredths of dB SPL; 0 where nobody knows.

    A data sheet's dBFS is re a sine of full scale, whose RMS is 3.01 dB below full scale.
    """
    if "sensitivity" not in config:
        return 0
    gain_db = 20 * math.log10(config[CONF_MICROPHONE]["gain_factor"])
    return round(100 * (_SPL_OF_DATA_SHEETS - config["sensitivity"] + 20 * math.log10(math.sqrt(2)) - gain_db))


CLIP = cv.All(
    cv.Schema(
        {
            cv.Required(CONF_MICROPHONE): microphone.microphone_source_schema(),
            cv.Optional(CONF_DURATION, default="5s"): _from(250, 22_500),
            cv.Optional(CONF_INTERVAL, default="60s"): _from(1000, 86_400_000),
            # With header and topic a chunk must fit the MQTT buffer of 4096 bytes.
            cv.Optional("chunk", default=2048): cv.All(cv.int_range(256, 3904), cv.int_),
            cv.Optional("gap", default="30ms"): _from(0, 2000),
            # Privacy by default: numbers leave the window, its sound only where somebody wrote so.
            cv.Optional("send", default="features"): cv.one_of("features", "sound", lower=True),
            # Of the microphone's data sheet: dBFS at 94 dB SPL. Levels are then in dB(A) as well.
            cv.Optional("sensitivity"): cv.All(cv.decibel, cv.float_range(min=-60, max=0)),
        }
    ),
    _clip,
)


def _needs_both_outputs(config: ConfigType) -> ConfigType:
    if config["open_output"] == config["close_output"]:
        raise cv.Invalid("open_output and close_output are the same output, expected one for each direction")
    return config


CONFIG_SCHEMA = cv.All(
    cv.Schema(
        {
            cv.GenerateID(): cv.declare_id(SmartWindow),
            cv.Required("device_id"): _device_id,
            cv.Required(CONF_NAME): _line,
            cv.Optional("suggested_area", default=""): _area,
            cv.Optional(CONF_MODEL, default="Smart window"): _line,
            cv.Required("open_output"): cv.use_id(output.BinaryOutput),
            cv.Required("close_output"): cv.use_id(output.BinaryOutput),
            cv.Optional("travel", default={}): TRAVEL,
            cv.Optional("current_limit"): STALL,
            cv.Optional("motor_duty"): DUTY,
            cv.Optional("encoder"): ENCODER,
            cv.Optional("link_lost", default={}): LINK_LOST,
            cv.Optional("clip"): CLIP,
            cv.Optional(CONF_TEMPERATURE): cv.use_id(sensor.Sensor),
            cv.Optional(CONF_HUMIDITY): cv.use_id(sensor.Sensor),
            **{cv.Optional(key): cv.use_id(binary_sensor.BinarySensor) for key in BINARY_SENSORS},
        }
    ).extend(cv.COMPONENT_SCHEMA),
    _needs_both_outputs,
)


def _final_validate(config: ConfigType) -> ConfigType:
    if clip := config.get("clip"):
        microphone.final_validate_microphone_source_schema("smart_window", sample_rate=RATE)(clip[CONF_MICROPHONE])
    return config


FINAL_VALIDATE_SCHEMA = _final_validate


def _us(period: TimePeriod) -> int:
    return period.total_milliseconds * 1000


def _struct(name: str, **fields: object) -> cg.StructInitializer:
    return cg.StructInitializer(core.struct(name), *fields.items())


def _device_config(config: ConfigType) -> cg.StructInitializer:
    travel, lost = config["travel"], config["link_lost"]
    motor = {
        "open_time": _us(travel["open"]),
        "close_time": _us(travel["close"]),
        "overrun": _us(travel["overrun"]),
        "pause": _us(travel["pause"]),
        "end_zone": round(travel["end_zone"] * 100_000_000),
    }
    if duty := config.get("motor_duty"):
        motor["duty"] = _struct(
            "DutyConfig", budget=_us(duty["on_time"]), rest_per_run=max(1, round(1 / duty["duty"] - 1))
        )
    fields = {"motor": _struct("MotorConfig", **motor)}
    if lost["action"] == "close":
        fields["close_after_loss"] = _us(lost["after"])
    return _struct("DeviceConfig", **fields)


async def to_code(config: ConfigType) -> None:
    """Write the C++ that makes the window."""
    var = cg.new_Pvariable(config[CONF_ID])
    await cg.register_component(var, config)
    cg.add(var.set_identity(config["device_id"], config[CONF_NAME], config["suggested_area"], config[CONF_MODEL]))
    cg.add(var.set_outputs(await cg.get_variable(config["open_output"]), await cg.get_variable(config["close_output"])))
    cg.add(var.set_device_config(_device_config(config)))
    if stall := config.get("current_limit"):
        watch = _struct(
            "StallConfig",
            limit_ma=round(stall["limit"] * 1000),
            blanking=_us(stall["blanking"]),
            hold=_us(stall["hold"]),
        )
        cg.add(var.set_current(await cg.get_variable(stall["current"]), watch))
    if encoder := config.get("encoder"):
        counts = _struct("EncoderConfig", counts=encoder["counts"], stands_after=_us(encoder["stands_after"]))
        cg.add(var.set_encoder(await cg.get_variable(encoder["counter"]), counts))
    if clip := config.get("clip"):
        source = await microphone.microphone_source_to_code(clip[CONF_MICROPHONE])
        settings = _struct("ClipConfig", bytes=_clip_bytes(clip), chunk=clip["chunk"], gap=_us(clip["gap"]))
        cg.add(var.set_clip(source, settings, _us(clip[CONF_INTERVAL])))
        cg.add(var.set_sends_sound(clip["send"] == "sound"))
        cg.add(var.set_full_scale(_full_scale(clip)))
    for key in (CONF_TEMPERATURE, CONF_HUMIDITY):
        if key in config:
            cg.add(getattr(var, f"set_{key}")(await cg.get_variable(config[key])))
    for key in BINARY_SENSORS:
        if key in config:
            cg.add(getattr(var, f"set_{key}")(await cg.get_variable(config[key])))


@automation.register_action(
    "smart_window.press",
    PressAction,
    automation.maybe_conf(
        "button",
        cv.Schema({cv.GenerateID(): cv.use_id(SmartWindow), cv.Required("button"): cv.enum(BUTTONS, lower=True)}),
    ),
    synchronous=True,
)
async def press_to_code(config: ConfigType, action_id: ID, template_arg: TemplateArguments, _args: object) -> MockObj:
    """Write the action of a press."""
    window = await cg.get_variable(config[CONF_ID])
    return cg.new_Pvariable(action_id, template_arg, window, config["button"])


@automation.register_action(
    "smart_window.halt",
    HaltAction,
    automation.maybe_simple_id({cv.GenerateID(): cv.use_id(SmartWindow)}),
    synchronous=True,
)
async def halt_to_code(config: ConfigType, action_id: ID, template_arg: TemplateArguments, _args: object) -> MockObj:
    """Write the action that stops the motor without being a hand."""
    return cg.new_Pvariable(action_id, template_arg, await cg.get_variable(config[CONF_ID]))


@automation.register_action(
    "smart_window.record",
    RecordAction,
    automation.maybe_simple_id({cv.GenerateID(): cv.use_id(SmartWindow)}),
    synchronous=True,
)
async def record_to_code(config: ConfigType, action_id: ID, template_arg: TemplateArguments, _args: object) -> MockObj:
    """Write the action that records a clip now."""
    return cg.new_Pvariable(action_id, template_arg, await cg.get_variable(config[CONF_ID]))
