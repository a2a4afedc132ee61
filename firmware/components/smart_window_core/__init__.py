"""The portable core, as a component of its own: ESPHome copies only files that lie directly in a component's folder."""

import esphome.config_validation as cv

CONFIG_SCHEMA = cv.Schema({})
