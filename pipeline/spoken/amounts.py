"""Amounts and long numbers: with commas, which the voice reads in lakhs and crores."""

import re
from typing import Final

from pipeline.spoken.digits import apart, counted, told
from pipeline.spoken.rule import Place, Rule, rule

SPELT_DIGITS: Final = 6
"""A number without commas is told digit by digit from here on, unless something says that it is an
amount: codes, postal codes and phone numbers have six and more."""
NUMBERED_DIGITS: Final = 5
"""And from here on after "order" or "account"."""
MOST_ROUND: Final = 9
"""Digits of a round number, which is an amount."""
_CURRENCY: Final = r"(?:₹|(?<!\w)(?:Rs\.?|INR|रु\.?|रू\.?))"
_NUMBER: Final = r"(\d+(?:,\d+)*)(\.\d+)?"
_SCALES: Final = {
    "k": "thousand",
    "K": "thousand",
    "L": "lakh",
    "lac": "lakh",
    "lacs": "lakh",
    "Cr": "crore",
    "cr": "crore",
    "CR": "crore",
}
_ABROAD: Final = {
    **dict.fromkeys(("k", "K"), "thousand"),
    **dict.fromkeys(("M", "mn", "m"), "million"),
    **dict.fromkeys(("B", "bn", "b"), "billion"),
    **dict.fromkeys(("T", "tn"), "trillion"),
}
_SCALE_WORDS: Final = frozenset("thousand lakh lakhs crore crores million billion".split())


def _with_commas(number: str) -> str:
    return counted(number) if number.isdecimal() and len(number) > 4 else number


def _scaled(found: re.Match[str], place: Place) -> str | None:
    """ "₹2.5 lakh" is said with the rupees last."""
    number, decimals, scale = found[1], found[2] or "", found[3]
    scales = place.language.scales
    if scale == "CR" and decimals and "," in number:
        return None  # the credit side of an account
    if scale in _SCALES:
        scale = scales[_SCALES[scale]]
    elif scale.casefold() not in _SCALE_WORDS and scale not in scales.values():
        return None
    return f"{number}{decimals} {scale} {place.language.rupees}"


def _amount(found: re.Match[str], _place: Place) -> str:
    return f"{found[1]}{_with_commas(found[2])}{found[3] or ''}"


def _only(found: re.Match[str], place: Place) -> str:
    return f"{_with_commas(found[1])}{found[2] or ''} {place.language.rupees}"


def _in_short(found: re.Match[str], place: Place) -> str:
    return f"{found[1]} {place.language.scales[_SCALES[found[2]]]}"


def _number(found: re.Match[str], place: Place) -> str:
    """An amount where it is of something or round; else what is copied digit by digit."""
    digits = found.group()
    return counted(digits) if _is_amount(digits, found, place) else apart(told(digits), found)


def _is_amount(digits: str, found: re.Match[str], place: Place) -> bool:
    language, before = place.language, place.words_before(found)
    if digits[0] == "0":
        return False
    if not language.counted.isdisjoint(place.words_after(found)[:1]):
        return True
    if not language.codes.isdisjoint(place.words_nearby(found)):
        return False
    if not language.valued.isdisjoint(before):
        return True
    if digits.endswith("000") and len(digits) <= MOST_ROUND:
        return True
    is_numbered = not language.numbered.isdisjoint(before)
    return len(digits) < (NUMBERED_DIGITS if is_numbered else SPELT_DIGITS)


RULES: Final[tuple[Rule, ...]] = (
    rule(rf"{_CURRENCY} ?{_NUMBER} ?([^\s\d.,;:!?()/-]+)", _scaled),
    rule(rf"({_CURRENCY} ?){_NUMBER}(?:/-)?", _amount),
    rule(rf"(?<![\w.,]){_NUMBER}/-(?!\w)", _only),
    rule(
        r"([$€£] ?\d+(?:[.,]\d+)*) ?(k|K|M|mn|m|B|bn|b|T|tn)(?!\w)",
        lambda found, _place: f"{found[1]} {_ABROAD[found[2]]}",
    ),
    rule(r"([$€£] ?)(\d{5,15})(?!\d|,\d)", lambda found, _place: f"{found[1]}{int(found[2]):,}"),
    rule(
        r"(?<![\w.,₹-])(?<!\d )\d{1,3} 000(?!\w| ?\d)",
        lambda found, _place: counted(found.group().replace(" ", "")),
    ),
    rule(r"(?<![\w.,])(\d+(?:\.\d+)?) ?(k|Cr|cr)(?!\w)", _in_short),
)
NUMBERS: Final[tuple[Rule, ...]] = (rule(r"(?<![\w.,₹$€£])\d{5,}(?!\w|[.,]\d)", _number),)
"""After all that has digits in it and is more than a number."""
