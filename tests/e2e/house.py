"""What the tests do to the stack and see of it, in the words of a person."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stack.home_assistant.home import EntityState, Home
from stack.json_shape import Json, as_object, as_objects, text
from stack.stack import Stack
from stack.tap import Heard, Tap
from stack.waiting import until

_COMPLAINTS = ("Traceback", " ERROR ", " CRITICAL ", '"level": "error"', '"level": "critical"')


@dataclass(slots=True)
class House:
    """The running stack, and a tap that has heard all since its start."""

    stack: Stack
    tap: Tap
    second: Home | None = None

    @property
    def home(self) -> Home:
        """Home Assistant, or the second one where the house is seen from there; another object after a restart."""
        return self.second or self.stack.home

    async def entity_id(self, device_id: str, kind: str, key: str | None = None) -> str:
        return (await self.home.window(device_id)).entity(kind, key).entity_id

    async def cover(self, device_id: str) -> EntityState:
        return await self.home.state(await self.entity_id(device_id, "cover"))

    async def position(self, device_id: str) -> float | None:
        return (await self.cover(device_id)).position

    async def cover_when(
        self, device_id: str, what: str, holds: Callable[[EntityState], bool], within_s: float = 20
    ) -> EntityState:
        entity_id = await self.entity_id(device_id, "cover")
        return await self.home.state_when(f"{entity_id} {what}", entity_id, holds, within_s)

    async def stands(self, device_id: str, position: float, within_s: float = 20) -> EntityState:
        """Wait until it stands there, and no longer moves."""
        return await self.cover_when(
            device_id,
            f"at {position:g}",
            lambda now: now.position == position and now.state in {"open", "closed"},
            within_s,
        )

    async def sensor_when(self, device_id: str, key: str, value: str, within_s: float = 20) -> EntityState:
        entity_id = await self.entity_id(device_id, "sensor", key)
        return await self.home.state_when(f"{entity_id} {value}", entity_id, lambda now: now.state == value, within_s)

    async def sensor_other_than(
        self, device_id: str, key: str, values: frozenset[str], within_s: float = 20
    ) -> EntityState:
        entity_id = await self.entity_id(device_id, "sensor", key)
        return await self.home.state_when(
            f"{entity_id} other than {', '.join(sorted(values))}",
            entity_id,
            lambda now: now.is_available and now.state not in values,
            within_s,
        )

    async def set_mode(self, device_id: str, mode: str) -> None:
        select = await self.entity_id(device_id, "select", "mode")
        await self.home.choose(select, mode)

    async def release(self, device_id: str) -> None:
        """End the hold."""
        button = await self.entity_id(device_id, "button", "release_hold")
        await self.home.rest.call("button.press", {"entity_id": button})

    async def bench(self, device_id: str, what: str, content: dict[str, Json] | None = None) -> None:
        """Be the hand or the weather at a window."""
        await self.tap.publish(f"bench/{device_id}/{what}", content or {})

    async def request(self, device_id: str, since: int, within_s: float = 30) -> Heard:
        """Wait for a question about a window."""
        topic = f"ml/inference/request/{device_id}"
        return await self.tap.heard(f"a question on {topic}", lambda message: message.topic == topic, within_s, since)

    async def response(self, device_id: str, since: int, within_s: float = 30) -> Heard:
        """Wait for an answer about a window."""
        topic = f"ml/inference/response/{device_id}"
        return await self.tap.heard(f"an answer on {topic}", lambda message: message.topic == topic, within_s, since)

    async def reasons(self, device_id: str) -> str:
        """What Home Assistant shows of a window: for the message of a test that waited in vain."""
        entities = (await self.home.window(device_id)).entities
        shown = [await self.home.state(entity.entity_id) for entity in entities]
        return ", ".join(f"{one.entity_id} {one.state}" for one in shown)

    async def live_state(self, device_id: str, since: int, within_s: float = 30) -> Heard:
        """Wait until a window says where it stands."""
        topic = f"window/{device_id}/state"
        return await self.tap.heard(
            f"a state on {topic}", lambda message: message.topic == topic and not message.retained, within_s, since
        )

    async def reconnect(self, device_id: str, within_s: float = 30) -> Heard:
        """Let a window lose its connection, and wait until it says where it stands in a new session."""
        topic = f"window/{device_id}/state"
        known = {message.content.get("session") for message in self.tap.all(lambda message: message.topic == topic)}
        since = self.tap.mark
        await self.bench(device_id, "disconnect", {"seconds": 0})
        return await self.tap.heard(
            f"a new session on {topic}",
            lambda message: message.topic == topic and message.content.get("session") not in known,
            within_s,
            since,
        )

    def commands(self, since: int) -> list[Heard]:
        """The commands that anybody sent."""
        return self.tap.all(lambda message: message.topic.endswith("/control"), since)

    async def issues(self) -> set[str]:
        """The ids of the integration's repairs."""
        answer = as_object(await self.home.socket.ask("repairs/list_issues"), "the repairs")
        found = as_objects(answer.get("issues"), "a repair")
        return {text(issue, "issue_id", "a repair") for issue in found if issue.get("domain") == "smart_window"}

    async def issue_when(self, issue_id: str, *, there: bool, within_s: float = 60) -> None:
        async def holds() -> bool:
            return (issue_id in await self.issues()) is there

        await until(f"repair {issue_id} {'raised' if there else 'gone'}", holds, within_s)

    def logs(self) -> dict[Path, int]:
        """Where the logs of those who read messages end now."""
        stack = self.stack
        children = (stack.home_assistant.child, stack.service.child, stack.windows.child)
        return {child.program.log: child.program.log.stat().st_size for child in children}


def complaints(logs: dict[Path, int]) -> list[str]:
    """The errors and tracebacks that were logged since `logs` was taken."""
    found = []
    for log, start in logs.items():
        with log.open("rb") as stream:
            stream.seek(start)
            lines = stream.read().decode(errors="replace").splitlines()
        found += [f"{log.name}: {line}" for line in lines if any(word in line for word in _COMPLAINTS)]
    return found
