"""E-mail, payment and web addresses: "first underscore last at example dot co dot in"."""

import re
from typing import Final

from pipeline.spoken.digits import spelt
from pipeline.spoken.rule import Place, Rule, rule

_SIGNS: Final = {
    ".": "dot",
    "@": "at",
    "_": "underscore",
    "-": "dash",
    "/": "slash",
    "+": "plus",
    ":": "colon",
    "~": "tilde",
    "=": "equals",
    "&": "and",
    "%": "percent",
}
"""English in every language, as people say them. Other signs are not said."""
_ENDS: Final = (
    "com in org net edu gov io ai app dev info biz me co uk us eu tv shop store online live page"
)
"""Of a web address that is written without https:// or www."""
_PART: Final = re.compile(r"(\d+)|([^\W\d_]+)|(.)", re.DOTALL)
_TRAILING: Final = ".,;:!?।)]}'\"”’"
_SHORT: Final = 2
"""Digits that are read as one number."""


def _say_address(address: str) -> str:
    words = []
    for digits, letters, sign in _PART.findall(address):
        if digits:
            words.append(digits if len(digits) <= _SHORT else spelt(digits))
        elif letters:
            words.append(letters)
        elif word := _SIGNS.get(sign, "" if sign.isascii() else sign):
            words.append(word)
    return " ".join(words)


def _mail(found: re.Match[str], _place: Place) -> str:
    return _say_address(found.group())


def _page(found: re.Match[str], _place: Place) -> str | None:
    """The host and the path: nobody reads out what a query says, and its end ends a sentence."""
    address = found.group().rstrip(_TRAILING)
    trailing = found.group()[len(address) :]
    _, _, rest = address.rpartition("://")
    shown = re.split(r"[?#]", rest, maxsplit=1)[0].rstrip("/")
    return f"{_say_address(shown)}{trailing}" if shown else None


RULES: Final[tuple[Rule, ...]] = (
    rule(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*", _mail),
    rule(r"(?<![\w@])(?:[a-z]+://|www\.)[^\s<>\"']+", _page, re.IGNORECASE),
    rule(
        rf"(?<![\w@.-])(?:[A-Za-z0-9][A-Za-z0-9-]{{0,62}}\.)+(?:{'|'.join(_ENDS.split())})"
        r"(?:/[^\s<>\"']*)?(?![\w@-])",
        _page,
    ),
    rule(r"(?<!\w)@(?=\w)", "at "),
)
