"""Ways from dashboard to dashboard, with the window and the time kept. Pure."""

from enum import Enum, unique

from .query import Json


@unique
class Destination(Enum):
    """The four dashboards: uid and title."""

    OVERVIEW = ("smart-window-overview", "System overview")
    DEVICE = ("smart-window-device", "Device detail")
    MODEL = ("smart-window-model", "ML metrics")
    HEALTH = ("smart-window-health", "System health")
    QUESTION = ("smart-window-device", "What came of it")  # the page of the window, at one question

    @property
    def uid(self) -> str:
        """Of the dashboard."""
        return self.value[0]

    @property
    def title(self) -> str:
        """As a person reads it."""
        return self.value[1]


_TIME = "${__url_time_range}"


def of_panel(destination: Destination) -> dict[str, Json]:
    """In a panel's corner."""
    return {"title": destination.title, "url": f"/d/{destination.uid}?${{device:queryparam}}&{_TIME}"}


def by_label(destination: Destination) -> dict[str, Json]:
    """At a line: to its window."""
    url = f"/d/{destination.uid}?var-device=${{__field.labels.device_id}}&{_TIME}"
    return {"title": f"{destination.title}: ${{__field.labels.name}}", "url": url}


def by_row(destination: Destination) -> dict[str, Json]:
    """In a table: to the window, or the question, of the row."""
    if destination is Destination.QUESTION:
        question = "var-question=${__data.fields.correlation_id}"
        return {
            "title": destination.title,
            "url": f"/d/{destination.uid}?var-device=${{__data.fields.device_id}}&{question}&{_TIME}",
        }
    return {
        "title": destination.title,
        "url": f"/d/{destination.uid}?var-device=${{__data.fields.device_id}}&{_TIME}",
    }


def between(here: Destination) -> list[Json]:
    """The row of links above a dashboard."""
    others = (Destination.OVERVIEW, Destination.DEVICE, Destination.MODEL, Destination.HEALTH)
    return [
        {
            "title": other.title,
            "type": "link",
            "url": f"/d/{other.uid}",
            "keepTime": True,
            "includeVars": True,
            "targetBlank": False,
            "asDropdown": False,
            "icon": "dashboard",
            "tags": [],
            "tooltip": "",
        }
        for other in others
        if other is not here
    ]
