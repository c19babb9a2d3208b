"""When a part that died is started again: as an orchestrator would, a crash loop apart."""

from collections import deque
from typing import Final

WINDOW_S: Final = 60.0
WAITS_S: Final = (0.0, 0.5, 1.0, 2.0)
"""Before each new start of those within the window; one death more is a crash loop."""
MOST_DEATHS: Final = len(WAITS_S) + 1


class Restarts:
    """One part's deaths. Pure: the moments are the caller's."""

    def __init__(self) -> None:
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)

    def wait_s(self, died_at: float) -> float | None:
        """Seconds until the next start, None when the part has died too often for one.

        Deaths come in order.
        """
        self._deaths.append(died_at)
        while died_at - self._deaths[0] >= WINDOW_S:
            self._deaths.popleft()
        n_before = len(self._deaths) - 1
        return WAITS_S[n_before] if n_before < len(WAITS_S) else None
