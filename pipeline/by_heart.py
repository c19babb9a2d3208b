"""A voice that is not asked for what it has by heart.

    said      "Sure." flush          "We are open from …" flush
    sound     ▆▇▅ at once ── done    ▆▇▅▆▇▆▅▆▇▆▅▆▇▆ ── done
    voice     (opened meanwhile)     asked for this alone

What is flushed on its own is spoken on its own, so that kept sound is what the voice would make.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Self

from core.metrics import VOICE_CLAUSES
from core.supervision import Tasks, stop_tasks
from pipeline.ports import Audio, FlushDone, Speech, Voice
from pipeline.repertoire import Clause, Repertoire, is_whole_sound

MOST_WAITING: Final = 64
"""Pieces of the voice's sound that wait to be taken; then the voice has to wait."""

Item = Audio | FlushDone


class VoiceByHeart:
    """Implements `pipeline.ports.Voice` on another; use `opened`. The texts of `sure` are said in
    every session."""

    def __init__(
        self, voice: Voice, repertoire: Repertoire, tasks: Tasks, sure: Collection[str] = ()
    ) -> None:
        self._sure = sure
        self._voice = voice
        self._repertoire = repertoire
        self._tasks = tasks

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, voice: Voice, repertoire: Repertoire, sure: Collection[str] = ()
    ) -> AsyncIterator[Self]:
        """What it hears it tells the repertoire in the background, until the block's end."""
        async with Tasks.owned(lambda _name, _error: None) as tasks:
            yield cls(voice, repertoire, tasks, sure)

    @property
    def manner(self) -> str:
        """The voice's own."""
        return self._voice.manner

    @asynccontextmanager
    async def speak(self) -> AsyncIterator["SpeechByHeart"]:
        """Start a reply; the voice is opened in the background. Where it cannot be, the sound of
        what it is needed for raises `ProviderError`, after what is known before that."""
        speech = SpeechByHeart(self)
        holding = asyncio.create_task(speech.hold(self._voice), name="voice-hold")
        try:
            yield speech
        finally:
            await stop_tasks([holding])

    async def known(self, text: str) -> bytes | None:
        """The sound of a text, spoken on its own."""
        clause = Clause(self.manner, text)
        return await self._repertoire.sound_of(clause) if clause.may_recur else None

    def learn(self, text: str, pcm: bytes) -> None:
        """A text was spoken on its own, and this is all of its sound."""
        clause = Clause(self.manner, text)
        if clause.may_recur and is_whole_sound(pcm):
            hearing = self._repertoire.hear(clause, pcm, is_sure=text in self._sure)
            self._tasks.start("repertoire", hearing)


@dataclass(slots=True)
class _Line:
    """Text up to one flush. `known` is its sound, as long as nothing else belongs to the line."""

    pieces: list[str] = field(default_factory=list)
    known: bytes | None = None
    is_flushed: bool = False

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces).split())


class SpeechByHeart:
    """One reply. Implements `pipeline.ports.Speech`."""

    def __init__(self, voice: VoiceByHeart) -> None:
        self._voice = voice
        self._lines: deque[_Line] = deque()
        self._inner: Speech | None = None
        self._failure: Exception | None = None
        self._is_opened = asyncio.Event()
        self._has_news = asyncio.Event()
        self._items: asyncio.Queue[Item | None] = asyncio.Queue(MOST_WAITING)

    async def hold(self, voice: Voice) -> None:
        """Open the voice, and hear it from then on; `sound` tells why it failed."""
        try:
            async with voice.speak() as inner:
                self._inner = inner
                self._is_opened.set()
                async for item in inner.sound():
                    await self._items.put(item)
        except Exception as exc:  # theirs who speak
            self._failure = exc
        self._is_opened.set()
        await self._items.put(None)

    async def say(self, text: str) -> None:
        """Add text. What is known by heart is held back until it is flushed, or goes on."""
        if self._lines and not self._lines[-1].is_flushed:
            await self._go_on(self._lines[-1], text)
            return
        line = _Line([text], await self._voice.known(" ".join(text.split())))
        self._lines.append(line)
        self._has_news.set()
        if line.known is None and (inner := await self._opened()):
            await inner.say(text)

    async def flush(self) -> None:
        """Speak what was said."""
        if not self._lines or self._lines[-1].is_flushed:
            self._lines.append(_Line())
        line = self._lines[-1]
        line.is_flushed = True
        self._has_news.set()
        VOICE_CLAUSES.labels("made" if line.known is None else "kept").inc()
        if line.known is None and (inner := await self._opened()):
            await inner.flush()

    async def sound(self) -> AsyncIterator[Item]:
        """The lines' sound in their order."""
        while True:
            line = await self._next_line()
            if line.known is not None:
                yield Audio(line.known, is_kept=True)
                yield FlushDone()
            else:
                pcm = bytearray()
                while isinstance(item := await self._take(), Audio):
                    pcm += item.pcm
                    yield item
                if item.is_seamless:
                    self._voice.learn(line.text, bytes(pcm))
                yield item
            self._lines.popleft()

    async def _go_on(self, line: _Line, text: str) -> None:
        """More of a line. Where its beginning was known, the voice has to say it after all."""
        was_known, line.known = line.known is not None, None
        line.pieces.append(text)
        self._has_news.set()
        if inner := await self._opened():
            if was_known:
                await inner.say(line.pieces[0])
            await inner.say(text)

    async def _next_line(self) -> _Line:
        """The first line, once it is clear where its sound comes from."""
        while not self._lines or (
            self._lines[0].known is not None and not self._lines[0].is_flushed
        ):
            self._has_news.clear()
            await self._has_news.wait()
        return self._lines[0]

    async def _take(self) -> Item:
        item = await self._items.get()
        if item is None:
            raise self._failure or AssertionError("sound has no end of its own")
        return item

    async def _opened(self) -> Speech | None:
        """The voice; None where it failed, which its sound tells."""
        await self._is_opened.wait()
        return self._inner if self._failure is None else None
