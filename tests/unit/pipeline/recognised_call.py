"""A caller, the recogniser, and both recognition services in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final as Constant

import numpy as np

from core.catalog import Catalog
from core.errors import ProviderError
from core.setting_groups import SarvamSettings
from pipeline.clock import now
from pipeline.ports import Final, Partial
from pipeline.providers.sarvam_dialect import Dialect, RecognitionOptions
from pipeline.providers.sarvam_legacy import LegacyDialect
from pipeline.providers.sarvam_realtime import RealtimeDialect
from pipeline.providers.sarvam_recogniser import SarvamRecogniser
from tests.unit.pipeline.fake_wire import FakeService, FakeWire

_LANGUAGE: Constant = next(one for one in Catalog.load().languages if one.id == "en-IN")
_OPTIONS: Constant = RecognitionOptions(_LANGUAGE, "saaras:v3-realtime")
_NOISE: Constant = np.random.default_rng(7).integers(-9000, 9000, 400_000).astype("<i2").tobytes()
WINDOW: Constant = 1024
ALIVE_S: Constant = 0.2
"""By now the connection is there."""


def voice(seconds: float, *, at: float = 0.0) -> bytes:
    """A part of the noise that stands for a caller's voice."""
    start = int(at * 16_000) * 2
    return _NOISE[start : start + int(seconds * 16_000) * 2]


class Realtime(RealtimeDialect):
    def __init__(self, service: FakeService) -> None:
        super().__init__(SarvamSettings(), _OPTIONS)
        self._service = service

    async def dial(self) -> FakeWire:
        return await self._service.accept()


class Legacy(LegacyDialect):
    def __init__(self, service: FakeService) -> None:
        super().__init__(SarvamSettings(), _OPTIONS)
        self._service = service

    async def dial(self) -> FakeWire:
        return await self._service.accept()


class Call:
    """A caller, the recogniser, and both services behind it."""

    def __init__(self) -> None:
        self.realtime, self.legacy = FakeService(), FakeService()
        self.realtime.greet = lambda wire: wire.bring(event="session.begin")
        self.results: list[Partial | Final] = []
        self.error: ProviderError | None = None
        self.lost_at: float | None = None
        self.recogniser: SarvamRecogniser

    @property
    def finals(self) -> list[tuple[str, int | None]]:
        return [(one.text, one.utterance) for one in self.results if isinstance(one, Final)]

    async def say(self, seconds: float, *, at: float = 0.0) -> None:
        """A part of an utterance in real time."""
        pcm = voice(seconds, at=at)
        for start in range(0, len(pcm), WINDOW):
            self.recogniser.hear(pcm[start : start + WINDOW])
            await asyncio.sleep(0.032)

    async def take(self) -> None:
        try:
            async for result in self.recogniser.results():
                self.results.append(result)
        except ProviderError as exc:
            self.error, self.lost_at = exc, now()


@asynccontextmanager
async def called(*, only_legacy: bool = False) -> AsyncIterator[Call]:
    call = Call()
    dialects: list[Dialect] = [Realtime(call.realtime), Legacy(call.legacy)]
    recogniser = SarvamRecogniser(dialects[only_legacy:], final_timeout_s=2.5)
    async with recogniser.kept_up() as call.recogniser:
        taking = asyncio.create_task(call.take())
        yield call
        taking.cancel()
        await asyncio.wait([taking])


def sound(wire: FakeWire) -> bytes:
    return b"".join(one for one in wire.sent if isinstance(one, bytes))


def marks(wire: FakeWire) -> list[str]:
    return [one for one in wire.events if isinstance(one, str)]


def bring_final(wire: FakeWire, text: str, utterance: int = 0) -> None:
    wire.bring(event="transcript.final", utterance_idx=utterance, text=text)


def bring_partial(wire: FakeWire, text: str, utterance: int = 0) -> None:
    wire.bring(event="transcript.partial", utterance_idx=utterance, text=text)
