"""A span of time as what is rolled up of it, and what is not.

    since          first                first_day   last_day                last         until
      │ live, ≤ 1 h  │  hours, ≤ 23      │  days      │  hours, ≤ 23         │ live, ≤ 1 h  │

Hours and days are UTC's.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
ROLLED_UNTIL: Final = "SELECT rolled_until FROM rollup_state"


@dataclass(frozen=True, slots=True)
class Parts:
    """The moments in the drawing above."""

    first: datetime
    first_day: datetime
    last_day: datetime
    last: datetime

    @classmethod
    def of(cls, since: datetime, until: datetime, rolled_until: datetime | None) -> Self | None:
        """None where no whole hour of the span is rolled up."""
        first = _up(since, HOUR)
        if rolled_until is None or first >= (last := min(_down(until, HOUR), rolled_until)):
            return None
        first_day, last_day = _up(first, DAY), _down(last, DAY)
        if first_day > last_day:
            first_day = last_day = last
        return cls(first, first_day, last_day, last)


def _down(at: datetime, grain: timedelta) -> datetime:
    """The beginning of the hour or day that `at` is in."""
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return hour.replace(hour=0) if grain == DAY else hour


def _up(at: datetime, grain: timedelta) -> datetime:
    """The first beginning of one from `at` on."""
    down = _down(at, grain)
    return down if down == at else down + grain
