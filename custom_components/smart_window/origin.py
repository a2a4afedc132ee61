"""Who is behind a service call: a person, or an automation or script. Pure.

An empty user proves nothing: HomeKit and voice satellites have none. What proves a machine is that its context, or that
context's parent, was seen in an `automation_triggered` or `script_started` event.
"""

from collections import OrderedDict

from .contract import Source

REMEMBERED_RUNS = 512


class Origins:
    """The contexts of the latest runs of automations and scripts."""

    def __init__(self, limit: int = REMEMBERED_RUNS) -> None:
        self._limit = limit
        self._runs: OrderedDict[str, None] = OrderedDict()

    def ran(self, context_id: str) -> None:
        """An automation or script started in this context."""
        self._runs[context_id] = None
        self._runs.move_to_end(context_id)
        if len(self._runs) > self._limit:
            self._runs.popitem(last=False)

    def source(self, context_id: str, parent_id: str | None) -> Source:
        """AUTOMATION when the context or its parent belongs to a run, else USER."""
        if context_id in self._runs or (parent_id is not None and parent_id in self._runs):
            return Source.AUTOMATION
        return Source.USER
