"""The caller's sound while nobody may answer it yet: kept, then heard from where it matters."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Final

from pipeline.audio import WINDOW_S

KEPT_S: Final = 30.0
"""More than a hand-over takes; older sound is dropped."""
KEPT_WINDOWS: Final = round(KEPT_S / WINDOW_S)


class KeptSound:
    """Collects windows of 512 samples at 16 kHz until `heard` is asked for them."""

    def __init__(self, windows: AsyncIterator[bytes]) -> None:
        self._windows = windows
        self._kept: deque[bytes] = deque(maxlen=KEPT_WINDOWS)
        self._news = asyncio.Event()
        self._is_over = False

    async def keep(self) -> None:
        """Take windows until they end, or cancelled: then there are no more."""
        try:
            async for pcm in self._windows:
                self._kept.append(pcm)
                self._news.set()
        finally:
            self._is_over = True
            self._news.set()

    def put_before(self, earlier: Sequence[bytes]) -> None:
        """What came before the first of the windows; of what is too much in all the oldest go."""
        n_over = max(0, len(earlier) + len(self._kept) - KEPT_WINDOWS)
        self._kept.extendleft(reversed(earlier[n_over:]))

    @property
    def kept_s(self) -> float:
        """How much there is, in seconds."""
        return len(self._kept) * WINDOW_S

    def drop_all_but(self, last_s: float) -> float:
        """Forget what is older; how much there is left, in seconds."""
        n_left = round(last_s / WINDOW_S)
        while len(self._kept) > n_left:
            self._kept.popleft()
        return self.kept_s

    async def heard(self) -> AsyncIterator[bytes]:
        """What is kept, and what comes."""
        while True:
            while self._kept:
                yield self._kept.popleft()
            if self._is_over:
                return
            self._news.clear()
            await self._news.wait()
