"""Waiting for moments on the monotonic clock: deadlines do not drift as summed sleeps do."""

import asyncio
import time

import numpy as np


async def wait_until(deadline_s: float) -> None:
    """Return at ``deadline_s`` of ``time.monotonic``; at once when that has passed."""
    remaining_s = deadline_s - time.monotonic()
    if remaining_s > 0:
        await asyncio.sleep(remaining_s)


class Jitter:
    """Seeded extra latency: uniform in 0…``most_ms``."""

    def __init__(self, most_ms: int, seed: int) -> None:
        self._most_ms = most_ms
        self._random = np.random.default_rng(seed)

    def draw_s(self) -> float:
        if self._most_ms == 0:
            return 0.0
        return float(self._random.uniform(0.0, self._most_ms)) / 1000.0
