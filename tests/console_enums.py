"""The document's closed lists of words as the console's TypeScript.

`python -m tests.console_enums > console/src/api/enums.ts` writes them anew.
"""

import sys
from collections.abc import Iterator
from typing import Any, Final

from control_api.openapi.document import build_document
from control_api.operations import OPERATIONS
from core.catalog import Catalog

_FROM_THE_CATALOG: Final = frozenset({"language", "llm_model", "stt_model", "tts_model"})
"""Fields whose words are data: the console asks for them."""
_OF_THE_AUDIT: Final = frozenset({"Action"})
"""Which no page of the console shows."""
_LINE_LENGTH: Final = 100
_HEAD: Final = """\
// Made from the OpenAPI document by `python -m tests.console_enums`; a test keeps it so.

/** Every closed list of words in what the API takes and answers. */
export const ENUMS = {
"""
_TAIL: Final = """\
} as const;

/** One of the words of a list. */
export type Enum<Name extends keyof typeof ENUMS> = (typeof ENUMS)[Name][number];
"""


def typescript() -> str:
    """The whole file, as the console's formatter leaves it."""
    schemas = build_document(OPERATIONS, Catalog.load())["components"]["schemas"]
    lines = [_line(name, words) for name, words in sorted(_enums(schemas).items())]
    return _HEAD + "".join(lines) + _TAIL


def _enums(schemas: dict[str, Any]) -> dict[str, list[str]]:
    """A schema's own words by its name, those of a field by both names: `VoiceModelStatus`.

    A field that several schemas share is named by the shortest.
    """
    found = {
        name: schema["enum"]
        for name, schema in schemas.items()
        if "enum" in schema and name not in _OF_THE_AUDIT
    }
    shared: set[tuple[str, ...]] = set()
    for name in sorted(schemas, key=lambda name: (len(name), name)):
        for field, described in schemas[name].get("properties", {}).items():
            for words in () if field in _FROM_THE_CATALOG else _words_of(described):
                if (field, *words) not in shared:
                    shared.add((field, *words))
                    found[name + _joined(field)] = words
    return found


def _words_of(described: dict[str, Any]) -> Iterator[list[str]]:
    if "enum" in described:
        yield described["enum"]
    parts = [*described.get("anyOf", ())]
    if "items" in described:
        parts.append(described["items"])
    for part in parts:
        yield from _words_of(part)


def _joined(field: str) -> str:
    return "".join(word.capitalize() for word in field.split("_"))


def _line(name: str, words: list[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    line = f"  {name}: [{', '.join(quoted)}],"
    if len(line) <= _LINE_LENGTH:
        return f"{line}\n"
    return f"  {name}: [\n{''.join(f'    {word},{chr(10)}' for word in quoted)}  ],\n"


if __name__ == "__main__":
    sys.stdout.write(typescript())
