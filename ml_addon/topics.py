"""The topics that a service hears and speaks on, and which names can stand in them."""

import re
from dataclasses import dataclass

from .strict_json import ContractError, Kind

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of this room. `prefix` is empty or ends with a slash.

    `share` names the group of services among which the broker deals the questions out (MQTT 5, 4.8.2 Shared
    Subscriptions); empty: each service hears them all.
    """

    prefix: str = ""
    share: str = ""

    @property
    def requests(self) -> str:
        """The filter that every question matches."""
        return f"{self.prefix}ml/inference/request/#"

    def shared(self, topics: str) -> str:
        """The filter with which one service of the group gets each message."""
        return f"$share/{self.share}/{topics}" if self.share else topics

    def request(self, device_id: str) -> str:
        """Where a question about a window is asked."""
        return f"{self.prefix}ml/inference/request/{device_id}"

    def response(self, device_id: str) -> str:
        """Where it is answered."""
        return f"{self.prefix}ml/inference/response/{device_id}"

    @property
    def corrections(self) -> str:
        """The filter that every correction matches, and no answer to one."""
        return f"{self.prefix}ml/feedback/+"

    def correction(self, device_id: str) -> str:
        """Where an owner's correction is told."""
        return f"{self.prefix}ml/feedback/{device_id}"

    def learnt(self, device_id: str) -> str:
        """Where it is answered."""
        return f"{self.prefix}ml/feedback/{device_id}/result"

    def corrected(self, topic: str) -> str | None:
        """Return the window that a correction's topic names, or None where it is no such topic."""
        device_id = topic.removeprefix(self.correction(""))
        return None if device_id == topic or not is_id(device_id) else device_id

    def models(self, instance: str) -> str:
        """Where the house says which model a service shall use."""
        return f"{self.prefix}ml/models/{instance}"

    def models_in_use(self, instance: str) -> str:
        """Where that is answered."""
        return f"{self.prefix}ml/models/{instance}/result"

    def control(self, device_id: str) -> str:
        """Where a window is commanded."""
        return f"{self.prefix}window/{device_id}/control"

    def status(self, instance: str) -> str:
        """Where a service says how it is."""
        return f"{self.prefix}ml/status/{instance}"

    def device_of(self, topic: str) -> str:
        """Return the window that a request's topic names, or raise ContractError."""
        device_id = topic.removeprefix(self.request(""))
        if device_id == topic or not is_id(device_id):
            raise ContractError(Kind.TOPIC, f"{ascii(topic)[:120]} names no window")
        return device_id


def is_id(text: str) -> bool:
    """Whether the text can name a window or an instance."""
    return ID.fullmatch(text) is not None
