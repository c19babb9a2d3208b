"""LaTeX, which models write for fractions, roots and Greek letters: a over b, square root of x."""

import re
from typing import Final

from pipeline.spoken.rule import Rule, rule

_NAMED: Final = {
    "times": "times",
    "cdot": "times",
    "div": "divided by",
    "pm": "plus or minus",
    "leq": "at most",
    "le": "at most",
    "geq": "at least",
    "ge": "at least",
    "neq": "not equal to",
    "ne": "not equal to",
    "approx": "about",
    "infty": "infinity",
    "left": "",
    "right": "",
    "quad": "",
}
"""Other names are said as they are: alpha, pi, sum."""
_INNER: Final = r"\{([^{}\\]{1,60})\}"


def _named(found: re.Match[str]) -> str:
    return f" {_NAMED.get(found[1], found[1])} "


RULES: Final[tuple[Rule, ...]] = (
    rule(rf"\\[dt]?frac{_INNER}{_INNER}", lambda found, _place: f"{found[1]} over {found[2]}"),
    rule(rf"\\sqrt{_INNER}", lambda found, _place: f"square root of {found[1]}"),
    rule(r"\\(?:text|math)[a-z]{0,4}" + _INNER, lambda found, _place: found[1]),
    rule(r"\\([A-Za-z][a-z]{1,19})(?![A-Za-z])", lambda found, _place: _named(found)),
    rule(r"\${2,}|\$(?=[A-Za-z\\])", ""),
    rule(r"(?:(?<=[A-Za-z})])|(?<=[\^_]\d))\$(?! ?\d)(?=[\s.,;:!?)]|\Z)", ""),
)
