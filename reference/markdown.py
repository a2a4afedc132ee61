"""Tables, and the places in a page that are written by a program. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

_PLACE = re.compile(r"(<!-- (?P<name>[a-z_]+): written by scripts/reference -->\n).*?(<!-- end -->)", re.DOTALL)


class PageError(ValueError):
    """A page and the program do not know the same places."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with a line for each row."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(_cell(one) for one in line)} |\n" for line in lines)


def code(text: object) -> str:
    """Text as it is typed; nothing where there is none."""
    return f"`{text}`" if str(text) else ""


def number(value: float) -> str:
    """10 rather than 10.0."""
    return f"{value:.10g}"


def filled(page: str, parts: Mapping[str, str]) -> str:
    """The page with each of its places written anew. PageError: a place has no part, or a part no place."""
    places = {found["name"] for found in _PLACE.finditer(page)}
    if places != set(parts):
        raise PageError(f"places {sorted(places)}, parts {sorted(parts)}: expected the same")
    return _PLACE.sub(lambda found: f"{found[1]}\n{parts[found['name']]}\n{found[3]}", page)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
