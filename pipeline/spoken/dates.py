"""Days and times of the day: the day first, the month by its name, the clock by halves of a day."""

import re
from typing import Final

from pipeline.spoken.rule import Place, Rule, rule

_SHORT_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NOON: Final = 12
_EVENING: Final = 16
_NIGHT: Final = 19


def _date(day: int, month: int, year: str, place: Place) -> str | None:
    """None where it is no date: the month counts, a day is not looked up in a calendar."""
    if month > 12 >= day:
        day, month = month, day
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    full_year = int(year) if len(year) == 4 else 2000 + int(year)
    return f"{day} {place.language.months[month - 1]} {full_year}"


def _year_first(found: re.Match[str], place: Place) -> str | None:
    year, _, month, day = found.groups()
    return _date(int(day), int(month), year, place) if int(month) <= 12 else None


def _day_first(found: re.Match[str], place: Place) -> str | None:
    day, sign, month, year = found.groups()
    if sign == "." and len(year) == 2:
        return None
    return _date(int(day), int(month), year, place)


def _named_month(found: re.Match[str], place: Place) -> str | None:
    day, month, year = found.groups()
    return _date(int(day), _SHORT_MONTHS.index(month.casefold()) + 1, year, place)


def _after_noon(found: re.Match[str], place: Place) -> str | None:
    """22:15 is 10:15 at night. What is on the first half of the dial is read well as it is."""
    hour, minutes = int(found[1]), found[2]
    return _clock(hour, minutes, found, place) if hour > _NOON else None


def _stamp(found: re.Match[str], place: Place) -> str | None:
    """A machine's day and time, without its seconds and its zone."""
    year, month, day, hour, minutes = found.groups()
    said = _date(int(day), int(month), year, place) if int(month) <= 12 else None
    is_late = int(hour) > _NOON
    clock = _clock(int(hour), minutes, found, place) if is_late else f"{int(hour)}:{minutes}"
    return None if said is None else f"{said}, {clock}"


def _clock(hour: int, minutes: str, found: re.Match[str], place: Place) -> str:
    if not place.language.parts:
        return f"{hour - 12} PM" if minutes == "00" else f"{hour - 12}:{minutes} PM"
    afternoon, evening, night = place.language.parts
    part = afternoon if hour < _EVENING else evening if hour < _NIGHT else night
    is_told = not place.language.told.isdisjoint(place.words_before(found))
    return f"{hour - 12}:{minutes}" if is_told else f"{part} {hour - 12}:{minutes}"


RULES: Final[tuple[Rule, ...]] = (
    rule(
        r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)(?::\d{2}(?:\.\d{1,9})?)?"
        r"(?:Z|[+-]\d{2}:?\d{2})?(?![\w:])",
        _stamp,
    ),
    rule(r"(?<![\d/-])(\d{4})([-/])(\d{2})\2(\d{2})(?![\d/-])", _year_first),
    rule(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-]|\.\d)", _day_first),
    rule(
        rf"(?<![\w/-])(\d{{1,2}})[-/]({'|'.join(_SHORT_MONTHS)})[a-z]{{0,6}}[-/](\d{{4}}|\d{{2}})(?!\w)",
        _named_month,
        re.IGNORECASE,
    ),
    rule(
        r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?:\s?(?:[ap]\.?m\.?|hrs|hours)(?!\w))?(?![\d:])",
        _after_noon,
        re.IGNORECASE,
    ),
    rule(
        r"(?<![\d.])(1[0-2]|0?[1-9])\.([0-5]\d)(?=\s?[ap]\.?m\b)",
        lambda found, _place: f"{found[1]}:{found[2]}",
        re.IGNORECASE,
    ),
)
