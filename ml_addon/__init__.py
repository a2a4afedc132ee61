"""The inference service of Smart Window: a request comes in over MQTT, a position goes out."""

__version__ = "0.1.0"
