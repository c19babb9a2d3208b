"""The sound of one reply, growing while it is played."""

import asyncio
from typing import Final

from pipeline.audio import AGENT_BYTES_PER_S

MAX_REPLY_S: Final = 120
"""Sound that one reply may have. A model that goes on for longer is cut there."""
MAX_REPLY_BYTES: Final = MAX_REPLY_S * AGENT_BYTES_PER_S


class Sound:
    """Bytes that one side appends and the other reads by position."""

    def __init__(self) -> None:
        self._pcm = bytearray()
        self._grown = asyncio.Event()
        self.is_whole = False

    def __len__(self) -> int:
        return len(self._pcm)

    @property
    def is_full(self) -> bool:
        """Whether the bound is reached: nothing more is kept."""
        return len(self._pcm) >= MAX_REPLY_BYTES

    def append(self, pcm: bytes) -> None:
        """Add sound; what exceeds the bound is dropped."""
        self._pcm += pcm[: MAX_REPLY_BYTES - len(self._pcm)]
        self._grown.set()

    def finish(self) -> None:
        """No more sound will come."""
        self.is_whole = True
        self._grown.set()

    def read(self, position: int, size: int) -> bytes:
        """At most `size` bytes from `position`, whole samples only, empty if none are there."""
        end = min(position + size, len(self._pcm)) & ~1
        return bytes(self._pcm[position:end])

    async def grown_beyond(self, position: int) -> None:
        """Wait until there is a sample after `position`, or the sound is whole."""
        while len(self._pcm) < position + 2 and not self.is_whole:
            self._grown.clear()
            await self._grown.wait()
