"""A caller in virtual time: windows of sound, and words for the recogniser."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import numpy as np

from pipeline.audio import WINDOW_S, WINDOW_SAMPLES
from tests.unit.pipeline.fake_recogniser import FakeRecogniser

WORD_S: Final = 0.3


def _noise(rms: float) -> bytes:
    samples = np.random.default_rng(0).normal(0, rms, WINDOW_SAMPLES)
    return samples.astype("<i2").tobytes()


QUIET: Final = _noise(20)
VOICE: Final = _noise(3000)
CLATTER: Final = _noise(2900)
"""As loud as a voice, and none."""
_PROBABILITY: Final = {QUIET: 0.02, VOICE: 0.97, CLATTER: 0.1}


class FakeDetector:
    """Knows the three sounds that a fake caller makes; all else is silence."""

    def predict(self, pcm: bytes) -> float:
        return _PROBABILITY.get(pcm, 0.0)


class FakeCaller:
    """What it says takes 0.3 s a word, and is over when the coroutine returns."""

    def __init__(self, recogniser: FakeRecogniser) -> None:
        self._recogniser = recogniser
        self._sound = QUIET
        self._has_left = False
        self.spoke_until = 0.0

    async def windows(self) -> AsyncIterator[bytes]:
        """A window every 32 ms until the caller hangs up."""
        at = asyncio.get_running_loop().time()
        while not self._has_left:
            at += WINDOW_S
            await asyncio.sleep(at - asyncio.get_running_loop().time())
            yield self._sound

    async def say(self, text: str, *, pause_s: float = 0.0) -> None:
        """Speak `text`, then keep quiet for `pause_s`."""
        self._sound = VOICE
        for word in text.split():
            await asyncio.sleep(WORD_S)
            self._recogniser.overhear(word)
        await self._fall_quiet(pause_s)

    async def cough(self, duration_s: float = 0.3) -> None:
        """A voiced sound without words."""
        await self._make(VOICE, duration_s)

    async def clatter(self, duration_s: float = 0.3) -> None:
        """A loud sound that is no voice."""
        await self._make(CLATTER, duration_s)

    def hang_up(self) -> None:
        """No more sound comes."""
        self._has_left = True
        self._sound = QUIET

    async def _make(self, sound: bytes, duration_s: float) -> None:
        self._sound = sound
        await asyncio.sleep(duration_s)
        await self._fall_quiet(0.0)

    async def _fall_quiet(self, pause_s: float) -> None:
        self._sound = QUIET
        self.spoke_until = asyncio.get_running_loop().time()
        await asyncio.sleep(pause_s)
