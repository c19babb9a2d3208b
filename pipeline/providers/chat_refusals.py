"""What a host's refusal of a request says that it wants otherwise."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.catalog import QUIRKS, Quirk

_TOOLS: Final = re.compile(r"\btools?\b|\btool[ _-]?(?:use|choice|call)|\bfunction[ _-]?call")
_NEVER: Final = re.compile(
    r"support|enable|requires?\b|not (?:allowed|available|permitted)|unavailable|unknown|"
    r"unrecogni[sz]ed|unexpected|extra (?:input|field)|jinja"
)
_OF_THESE: Final = re.compile(r"schema|propert|parameters|tools?[\[.\"', ]+\d|\bids?\b|_id\b")
"""It is about tools and calls of this one request, not about all."""
_ROLES: Final = re.compile(
    r"alternat|roles? must|(?:first|last) message|must (?:start|begin|end) with"
)
_SYSTEM: Final = re.compile(r"system\W.{0,60}(?:support|allow|permit)|support.{0,40}system\W")
_EXTRAS: Final = re.compile(
    r"reasoning|think|unknown|unrecogni[sz]ed|unexpected|not permitted|extra (?:input|field)|"
    r"stream_options"
)
_TOO_LONG: Final = re.compile(r"context|too long|too many tokens|maximum.{0,20}(?:length|token)")
_UNCLEAR: Final = frozenset({400, 422})
_TELLING: Final = frozenset({400, 404, 422, 500, 501})


@dataclass(frozen=True, slots=True)
class Wanted:
    """The quirks that a refusal shows. Where it `is_lasting`, each request would be refused."""

    quirks: frozenset[Quirk] = frozenset()
    is_lasting: bool = False


def wanted(status: int, error: object, extra_body: Mapping[str, Any]) -> Wanted:
    """What the error of an HTTP answer asks for; where it does not tell, the plainest request."""
    text = str(error).casefold()[:4000]
    if status not in _TELLING or _TOO_LONG.search(text):
        return Wanted()
    if _TOOLS.search(text):
        is_lasting = bool(_NEVER.search(text)) and not _OF_THESE.search(text)
        return Wanted(frozenset({"no_tools"}), is_lasting)
    if _SYSTEM.search(text):
        return Wanted(frozenset({"no_system"}), is_lasting=True)
    if _ROLES.search(text):
        return Wanted(frozenset({"alternates"}), is_lasting=True)
    if status in _UNCLEAR and (_EXTRAS.search(text) or any(key in text for key in extra_body)):
        return Wanted(frozenset({"no_extras"}), is_lasting=True)
    return Wanted(frozenset(QUIRKS) - {"opens_in_thought"} if status in _UNCLEAR else frozenset())
