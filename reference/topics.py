"""The MQTT contract as tables: topics, and the fields of each message. From contract/asyncapi.yaml."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from stack.json_shape import Json, JsonObject, as_list, as_object, flag, member, text, whole

from .markdown import code, number, table

_SENDERS = {
    "window": "window",
    "home": "Home Assistant",
    "model_or_home": "service, Home Assistant",
    "model": "service",
}
"""By how an operation's name begins; the first that fits."""
_KINDS = ("device_id", "token", "line", "code")
"""Kinds of text that are told once, by their names in the schemas."""
_SMALL = 10_000  # bytes that are told as such
_LIMITS = (("maxItems", "items"), ("maxLength", "characters"), ("maxProperties", "names"))


class Contract:
    """asyncapi.yaml, read once."""

    def __init__(self, file: Path) -> None:
        tree = as_object(yaml.safe_load(file.read_text("utf-8")), str(file))
        components = member(tree, "components", "asyncapi.yaml")
        self._channels = member(tree, "channels", "asyncapi.yaml")
        self._operations = member(tree, "operations", "asyncapi.yaml")
        self._messages = member(components, "messages", "components")
        self._schemas = member(components, "schemas", "components")

    def topics(self) -> str:
        """A line for each topic."""
        return table(("topic", "from", "QoS", "retained", "at most", "what"), self._topic_rows())

    def messages(self) -> str:
        """A part for each message: what it is, its fields, and what a schema cannot say."""
        return "\n".join(self._message(name) for name in self._messages)

    def kinds(self) -> str:
        """The kinds of text that the messages name."""
        return table(("kind", "what"), ((name, self._spelled(member(self._schemas, name, name))) for name in _KINDS))

    def _topic_rows(self) -> Iterator[Sequence[str]]:
        for name in self._operations:
            said = member(self._operations, name, "operations")
            mqtt = member(member(said, "bindings", name), "mqtt", name)
            channel = _last(text(member(said, "channel", name), "$ref", name))
            message = member(self._messages, channel, "messages")
            yield (
                f"[`{text(member(self._channels, channel, 'channels'), 'address', channel)}`](#{channel})",
                next(who for begin, who in _SENDERS.items() if name.startswith(begin)),
                str(whole(mqtt, "qos", name)),
                "yes" if flag(mqtt, "retain", name) else "no",
                _bytes(whole(message, "x-max-bytes", channel)),
                text(message, "summary", channel),
            )

    def _message(self, name: str) -> str:
        message, schema = member(self._messages, name, "messages"), member(self._schemas, name, "schemas")
        about = " ".join(str(message[key]) for key in ("summary", "description") if key in message)
        body = f"{self._kind(schema)}\n" if "enum" in schema else self._forms(schema)
        rules = "".join(f"- {rule}\n" for rule in as_list(message.get("x-rules", []), name))
        return f"### {name}\n\n{about}\n\n{body}" + (f"\nBesides:\n\n{rules}" if rules else "")

    def _forms(self, schema: JsonObject) -> str:
        """The table of an object, or those of the objects that it may be."""
        bodies = [as_object(one, "oneOf") for one in as_list(schema.get("oneOf", []), "oneOf")]
        one_needed = [name for one in bodies if "properties" not in one for name in _texts(one.get("required"))]
        plain = [self._kind(one) for one in bodies if "properties" not in one and "required" not in one]
        shared = as_object(schema.get("properties", {}), "properties")
        objects = [{**one, "properties": {**as_object(one["properties"], "properties"), **shared}}
                   for one in bodies if "properties" in one]  # fmt: skip
        words = f"Exactly one of {', '.join(map(code, one_needed))}.\n\n" if one_needed else ""
        words += f"{' or '.join(plain)}, or an object:\n\n" if plain else ""
        tables = (table(("field", "needed", "what"), self._rows(one, "")) for one in objects or [schema])
        return words + "\nor\n\n".join(tables)

    def _rows(self, schema: JsonObject, before: str) -> Iterator[Sequence[str]]:
        needed = _texts(schema.get("required"))
        for name, said in as_object(schema.get("properties", {}), "properties").items():
            field = as_object(said, name)
            inner = self._resolved(field)
            about = "" if _last(str(field.get("$ref", "/"))) in _KINDS else str(inner.get("description", ""))
            what = "; ".join(word for word in (self._kind(field), about) if word)
            yield (code(f"{before}{name}"), "yes" if name in needed else "", what)
            for form in (inner, *(as_object(one, name) for one in as_list(inner.get("oneOf", []), name))):
                yield from self._rows(form, f"{before}{name}.") if not _is_audio(field) else ()
            if "items" in inner:
                yield from self._rows(self._resolved(as_object(inner["items"], name)), f"{before}{name}[].")

    def _kind(self, schema: JsonObject) -> str:
        """The type and its bounds, in words."""
        if "$ref" in schema and _is_audio(schema):
            return "as in [audio](#audio)"
        if _last(str(schema.get("$ref", "/"))) in _KINDS:
            return f"a {_last(str(schema['$ref']))}"
        return self._spelled(self._resolved(schema))

    def _spelled(self, said: JsonObject) -> str:
        if "const" in said:
            return code(said["const"])
        if "enum" in said:
            return " · ".join(code(one) for one in _texts(said["enum"]))
        if "oneOf" in said and "properties" not in said:
            return " or ".join(self._kind(as_object(one, "oneOf")) for one in as_list(said["oneOf"], "oneOf"))
        kind = said.get("type", "object")
        words = " or ".join(_texts(kind)) if isinstance(kind, list) else str(kind)
        low, high = said.get("minimum"), said.get("maximum")
        if isinstance(low, int | float) and isinstance(high, int | float):
            words += f" from {number(low)} to {number(high)}"
        elif isinstance(low, int | float):
            words += f" from {number(low)}"
        if "contentEncoding" in said:
            words += f" in {said['contentEncoding']}"
        elif "pattern" in said:
            words += f" like {code(said['pattern'])}"
        return words + "".join(f", at most {said[limit]} {what}" for limit, what in _LIMITS if limit in said)

    def _resolved(self, schema: JsonObject) -> JsonObject:
        return member(self._schemas, _last(str(schema["$ref"])), "schemas") if "$ref" in schema else schema


def _is_audio(schema: JsonObject) -> bool:
    forms = as_list(schema.get("oneOf", [schema]), "oneOf")
    return any(str(as_object(one, "oneOf").get("$ref", "")).endswith("/audio") for one in forms)


def _last(reference: str) -> str:
    return reference.rsplit("/", 1)[1]


def _bytes(size: int) -> str:
    return f"{size} bytes" if size < _SMALL else f"{number(round(size / 1000))} kB"


def _texts(found: Json) -> list[str]:
    return [str(one) for one in as_list(found, "a list of words")] if found is not None else []
