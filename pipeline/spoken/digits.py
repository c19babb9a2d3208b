"""Digits: one by one, in groups that can be written down, or as one number."""

import re
from typing import Final

_GROUPS: Final = {10: (5, 5), 11: (5, 6), 12: (4, 4, 4), 16: (4, 4, 4, 4)}
"""How a long number that is written without gaps is told: mobile numbers in fives."""
_DIGIT: Final = re.compile(r"\d")
_NUMBER_FOLLOWS: Final = re.compile(r" \d")
_TO_ASCII: Final = {
    zero + digit: str(digit)
    for zero in (0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66)
    for digit in range(10)
}


def ascii_digits(text: str) -> str:
    """The digits of every Indic script as 0 to 9, which the voice reads in any language."""
    return text.translate(_TO_ASCII)


def spelt(digits: str) -> str:
    """One by one."""
    return " ".join(_DIGIT.findall(digits))


def told(digits: str) -> str:
    """One by one, with a pause after each group."""
    parts, at = [], 0
    for size in _GROUPS.get(len(digits), (len(digits),)):
        parts.append(spelt(digits[at : at + size]))
        at += size
    return ", ".join(parts)


def apart(spoken: str, found: re.Match[str]) -> str:
    """What was found, with a pause before another number."""
    return f"{spoken}," if _NUMBER_FOLLOWS.match(found.string, found.end()) else spoken


def counted(digits: str) -> str:
    """As one number, in thousands, lakhs and crores: 1,23,45,678."""
    head, tail = digits[:-3], digits[-3:]
    pairs = re.findall(r"\d{1,2}", head[::-1])
    return ",".join([*(pair[::-1] for pair in reversed(pairs)), tail])
