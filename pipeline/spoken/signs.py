"""Signs between and beside words and numbers: some are said, most are not."""

import re
from typing import Final

from pipeline.spoken.rule import Place, Rule, rule

PAUSE: Final = ", "
PICTURES: Final = (
    "\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2500-\u27bf\u27f0-\u27ff\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff\U000e0020-\U000e007f\ue000-\uf8ff\ufffc\ufffd"
    "\u00a9\u00ae\u2122"
)
"""Emoji, arrows, boxes, dingbats: a class of characters inside brackets."""
_MONEY: Final = r"(?:[₹$€£]|Rs\.? ?|INR ?)?"
_UNIT: Final = r"(?:[ap]m|k|l|cr|lakh|lakhs|crore|crores)"
_AMOUNT: Final = re.compile(
    rf"\(?{_MONEY}\d[\d,]*(?:\.\d+)?(?::\d\d)?%?(?: ?{_UNIT})?", re.IGNORECASE
)
_LAST: Final = re.compile(rf"[^\s–—/-]+(?: {_UNIT})?\Z", re.IGNORECASE)
_FIRST: Final = re.compile(rf"{_MONEY}\d[\d,]*(?:\.\d+)?(?::\d\d)?")
_CHAINED: Final = re.compile(r"[–/-]\d")
_FRACTIONS: Final = frozenset(("1/2", "1/3", "2/3", "1/4", "3/4"))
"""Read well as they are."""


def _range(found: re.Match[str], place: Place) -> str | None:
    """Between two numbers: a range, or a difference where that is what is reckoned."""
    left = _LAST.search(found.string, max(0, found.start() - 24), found.start())
    right = _FIRST.match(found.string, found.end())
    if left is None or right is None or not _AMOUNT.fullmatch(left.group()):
        return None
    is_chain = found.string[: left.start()].endswith(("-", "–", "/"))
    if is_chain or _CHAINED.match(found.string, right.end()):
        return None
    is_reckoned = found.string[right.end() :].lstrip().startswith("=")
    return " minus " if is_reckoned else f" {place.language.to} "


def _over(found: re.Match[str], place: Place) -> str | None:
    """24/7, 12/4: "by"; a fraction is read well as it is."""
    if found.group() in _FRACTIONS:
        return None
    is_year = len(found[1]) == 4 and found[1][:2] in ("19", "20")
    return f"{found[1]} {place.language.to if is_year else 'by'} {found[2]}"


def _before_number(_found: re.Match[str], place: Place) -> str:
    return f"{place.language.number} "


RULES: Final[tuple[Rule, ...]] = (
    rule(r"\s?(?:->|=>|→|➡)\s?(?=\S)", PAUSE),
    rule(r"(?<!\S)[:;]-?[)(DPp](?!\S)|(?<!\S)<3+(?!\S)", ""),
    rule(rf"[{PICTURES}][\ufe0f\u200d\u20e3]*|[\ufe0f\u20e3]", ""),
    rule(rf"(?<=[\d%mMkKLrhes])(?: [–—-] |[–—-])(?={_MONEY}\d)", _range),
    rule(r"(?<![\w/.])(\d{1,4})/(\d{1,4})(?![\w/]|\.\d)", _over),
    rule(r"(?<=\d{5})/(?=\d{5})", PAUSE),
    rule(r"(?<=\d)/(?=[^\W\d])", lambda _found, place: f" {place.language.per} "),
    rule(r"(?<=\b[A-G])#(?!\w)", " sharp"),
    rule(r"(?<=\b[A-Za-z])\+\+(?!\w)", " plus plus"),
    rule(r"(?<=\w)\+(?!\w)", " plus"),
    rule(r"#(?=\d)", _before_number),
    rule(r"#(?=\w)", "hashtag "),
    rule(r"(?:(?<!\w)~|≈) ?(?=[₹$€£]?\d)", lambda _found, place: f"{place.language.about} "),
    rule(
        r"(?:(?<=[\d)])|(?<=\b[A-Za-z])) ?[*×] ?(?=[\d(]|[A-Za-z]\b)",
        lambda _found, place: f" {place.language.times} ",
    ),
    rule(r"(?<=\d)x(?=\d)", " by "),
    rule(r" ?(?:>=|≥) ?(?=[\w₹$€£])", " at least "),
    rule(r" ?(?:<=|≤) ?(?=[\w₹$€£])", " at most "),
    rule(r" ?(?:!=|≠) ?(?=[\w₹$€£])", " not equal to "),
    rule(r" ?± ?(?=[₹$€£]?\d)", " plus or minus "),
    rule(
        r"(?<=[\w)}%])(?: ?=(?!=) ?| == |==(?=\w))(?=\S)",
        lambda _found, place: f" {place.language.equals} ",
    ),
    rule(r"(?<=\w) \+ (?=\S)|(?<=\w)\+(?=\w)", " plus "),
    rule(r"(?<=\w) ?< ?(?=\w)", " less than "),
    rule(r"(?<!\S)< ?(?=[₹$€£]?\d)", "less than "),
    rule(r"(?<=\w)(?: > |>)(?=\w)", " more than "),
    rule(r"(?<!\S)> ?(?=[₹$€£]?\d)", "more than "),
    rule(r"(?<=\d)\*\*(?=\d)", " to the power "),
    rule(r"(?<=[^\s\[])\[\d{1,3}(?:[,–-] ?\d{1,3})*\]", ""),
    rule(r"\\n(?![a-z])", PAUSE),
    rule(r"(?<=\w)`(?=\w)", "'"),
    rule(r"(?<=\d) ?÷ ?(?=\d)", " divided by "),
    rule(r"(?<!\S)[-−](?=[₹$€£]?\d)", "minus "),
    rule(r"(?<=\w) ?\^ ?(?=[\w{(-])", " to the power "),
    rule(r" ?° ?C\b", lambda _found, place: f" {place.language.degrees}"),
    rule(r"(?<=\w) ?& ?(?=\w)", lambda _found, place: f" {place.language.and_} "),
    rule(r"(?<=\w)_+(?=\w)", " underscore "),
    rule(r"(?<=\S) @ (?=\S)", " at "),
    rule(r"(?<=\S)\s(?:[-–—|•·])\s(?=\S)|\s?[|•·]\s?", PAUSE),
    rule(r"(?<=\w)[*_`~^\\{}\[\]<>#|=]+(?=\w)", " "),
    rule(r"[*_`~^\\{}\[\]<>#|=]+", ""),
)
