"""What is dialled, typed or compared digit by digit: phone numbers, codes, numbers of documents.

+91 98765 43210 → plus 9 1, 9 8 7 6 5, 4 3 2 1 0     ORD-48213 → O R D, 4 8 2 1 3
1234 5678 9012 → 1 2 3 4, 5 6 7 8, 9 0 1 2           your OTP is 4829 → 4 8 2 9
"""

import re
from typing import Final

from pipeline.spoken.digits import apart, spelt, told
from pipeline.spoken.rule import Place, Rule, rule

_RUN: Final = re.compile(r"\d+")
_PART: Final = re.compile(r"\d+|[A-Za-z]+|[/_]")
_DATES: Final = ([2, 2, 4], [1, 2, 4], [4, 2, 2], [4, 2])
_LEAST_DIALLED: Final = 7
_NATIONAL: Final = 10
"""Digits after a country's code."""
_HALF_MOBILE: Final = 5
"""Digits of a group, as mobile numbers are written."""
_LEAST_IN_CODE: Final = 4
_LEAST_MIXED: Final = 3
"""Runs of digits between letters: A1B2C3."""
_LONGEST_SPELT: Final = 5
"""Capital letters in a row that are told one by one; a longer run is a word."""
_WORDS: Final = frozenset("ORDER TOKEN CLAIM TRAIN FLAT ROOM PLOT GATE SEAT LOAN BILL CASE".split())
_UNIT: Final = re.compile(r"[\d,]+(?:[a-z]+|[KMGT]B|[KM]?[WVA]|[kMG]?Hz|KM|KG|ML|BHK|mAh|kW[hp]?)")
_WITH_YEAR: Final = re.compile(r"\D*(?:19|20)\d\d")


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("19", "20")


def _dialled(found: re.Match[str], place: Place) -> str | None:
    """A number in groups, as it is grouped."""
    written = found.group()
    groups = _RUN.findall(written)
    if not (written[0] in "+(" or _is_grouped(groups, "-" in written, found, place)):
        return None
    if sum(map(len, groups)) < _LEAST_DIALLED and written[0] in "+(":
        return None
    if written[0] == "+" and len(groups) == 1 and len(groups[0]) > _NATIONAL:
        groups = [groups[0][:-_NATIONAL], groups[0][-_NATIONAL:]]
    spoken = ", ".join(map(told, groups))
    return apart(f"plus {spoken}" if written[0] == "+" else spoken, found)


def _is_grouped(groups: list[str], has_dashes: bool, found: re.Match[str], place: Place) -> bool:
    """Whether groups of digits are one number, and no range, date, list or amount."""
    sizes = [len(group) for group in groups]
    if len(groups) == 1 or all(map(_is_year, groups)) or sizes in _DATES:
        return False
    if sizes == [3, 3]:
        following = place.words_after(found)[:1]
        is_amount = groups[1] == "000" or not place.language.counted.isdisjoint(following)
        return not has_dashes and not is_amount
    if has_dashes and sizes == [4, 4] and _is_range(*map(int, groups)):
        return False
    is_mobile = sum(sizes) >= _NATIONAL and max(sizes) >= _HALF_MOBILE
    return sum(sizes) >= _LEAST_DIALLED and (sizes[0] > 2 or has_dashes or is_mobile)


def _is_range(first: int, last: int) -> bool:
    """Whether the second number is somewhat more than the first, as it seldom is by chance."""
    return first < last <= 2 * first or (first < last and not first % 50 and not last % 50)


def _code(found: re.Match[str], _place: Place) -> str | None:
    """Letters and digits that are no word: capitals and digits one by one."""
    written = found.group()
    runs = _RUN.findall(written)
    digits = "".join(runs)
    is_named = len(digits) == 3 and re.match(r"[A-Z]{2,}-", written) is not None
    if len(digits) < _LEAST_IN_CODE and not is_named and len(runs) < _LEAST_MIXED:
        return None
    if digits == written or _UNIT.fullmatch(written) or _WITH_YEAR.fullmatch(written):
        return None
    if not re.search(r"[A-Za-z]", written):
        return None
    return apart(", ".join(_say_part(part) for part in written.split("-") if part), found)


def _say_part(part: str) -> str:
    words = []
    for one in _PART.findall(part):
        if one.isdecimal():
            words.append(told(one))
        elif one in "/_":
            words.append("slash" if one == "/" else "underscore")
        else:
            is_spelt = one.isupper() and len(one) <= _LONGEST_SPELT and one not in _WORDS
            words.append(" ".join(one) if is_spelt else one)
    return " ".join(words)


def _short_code(found: re.Match[str], place: Place) -> str | None:
    """Three or four digits, where the words around them say that they are a code."""
    before = place.words_before(found)
    following = place.words_after(found)[:1]
    if not place.language.counted.isdisjoint(following):
        return None
    near = before[-1:] if len(found.group()) == 3 else place.words_nearby(found)
    return None if place.language.codes.isdisjoint(near) else spelt(found.group())


def _ussd(code: str) -> str:
    """What is typed for a service: *99#."""
    signs = {"*": "star", "#": "hash"}
    return " ".join(signs.get(sign, sign) for sign in code)


RULES: Final[tuple[Rule, ...]] = (
    rule(r"(?<!\w)\*\d+(?:\*\d+)*#", lambda found, _place: _ussd(found.group())),
    rule(
        r"(?<![\w*])[Xx*•]{2,12}(?:[ -][Xx*•]{2,12}){0,5}[ -]?(\d{2,6})(?!\w)",
        lambda found, _place: spelt(found[1]),
    ),
    rule(
        r"(?<![\w.,₹$€£:-])(?:\+\d{1,3}[ -]?|1[ -])?(?:\(\d{2,5}\)[ -]?)?"
        r"\d{2,12}(?:[ -]\d{2,10}){0,4}(?!\w|[.,:]\d|-\d| \d\d)",
        _dialled,
    ),
    rule(
        r"(?<![\w@./#-])(?=[A-Za-z/_-]{0,24}\d)[A-Za-z0-9]+(?:[-/_][A-Za-z0-9]+)*(?![\w@])", _code
    ),
    rule(r"(?<![\w.,₹$€£:/-])\d{3,4}(?!\w|[.,:/-]\d| ?[%°])", _short_code),
)
