"""How many processes wait warm for the sessions to come: as many as came at once of late.

    sessions came   |  |      ||||||        |       |
                              <---->                             6 while one process is warmed
                    <─ remembered: MEMORY_S ─────────><─ not yet ─> now

One that has just come does not count yet: those that begin need the processor themselves.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

MEMORY_S: Final = 60.0
NOT_YET_S: Final = 3.0
FIRST_GUESS_S: Final = 1.0
N_TIMED: Final = 8
PROCESS_MB: Final = 40
"""What one more takes of a machine's memory until its session begins, and a little."""
SPARED_MB: Final = 256
"""Left to the sessions that are there."""


def most_at_once(came_at: Sequence[float], within_s: float) -> int:
    """Of those times, which ascend, the most that lie within a stretch of that length."""
    most = first = 0
    for last, at in enumerate(came_at):
        while came_at[first] < at - within_s:
            first += 1
        most = max(most, last - first + 1)
    return most


def affordable(free_mb: float | None) -> float:
    """How many more processes that memory bears; any number where nobody knows it."""
    return math.inf if free_mb is None else max(0, (free_mb - SPARED_MB) // PROCESS_MB)


class Reserve:
    """Between `least` and `most`, by what it is told of; `clock` gives seconds.

    `ready` are the processes that wait, by whatever tells them apart.
    """

    def __init__(self, least: int, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.least: Final = least
        self.most: Final = max(least, most)
        self.ready: Final[set[object]] = set()
        self._clock = clock
        self._came_at: deque[float] = deque()
        self._begun_at: dict[object, float] = {}
        self._took_s: deque[float] = deque(maxlen=N_TIMED)

    def session_came(self) -> None:
        """One that will have a process."""
        self._came_at.append(self._clock())

    def begun(self, process: object) -> None:
        """It is being started."""
        self._begun_at[process] = self._clock()

    def warmed(self, process: object) -> None:
        """It waits."""
        self.ready.add(process)
        if process in self._begun_at:
            self._took_s.append(self._clock() - self._begun_at.pop(process))

    def used(self, process: object) -> None:
        """It has a session, or is gone."""
        self.ready.discard(process)
        self._begun_at.pop(process, None)

    def wanted(self, *, n_places: int, free_mb: float | None) -> int:
        """How many should wait, with so many places for sessions that are not taken."""
        now = self._clock()
        while self._came_at and self._came_at[0] < now - NOT_YET_S - MEMORY_S:
            self._came_at.popleft()
        came_at = [at for at in self._came_at if at <= now - NOT_YET_S]
        slowest_s = max(self._took_s, default=FIRST_GUESS_S)
        likely = min(self.most, most_at_once(came_at, slowest_s))
        borne = min(likely, len(self.ready) + affordable(free_mb))
        return int(min(max(self.least, borne), n_places))
