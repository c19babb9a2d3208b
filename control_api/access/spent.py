"""Who has used up its minute, for a moment: whoever asks on and on is refused without a statement
for each time."""

import asyncio
from collections.abc import Hashable
from typing import Final, Generic, TypeVar

Who = TypeVar("Who", bound=Hashable)
Found = TypeVar("Found")

KEPT_S: Final = 1.0
"""So late is a limit that was raised noticed."""


class Spent(Generic[Who, Found]):
    """What was found of those who are above their limits, as many as that are."""

    def __init__(self) -> None:
        self._found: dict[Who, Found] = {}

    def find(self, who: Who) -> Found | None:
        """None: it has to be counted."""
        return self._found.get(who)

    def keep(self, who: Who, found: Found, minute_left_s: float) -> None:
        """Until its minute is over, and not for long."""
        if who not in self._found and minute_left_s > 0:
            self._found[who] = found
            asyncio.get_running_loop().call_later(
                min(minute_left_s, KEPT_S), self._found.pop, who, None
            )
