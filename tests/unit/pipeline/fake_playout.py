"""A way out for sound that plays in virtual real time and keeps every sample that left."""

import asyncio
from typing import Final

from pipeline.audio import AGENT_BYTES_PER_S

CAPACITY_S: Final = 0.2


class FakePlayout:
    """The room's audio source: a queue that drains in real time, and blocks when it is full."""

    def __init__(self) -> None:
        self.left = bytearray()
        self.last_left_at = 0.0
        self.pushed_at: list[float] = []
        self._queue = bytearray()
        self._since = 0.0

    async def push(self, pcm: bytes) -> None:
        self._play()
        if not self._queue:
            self._since = _now()
        self._queue += pcm
        self.pushed_at.append(_now())
        await asyncio.sleep(max(0.0, self.queued_s - CAPACITY_S))

    @property
    def queued_s(self) -> float:
        self._play()
        return len(self._queue) / AGENT_BYTES_PER_S

    def clear(self) -> None:
        self._play()
        self._queue.clear()

    def _play(self) -> None:
        """Let go what has left by now, whole samples."""
        n_samples = int((_now() - self._since) * AGENT_BYTES_PER_S / 2 + 1e-6)
        n_bytes = min(2 * n_samples, len(self._queue))
        if n_bytes <= 0:
            return
        self.left += self._queue[:n_bytes]
        del self._queue[:n_bytes]
        self._since += n_bytes / AGENT_BYTES_PER_S
        self.last_left_at = self._since


def _now() -> float:
    return asyncio.get_running_loop().time()
