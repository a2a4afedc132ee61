"""All that crossed the wire about one window, by kind."""

from dataclasses import dataclass

from stack.json_shape import Json, JsonObject, member
from stack.tap import Tap

type Messages = tuple[JsonObject, ...]


@dataclass(frozen=True, slots=True)
class Wire:
    """The messages of each kind in their order; no kept ones."""

    questions: Messages
    answers: Messages
    commands: Messages
    results: Messages
    guards: Messages
    states: Messages

    @classmethod
    def of(cls, tap: Tap, device_id: str, since: int) -> Wire:
        """What was heard from number `since` on."""

        def on(topic: str) -> Messages:
            return tuple(
                heard.content for heard in tap.all(lambda heard: heard.topic == topic and not heard.retained, since)
            )

        return cls(
            questions=on(f"ml/inference/request/{device_id}"),
            answers=on(f"ml/inference/response/{device_id}"),
            commands=on(f"window/{device_id}/control"),
            results=on(f"window/{device_id}/control/result"),
            guards=on(f"window/{device_id}/guard"),
            states=on(f"window/{device_id}/state"),
        )

    @property
    def asked(self) -> list[Json]:
        """Which questions were asked."""
        return each(self.questions, "correlation_id")

    @property
    def may_act(self) -> list[Json]:
        """Whether each question let the model act."""
        return [member(question, "grant", "a question").get("act") for question in self.questions]

    @property
    def acted(self) -> list[Json]:
        """Whether the model acted, answer by answer."""
        return each(self.answers, "acted")

    @property
    def commanded(self) -> list[tuple[Json, Json]]:
        """Who commanded what: source, and position or action."""
        return [(command.get("source"), command.get("position", command.get("action"))) for command in self.commands]

    @property
    def targets(self) -> list[Json]:
        """Where the window was bound for, each once in a row."""
        found = each(self.states, "target")
        return [target for target, before in zip(found, [None, *found], strict=False) if target != before]


def each(messages: Messages, field: str) -> list[Json]:
    """One field of each message; None where it is absent."""
    return [message.get(field) for message in messages]
