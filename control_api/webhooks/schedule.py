"""When a delivery that failed is tried again."""

from collections.abc import Callable, Sequence
from typing import Final

# Endpoints that failed together are not all asked again at the same moment.
_MOST_JITTER: Final = 0.2


def retry_in_s(
    attempts: int, waits_s: Sequence[float], random: Callable[[], float]
) -> float | None:
    """Seconds until the next attempt once `attempts` have failed; None when that was the last.

    `random` gives numbers in [0, 1); a wait is never shorter than the schedule says.
    """
    if attempts > len(waits_s):
        return None
    return waits_s[attempts - 1] * (1 + _MOST_JITTER * random())
