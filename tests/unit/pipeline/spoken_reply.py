"""A voice in memory and a listener to its replies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from pipeline.audio import agent_seconds
from pipeline.clock import now
from pipeline.faults import Faults
from pipeline.ports import Audio, FlushDone, Speech
from pipeline.providers.sarvam_voice import SarvamVoice, VoiceOptions
from tests.unit.pipeline.fake_tts import FakeTts

OPTIONS: Final = VoiceOptions("bulbul:v3", "kavya", "en-IN", "shubh")


class Listener:
    """Hears a reply in real time, from its first sound on: `longest_gap_s` is how long it had to
    wait for more in the midst of it, `is_seamless` what the voice says of it."""

    def __init__(self) -> None:
        self.pcm = b""
        self.is_seamless = True
        self.longest_gap_s = 0.0
        self._runs_out_at: float | None = None

    async def hear(self, speech: Speech, n_flushes: int) -> bytes:
        """Listen until so many flushes are answered."""
        async for item in speech.sound():
            if isinstance(item, Audio):
                self._take(item.pcm)
            else:
                assert isinstance(item, FlushDone)
                self.is_seamless &= item.is_seamless
                n_flushes -= 1
                if not n_flushes:
                    return self.pcm
        raise AssertionError("sound has no end of its own")

    def _take(self, pcm: bytes) -> None:
        self.pcm += pcm
        if self._runs_out_at is None:
            self._runs_out_at = now()
        self.longest_gap_s = max(self.longest_gap_s, now() - self._runs_out_at)
        self._runs_out_at = max(self._runs_out_at, now()) + agent_seconds(len(pcm))


class Spoken:
    """A voice, its service, and whoever spoke in another's place."""

    def __init__(self) -> None:
        self.service = FakeTts()
        self.substitutes: list[str] = []
        self.faults = Faults()
        self.listener = Listener()
        self.voice = SarvamVoice(
            OPTIONS,
            self.service.accept,
            answer_timeout_s=4.0,
            on_substitute=self.substitutes.append,
            faults=self.faults,
        )

    async def reply(self, *groups: str) -> bytes:
        """The sound of a reply whose groups are flushed each."""
        self.listener = Listener()
        async with self.voice.speak() as speech:
            for text in groups:
                await speech.say(text)
                await speech.flush()
            return await self.listener.hear(speech, len(groups))

    async def fail(self, *faults: tuple[str, float] | None) -> None:
        """The next sockets will have these faults."""
        self.service.faults.extend(faults)
        for wire in self.service.wires:
            wire.end()
        await asyncio.sleep(1.0)


@asynccontextmanager
async def voiced() -> AsyncIterator[Spoken]:
    """A voice with its spare warm."""
    spoken = Spoken()
    async with spoken.voice.kept_warm():
        await asyncio.sleep(0.1)
        yield spoken
