"""A voice whose sound is recognisable to the sample: no two replies share their noise."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import numpy as np

from core.errors import ProviderClosed
from pipeline.audio import AGENT_BYTES_PER_S
from pipeline.ports import Audio, FlushDone

CHARS_PER_S: Final = 14.0
CHUNK_S: Final = 0.1
CHUNK_EVERY_S: Final = 0.01
STARTS_AT_CHARS: Final = 30
"""So much text is spoken without a flush."""


class FakeSpeech:
    """One reply: `text` as it was said, `pcm` as it was made, `is_closed` when it was left."""

    def __init__(self, voice: "FakeVoice", seed: int) -> None:
        self.text = ""
        self.pcm = bytearray()
        self.is_closed = False
        self._voice = voice
        self._noise = np.random.default_rng(seed)
        self._unflushed = ""
        self._due: asyncio.Queue[tuple[str, bool]] = asyncio.Queue()

    async def say(self, text: str) -> None:
        self._voice.check()
        self.text += text
        self._unflushed += text
        if len(self._unflushed) >= STARTS_AT_CHARS:
            self._start(is_flush=False)

    async def flush(self) -> None:
        self._voice.check()
        self._start(is_flush=True)

    def _start(self, *, is_flush: bool) -> None:
        self._due.put_nowait((self._unflushed, is_flush))
        self._unflushed = ""

    async def sound(self) -> AsyncIterator[Audio | FlushDone]:
        while True:
            text, is_flush = await self._due.get()
            await asyncio.sleep(self._voice.ttfb_s)
            if text.strip() == self._voice.skips:
                text = ""
            left = int(len(text) / CHARS_PER_S * AGENT_BYTES_PER_S) & ~1
            while left > 0:
                self._voice.check()
                if self._voice.breaks_after_s * AGENT_BYTES_PER_S <= len(self.pcm):
                    raise ProviderClosed("voice", "broke off")
                size = min(left, self._voice.chunk_bytes)
                left -= size
                yield Audio(self._make(size))
                await asyncio.sleep(CHUNK_EVERY_S)
            if is_flush:
                yield FlushDone(self._voice.is_seamless)

    def _make(self, size: int) -> bytes:
        """Noise without a zero byte, so that padding is told apart."""
        pcm = self._noise.integers(1, 256, size, dtype=np.uint8).tobytes()
        self.pcm += pcm
        return pcm


class FakeVoice:
    """Speaks 14 characters a second, much faster than real time; of the text `skips` nothing."""

    def __init__(self) -> None:
        self.speeches: list[FakeSpeech] = []
        self.ttfb_s = 0.08
        self.chunk_bytes = int(CHUNK_S * AGENT_BYTES_PER_S)
        self.breaks_after_s = float("inf")
        self.is_broken = False
        self.skips: str | None = None
        self.manner = "fake"
        self.is_seamless = True

    @asynccontextmanager
    async def speak(self) -> AsyncIterator[FakeSpeech]:
        self.check()
        speech = FakeSpeech(self, seed=len(self.speeches))
        self.speeches.append(speech)
        try:
            yield speech
        finally:
            speech.is_closed = True

    def check(self) -> None:
        """Raise when the provider is away."""
        if self.is_broken:
            raise ProviderClosed("voice", "unreachable")
