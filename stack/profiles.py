"""The windows of the demo and of the scene, and how lively the integration is there."""

from .json_shape import JsonObject
from .windows import WindowProfile

BEDROOM = WindowProfile(
    "bedroom",
    "Bedroom window",
    "Bedroom",
    {"sound": "street-quiet", "temperature": 25.5, "humidity": 58, "position": 20},
)
LIVING_ROOM = WindowProfile(
    "living_room", "Living room window", "Living room", {"sound": "street-loud", "temperature": 25.5, "position": 60}
)
KITCHEN = WindowProfile(
    "kitchen", "Kitchen window", "Kitchen", {"sound": "speech", "temperature": 26.5, "humidity": 68, "position": 10}
)
STUDY = WindowProfile("study", "Study window", "Study", {"sound": "street-quiet", "temperature": 24, "position": 0})
DEMO = (BEDROOM, LIVING_ROOM, KITCHEN, STUDY)
DEMO_AUTOMATIC = (BEDROOM, LIVING_ROOM, KITCHEN)  # the study stays in advise, where every new window starts

# Two of a kind, but for the street: their rooms stay as they are, so that nothing else can make a difference.
_ALIKE: JsonObject = {
    "temperature": 25.5,
    "humidity": 55,
    "steady": True,
    "position": 40,
    "travel_s": 4,
    "interval": 2,
    "clip_interval": 0,
}
SCENE_LOUD = WindowProfile("scene_loud", "Loud window", "Scene", _ALIKE | {"sound": "street-loud"})
SCENE_QUIET = WindowProfile("scene_quiet", "Quiet window", "Scene", _ALIKE | {"sound": "street-quiet"})
SCENE_ADVISE = WindowProfile("scene_advise", "Advised window", "Scene", _ALIKE | {"sound": "street-quiet"})
SCENE_HAND = WindowProfile("scene_hand", "Pressed window", "Scene", _ALIKE | {"sound": "street-loud"})
SCENE = (SCENE_LOUD, SCENE_QUIET, SCENE_ADVISE, SCENE_HAND)

# The usual pauses are made for years, not for somebody who watches.
LIVELY: dict[str, JsonObject] = {
    "questions": {"min_interval_s": 5},
    "advanced": {"settle_s": 3, "shortest_pause_s": 0, "moves_per_hour": 3600, "moves_per_day": 86400},
}
