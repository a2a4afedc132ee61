"""A microphone that plays a WAV file of 16 kHz, one channel and 16 bits, again and again."""

import esphome.codegen as cg
import esphome.config_validation as cv
from esphome.components import audio, microphone
from esphome.const import CONF_ID
from esphome.types import ConfigType

WavMicrophone = cg.esphome_ns.namespace("wav_microphone").class_("WavMicrophone", microphone.Microphone, cg.Component)


def _limits(config: ConfigType) -> ConfigType:
    audio.set_stream_limits(16, 16, 1, 1, 16000, 16000)(config)
    return config


CONFIG_SCHEMA = cv.All(
    microphone.MICROPHONE_SCHEMA.extend({cv.GenerateID(): cv.declare_id(WavMicrophone)}).extend(cv.COMPONENT_SCHEMA),
    _limits,
)


async def to_code(config: ConfigType) -> None:
    """Write the C++ that makes the microphone."""
    var = cg.new_Pvariable(config[CONF_ID])
    await cg.register_component(var, config)
    await microphone.register_microphone(var, config)
