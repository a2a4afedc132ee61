"""The pure core of a window: what it does with what happens to it. No clock, no randomness, no I/O."""

from .device import Device, Output, Result, State
from .setup import LinkLost, LinkLostAction, Setup

__all__ = ["Device", "LinkLost", "LinkLostAction", "Output", "Result", "Setup", "State"]
