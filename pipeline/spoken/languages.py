"""The words of each language that stand for signs and digits: `languages.toml`, checked when read.

Spoken parts of addresses ("at", "dot", "slash") are English in every language, as people say them,
and in Latin letters, as the voice asks for.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, Self

DEFAULT: Final = "en"
_SAME: Final = {"or": "od"}
"""Odia has two codes."""


@dataclass(frozen=True, slots=True)
class Language:
    """One table. `parts` of the day is empty where AM and PM are said; after a word of `told` none
    has to be said."""

    months: tuple[str, ...]
    parts: tuple[str, ...]
    told: frozenset[str]
    rupees: str
    scales: dict[str, str]
    to: str
    about: str
    per: str
    and_: str
    times: str
    equals: str
    number: str
    degrees: str
    stop: str
    counted: frozenset[str]
    codes: frozenset[str]
    numbered: frozenset[str]
    valued: frozenset[str]

    @classmethod
    def from_table(cls, table: dict[str, Any], english: dict[str, Any]) -> Self:
        """English words count everywhere: they are mixed in. Raises `KeyError` for what is missing,
        `TypeError` for what is too much."""
        table = dict(table)
        months = tuple(table.pop("months").split())
        assert len(months) == 12, months
        scales = {name: table.pop(name) for name in ("thousand", "lakh", "crore")}
        counted, codes, numbered, valued = (
            frozenset(f"{table.pop(name)} {english[name]}".split())
            for name in ("counted", "codes", "numbered", "valued")
        )
        parts = tuple(table.pop("parts"))
        return cls(
            months=months,
            parts=parts,
            told=frozenset([*parts, *table.pop("told").split()]),
            scales=scales,
            and_=table.pop("and"),
            counted=counted,
            codes=codes,
            numbered=numbered,
            valued=valued,
            **table,
        )


def _read() -> dict[str, Language]:
    """All of them, by their codes."""
    told = tomllib.loads(files(__package__).joinpath("languages.toml").read_text("utf-8"))
    return {code: Language.from_table(table, told[DEFAULT]) for code, table in told.items()}


TABLES: Final = _read()
"""Read once, before there are sessions."""


def language_of(tag: str) -> Language:
    """Of a BCP-47 tag; English where there is no other."""
    code = tag.partition("-")[0].casefold()
    return TABLES.get(_SAME.get(code, code), TABLES[DEFAULT])
