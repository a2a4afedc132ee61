"""The settings of the service, the apps, compose and the firmware, as tables. From the files that hold them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from deploy.environment import Variable
from stack.json_shape import JsonObject, as_object, member, text

from .markdown import code, table

_LINE = re.compile(r"^(?P<indent> *)(?P<name>\w+):(?: (?P<value>[^#]*?))?(?: *# (?P<about>.*))?$")


def service(file: Path) -> str:
    """Each setting of service.yaml with its variable, default and comment."""
    return table(("setting", "variable", "default", "what"), _service_rows(file.read_text("utf-8")))


def app(folder: Path) -> str:
    """Each option of an app."""
    config = as_object(yaml.safe_load((folder / "config.yaml").read_text("utf-8")), "config.yaml")
    words = as_object(yaml.safe_load((folder / "translations" / "en.yaml").read_text("utf-8")), "en.yaml")
    return table(
        ("option", "key", "value", "default", "what"), _app_rows(config, member(words, "configuration", "en.yaml"))
    )


def compose(variables: Iterable[Variable]) -> str:
    """Each variable of .env."""
    rows = ((code(one.name), code(one.default), f"{one.meaning}.", one.expected) for one in variables)
    return table(("variable", "default", "what", "expected"), rows)


def firmware(packages: Path) -> str:
    """Each substitution of the firmware's packages, pins apart, with its default by package."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for file in sorted(packages.glob("*.yaml")):
        for name, value, about in _substitutions(file.read_text("utf-8")):
            if not name.startswith("pin_"):
                found.setdefault(name, []).append((file.stem, value, about))
    rows = ((code(name), *_told(places)) for name, places in sorted(found.items()))
    return table(("substitution", "default (package)", "what"), rows)


def _told(places: Sequence[tuple[str, str, str]]) -> tuple[str, str]:
    defaults = ", ".join(f"{code(value) or 'empty'} ({package})" for package, value, _ in places)
    return defaults, next((about for *_, about in places if about), "")


def _service_rows(source: str) -> Iterator[Sequence[str]]:
    group, about_group = "", ""
    for line in source.splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        if not found["value"]:
            group, about_group = found["name"], found["about"] or ""
            continue
        name = f"{group}.{found['name']}" if found["indent"] else found["name"]
        about = found["about"] or about_group
        yield (code(name), code(f"SMART_WINDOW_{name.replace('.', '_').upper()}"), code(found["value"]), about)


def _app_rows(config: JsonObject, words: JsonObject) -> Iterator[Sequence[str]]:
    defaults = as_object(config.get("options", {}), "options")
    for key, kind in member(config, "schema", "config.yaml").items():
        said = member(words, key, "en.yaml")
        default = code(defaults[key]) if key in defaults else "none"
        yield (text(said, "name", key), code(key), code(kind), default, text(said, "description", key))


def _substitutions(source: str) -> Iterator[tuple[str, str, str]]:
    inside = False
    for line in source.splitlines():
        if not line.startswith(" "):
            inside = line.startswith("substitutions:") if line and not line.startswith("#") else inside
        elif inside and (found := _LINE.match(line)) is not None:
            yield found["name"], (found["value"] or "").strip('"'), found["about"] or ""
