"""Moments, durations and amounts as the API writes them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

_CREDIT_DIGITS: Final = 6
_SECOND_DIGITS: Final = 3


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC with `Z`, to the millisecond."""
    if at is None:
        return None
    # By position: with a name for `timespec` it takes twice as long, and lists hold many.
    return at.astimezone(UTC).isoformat("T", "milliseconds")[:-6] + "Z"


def seconds(value: float | None) -> float | int | None:
    """To the millisecond."""
    return None if value is None else plain(round(value, _SECOND_DIGITS))


def amount(value: Decimal) -> float | int:
    """Credits, or a quantity that they were paid for, with at most six decimals."""
    return plain(float(round(value, _CREDIT_DIGITS)))


def plain(value: float) -> float | int:
    """A whole number without its `.0`."""
    return int(value) if value.is_integer() else value
