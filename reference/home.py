"""What can be set, called and heard in Home Assistant, as tables. From the integration's forms, actions and words."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import probatio as vol
import yaml
from homeassistant.data_entry_flow import section
from homeassistant.helpers import selector

from custom_components.smart_window.const import EVENT_DECISION
from custom_components.smart_window.llm import Hold, Predict, Release, Why, WindowTool
from custom_components.smart_window.options import options_schema
from custom_components.smart_window.window_options import window_schema
from stack.json_shape import JsonObject, as_object, member, text

from .markdown import code, number, table

_TOOLS: tuple[type[WindowTool], ...] = (Why, Predict, Hold, Release)


class Words:
    """translations/en.json and services.yaml."""

    def __init__(self, room: Path) -> None:
        self._said = as_object(yaml.safe_load((room / "translations" / "en.json").read_text("utf-8")), "en.json")
        self._actions = as_object(yaml.safe_load((room / "services.yaml").read_text("utf-8")), "services.yaml")

    def entry(self) -> str:
        """The one field of setting up by hand."""
        step = self._at("config", "step", "user")
        names, about = member(step, "data", "user"), member(step, "data_description", "user")
        return table(("field", "key", "what"), ((str(name), code(key), str(about[key])) for key, name in names.items()))

    def options(self) -> str:
        """The options of the house, by section."""
        return self._form(options_schema(["porch"]), self._at("options", "step", "init", "sections"))

    def window(self) -> str:
        """The settings of one window, by section."""
        step = self._at("config_subentries", "window", "step", "reconfigure", "sections")
        return self._form(window_schema(), step)

    def actions(self) -> str:
        """Each action with its fields."""
        return table(("action", "what", "fields"), self._action_rows())

    def events(self) -> str:
        """What the event entity and the bus tell."""
        states = self._at("entity", "event", "decision", "state_attributes", "event_type", "state")
        rows = ((code(key), str(name)) for key, name in states.items())
        return f"Event on the bus: `{EVENT_DECISION}`.\n\n" + table(("`event_type`", "in words"), rows)

    def device_automations(self) -> str:
        """Triggers and conditions of a device."""
        kinds = (("trigger", "trigger_type"), ("condition", "condition_type"))
        found = ((kind, self._at("device_automation", part)) for kind, part in kinds)
        return table(
            ("", "`type`", "in words"), ((k, code(key), str(name)) for k, said in found for key, name in said.items())
        )

    def tools(self) -> str:
        """What an assistant with a language model may call."""
        return table(("tool", "what", "arguments"), ((code(t.name), str(t.description), _arguments(t)) for t in _TOOLS))

    def errors(self) -> str:
        """What an action says that cannot be done."""
        said = self._at("exceptions")
        return table(("key", "words"), ((code(key), text(member(said, key, key), "message", key)) for key in said))

    def repairs(self) -> str:
        """Each repair, as Home Assistant shows it."""
        issues = self._at("issues")
        return table(("repair", "what it says"), ((_title(issues, key), _advice(issues, key)) for key in issues))

    def _form(self, schema: vol.Schema, words: JsonObject) -> str:
        parts = []
        for marker, part in schema.schema.items():
            said = member(words, str(marker), "a form's words")
            rows = self._fields(part, said)
            head = ("field", "key", "value", "default", "what")
            parts.append(f"**{text(said, 'name', str(marker))}** (`{marker}`)\n\n{table(head, rows)}")
        return "\n".join(parts)

    def _fields(self, part: section, said: JsonObject) -> Iterator[Sequence[str]]:
        names, about = member(said, "data", "a section"), member(said, "data_description", "a section")
        for marker, kind in part.schema.schema.items():
            key = str(marker)
            default = None if isinstance(marker.default, vol.Undefined) else marker.default()
            yield (
                text(names, key, "names"),
                code(key),
                self._value(kind),
                _default(default),
                text(about, key, "words"),
            )

    def _value(self, kind: object) -> str:
        match kind:
            case selector.NumberSelector(config=said):
                unit = said.get("unit_of_measurement", "")
                return f"{number(said['min'])} to {number(said['max'])} {unit}".strip()
            case selector.SelectSelector(config=said) if "translation_key" in said:
                words = self._at("selector", said["translation_key"], "options")
                return ", ".join(f"{code(one)} ({words[str(one)]})" for one in said["options"])
            case selector.SelectSelector():
                return "some of them"
            case selector.BooleanSelector():
                return "on or off"
            case selector.TimeSelector():
                return "a time of the day"
            case selector.EntitySelector(config=said):
                return "entities" if said.get("multiple") else "an entity"
            case selector.TextSelector():
                return "text"
            case _:
                raise TypeError(f"no words for {kind!r}")

    def _action_rows(self) -> Iterator[Sequence[str]]:
        words = self._at("services")
        for name, described in self._actions.items():
            said = member(words, name, "services")
            fields = as_object(as_object(described, name).get("fields", {}), name)
            told = as_object(said.get("fields", {}), name)
            lines = (f"{code(key)}: {text(member(told, key, name), 'description', key)}" for key in fields)
            yield (code(f"smart_window.{name}"), text(said, "description", name), " ".join(lines))

    def _at(self, *path: str) -> JsonObject:
        found = self._said
        for step in path:
            found = member(found, step, "en.json")
        return found


def _default(value: object) -> str:
    match value:
        case None | [] | "":
            return "none"
        case bool():
            return "on" if value else "off"
        case int() | float():
            return number(value)
        case _:
            return code(value)


def _arguments(tool: type[WindowTool]) -> str:
    return ", ".join(code(marker) for marker in tool.parameters.schema)


def _confirm(issues: JsonObject, key: str) -> JsonObject | None:
    issue = member(issues, key, "issues")
    return member(member(member(issue, "fix_flow", key), "step", key), "confirm", key) if "fix_flow" in issue else None


def _title(issues: JsonObject, key: str) -> str:
    return text(member(issues, key, "issues"), "title", key)


def _advice(issues: JsonObject, key: str) -> str:
    return text(_confirm(issues, key) or member(issues, key, "issues"), "description", key)
