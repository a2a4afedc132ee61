"""What Home Assistant knows of devices, entities and areas; ids are looked up here, never guessed."""

from dataclasses import dataclass

from stack.json_shape import JsonObject, as_list, as_objects, optional_text, text

from .rest import HomeAssistantError
from .websocket import WebSocket


@dataclass(frozen=True, slots=True)
class Device:
    """A device. `identifiers` are pairs of an integration and its own id."""

    id: str
    name: str
    area_id: str | None
    identifiers: frozenset[tuple[str, str]]

    def id_in(self, domain: str) -> str | None:
        """Return the id that an integration gave it."""
        return next((own for owner, own in self.identifiers if owner == domain), None)


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity. `kind` is the part of its id before the dot."""

    entity_id: str
    platform: str
    unique_id: str
    device_id: str | None

    @property
    def key(self) -> str:
        """What the integration calls it: the last part of its unique id."""
        return self.unique_id.rpartition(".")[2]

    @property
    def kind(self) -> str:
        """The platform of Home Assistant, such as cover or sensor."""
        return self.entity_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Window:
    """One window as a device with its entities."""

    device_id: str
    device: Device
    entities: tuple[Entity, ...]

    def entity(self, kind: str, key: str | None = None) -> Entity:
        """Return its one entity of a kind, and of a key where there are several."""
        found = [entity for entity in self.entities if entity.kind == kind and key in {None, entity.key}]
        if len(found) == 1:
            return found[0]
        known = ", ".join(sorted(f"{entity.entity_id} ({entity.key})" for entity in self.entities))
        wanted = kind if key is None else f"{kind} {key}"
        raise HomeAssistantError(
            f"window {self.device_id}: {len(found)} entities for {wanted}; it has {known or 'none'}"
        )

    def has(self, kind: str) -> bool:
        """Whether it has an entity of a kind."""
        return any(entity.kind == kind for entity in self.entities)


async def devices(socket: WebSocket) -> tuple[Device, ...]:
    """Return all devices."""
    found = as_objects(await socket.ask("config/device_registry/list"), "a device")
    return tuple(
        Device(
            id=text(device, "id", "a device"),
            name=optional_text(device, "name_by_user") or optional_text(device, "name") or "",
            area_id=optional_text(device, "area_id"),
            identifiers=frozenset(_pairs(device)),
        )
        for device in found
    )


async def entities(socket: WebSocket, platform: str) -> tuple[Entity, ...]:
    """Return the entities of one integration."""
    found = as_objects(await socket.ask("config/entity_registry/list"), "an entity")
    return tuple(
        Entity(
            entity_id=text(entity, "entity_id", "an entity"),
            platform=platform,
            unique_id=text(entity, "unique_id", "an entity"),
            device_id=optional_text(entity, "device_id"),
        )
        for entity in found
        if entity.get("platform") == platform
    )


async def windows(socket: WebSocket, domain: str) -> dict[str, Window]:
    """Return the integration's windows by their device id in the contract."""
    own = await entities(socket, domain)
    found = {}
    for device in await devices(socket):
        if (device_id := device.id_in(domain)) is not None:
            belonging = tuple(entity for entity in own if entity.device_id == device.id)
            found[device_id] = Window(device_id, device, belonging)
    return found


async def put_into_area(socket: WebSocket, device: Device, area: str) -> None:
    """Give the device an area, which is made if it is not there; the overview shows areas only."""
    known = as_objects(await socket.ask("config/area_registry/list"), "an area")
    wanted = _comparable(area)
    area_id = next(
        (text(each, "area_id", "an area") for each in known if _comparable(text(each, "name", "an area")) == wanted),
        None,
    )
    if area_id is None:
        made = await socket.ask("config/area_registry/create", name=area)
        area_id = text(as_objects([made], "the new area")[0], "area_id", "the new area")
    await socket.ask("config/device_registry/update", device_id=device.id, area_id=area_id)


def _pairs(device: JsonObject) -> list[tuple[str, str]]:
    pairs = [as_list(pair, "an identifier") for pair in as_list(device.get("identifiers"), "identifiers")]
    return [(str(pair[0]), str(pair[1])) for pair in pairs if len(pair) >= 2]  # noqa: PLR2004  # a pair


def _comparable(name: str) -> str:
    """Return what Home Assistant compares names by: it takes "Living room" and "Living Room" for the same."""
    return name.casefold().replace(" ", "")
