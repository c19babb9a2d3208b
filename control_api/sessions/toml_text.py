"""What JSON can say, as TOML."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_UNPRINTABLE: Final = {0x7F: "\\u007F"}
"""JSON leaves it as it is, TOML does not take it."""


def pair(key: str, value: Any) -> str:
    """A line, or as many as a text has."""
    return f"{_key(key)} = {_lines(value) if isinstance(value, str) else inline(value)}"


def inline(value: Any) -> str:
    """On one line. TOML has no null: what is null, or in a list, is left out."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).translate(_UNPRINTABLE)
        case Mapping():
            given = {key: one for key, one in value.items() if one is not None}
            shown = ", ".join(f"{_key(key)} = {inline(one)}" for key, one in given.items())
            return f"{{ {shown} }}" if shown else "{}"
        case list():
            return f"[{', '.join(inline(one) for one in value if one is not None)}]"
        case _:
            return repr(value)


def comment(text: str) -> str:
    """A line for each of the text's, without what no comment may hold."""
    lines = [
        " ".join("".join(c if c.isprintable() else " " for c in line).split())
        for line in text.splitlines()
    ]
    return "\n".join(f"# {line}".rstrip() for line in lines)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else inline(name)


def _lines(text: str) -> str:
    """A text of several lines as it reads."""
    if "\n" not in text:
        return inline(text)
    escaped = "\n".join(inline(line)[1:-1] for line in text.split("\n"))
    return f'"""\n{escaped}"""'
