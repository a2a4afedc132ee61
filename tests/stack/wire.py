"""Messages of one question, as they pass on the broker, for the tests of what is made of them."""

import json
from collections.abc import Iterator, Sequence
from itertools import count

from stack.json_shape import Json, JsonObject
from stack.tap import Heard

CID = "q-1"


class Wire:
    """Numbers messages in order of arrival."""

    def __init__(self, device_id: str = "w") -> None:
        self.device_id = device_id
        self._numbers: Iterator[int] = count()

    def heard(self, topic: str, content: Json) -> Heard:
        number = next(self._numbers)
        payload = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        return Heard(number, topic.replace("{id}", self.device_id), payload, retained=False, at=float(number))

    def announce(self, name: str) -> Heard:
        return self.heard("window/{id}/announce", {"contract": 1, "name": name})

    def readings(self) -> Sequence[Heard]:
        return [
            self.heard("sensor/{id}/temperature", {"value": 25.0}),
            self.heard("sensor/{id}/humidity", {"value": 55.0}),
            self.heard("sensor/{id}/audio", "SWA1…"),
        ]

    def state(self, position: float, hand_id: str | None = None, target: float | None = None) -> Heard:
        return self.heard(
            "window/{id}/state",
            {"session": "s", "rev": 1, "hand_id": hand_id, "position": position, "target": target},
        )

    def request(self, *, act: bool = True, audio: bool = True, cid: str = CID, **changes: Json) -> Heard:
        content: JsonObject = {
            "correlation_id": cid,
            "temperature": 25.0,
            "humidity": 55.0,
            "audio": {"format": "pcm_s16le", "data": "AAAA"} if audio else None,
            "context": {"outdoor_temperature": None, "rain": False, "hour": 12.5, "position": 40},
            "grant": {"act": act, "min": 0, "max": 100, "min_confidence": 0.6, "ttl_s": 5},
        }
        return self.heard("ml/inference/request/{id}", content | changes)

    def response(self, position: float = 12, *, acted: bool = True, cid: str = CID, **changes: Json) -> Heard:
        content: JsonObject = {
            "correlation_id": cid,
            "position": position,
            "confidence": 0.8,
            "reasons": [{"code": "street_noise", "effect": -30}],
            "model_version": "v0",
            "acted": acted,
            "error": None,
        }
        return self.heard("ml/inference/response/{id}", content | changes)

    def control(self, position: float = 12, cid: str = CID) -> Heard:
        return self.heard("window/{id}/control", {"position": position, "source": "ml", "command_id": cid})

    def result(self, result: str = "accepted", cid: str = CID) -> Heard:
        return self.heard("window/{id}/control/result", {"command_id": cid, "result": result})
