"""What the owner can set: for the house, and for each window. Pure."""

from .bounds import Bounds, SettingsError
from .choices import AiringRule, HazardKind, HoldRule, Mode, QuietRule, Taste
from .house import BOUNDS, HubSettings
from .own import WINDOW_BOUNDS, WindowSettings

__all__ = [
    "BOUNDS",
    "WINDOW_BOUNDS",
    "AiringRule",
    "Bounds",
    "HazardKind",
    "HoldRule",
    "HubSettings",
    "Mode",
    "QuietRule",
    "SettingsError",
    "Taste",
    "WindowSettings",
]
