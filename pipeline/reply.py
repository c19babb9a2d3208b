"""One answer in the making: tokens → pieces → voice → sound. Nobody hears it before it is played.

A short opening, or else the first clause, is flushed on its own and the rest once more at the end:
a reply has few groups of text, whose sound is told apart by the voice's answers to those flushes.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from core.errors import ProviderError
from core.supervision import stop_tasks
from pipeline.alignment import Pause, find_pauses
from pipeline.audio import agent_seconds
from pipeline.clauses import Clauses, Piece
from pipeline.clock import now
from pipeline.heard import SpeakingRate, SpokenPiece, divided_text, heard_text
from pipeline.ports import Audio, Speech, Voice, Withdrawn
from pipeline.served import Served
from pipeline.sound import Sound
from pipeline.spending import Account
from pipeline.spoken.reading import Reading
from pipeline.timeline import Timeline
from pipeline.tool_use import ToolUse

log = logging.getLogger(__name__)

MOST_HELD: Final = 64
"""Pieces that wait until they may be spoken: more than a reply's two minutes."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Words of our own between the model's. What was said before is spoken now, not later."""

    text: str = ""


Token = str | Aside | Withdrawn
TokenSource = Callable[[], AbstractAsyncContextManager[AsyncIterator[Token]]]


def fixed_line(text: str) -> TokenSource:
    """A source that says `text`: greeting, goodbye, apology."""

    @asynccontextmanager
    async def source() -> AsyncIterator[AsyncIterator[Token]]:
        async def tokens() -> AsyncIterator[Token]:
            yield text

        yield tokens()

    return source


def behind(text: str, source: TokenSource) -> TokenSource:
    """`source` after `text`, which is spoken at once."""
    if not text:
        return source

    @asynccontextmanager
    async def opened() -> AsyncIterator[AsyncIterator[Token]]:
        async with source() as tokens, aclosing(_chained(Aside(text), tokens)) as chained:
            yield chained

    return opened


async def _chained(first: Token, others: AsyncIterator[Token]) -> AsyncGenerator[Token]:
    yield first
    async for token in others:
        yield token


@dataclass(slots=True)
class _Group:
    """Text between two flushes, where in the reply its sound begins, and how much has come."""

    starts_at: int = 0
    reading: Reading = field(default_factory=Reading)
    n_bytes: int = 0
    is_whole: bool = False
    pauses: list[Pause] = field(default_factory=list)
    n_bytes_searched: int = 0

    def spoken(self, sound: Sound) -> SpokenPiece:
        if self.n_bytes > self.n_bytes_searched:
            self.pauses = find_pauses(sound.read(self.starts_at, self.n_bytes))
            self.n_bytes_searched = self.n_bytes
        audio_s = agent_seconds(self.n_bytes)
        return SpokenPiece(self.reading, audio_s, self.is_whole, self.pauses)


class Reply:
    """Owned by whoever starts it: `start`, then `stop` or `wait`, exactly once.

    Its text is said as people do in `language`. One that `asks_model` asks the voice for nothing
    before `let_speak`. `line` is all that it will say, where that is known, as it is recorded.
    """

    def __init__(
        self,
        source: TokenSource,
        voice: Voice,
        rate: SpeakingRate,
        *,
        language: str,
        asks_model: bool = False,
        tools: ToolUse | None = None,
        line: str = "",
    ) -> None:
        self.sound = Sound()
        self.tools = tools or ToolUse()
        self.timeline = Timeline()
        self.account = Account()
        self.served = Served()
        self._rate = rate
        self._language = language
        self.asks_model = asks_model
        self.failure: ProviderError | None = None
        self.failed_at: float | None = None
        self._source = source
        self._voice = voice
        self.line = line
        self._groups = [_Group()]
        self._n_flushes = 0
        self._n_answered = 0
        self._n_before_calls = 0
        self._is_said = False
        self._all_came = asyncio.Event()
        self._held: deque[Piece] = deque()
        self._handing = asyncio.Lock()
        self._may_speak = asyncio.Event()
        if not asks_model:
            self._may_speak.set()
        self._task: asyncio.Task[None] | None = None

    @property
    def text(self) -> str:
        """All text handed to the voice so far."""
        return " ".join(group.reading.written for group in self._groups if group.reading.written)

    @property
    def is_whole(self) -> bool:
        """Whether all that it will say is known."""
        return self._is_said or bool(self.line)

    @property
    def is_answer(self) -> bool:
        """Whether it has a sound, and the words that the caller waits for: after its last call."""
        has_words = self.tools.ends_call or len(self._pieces) > self._n_before_calls
        return has_words and len(self.sound) > 0

    def divided(self, played_s: float) -> tuple[str, str]:
        """What is known of its text: the words of the first `played_s` seconds, and the rest."""
        heard, rest = divided_text(self._pieces, played_s, self._rate)
        if self._is_said or not self.line:
            return heard, rest
        unsaid = self.line.split()[len(self.text.split()) :]
        return heard, " ".join([*rest.split(), *unsaid])

    def unheard_before_calls(self, played_s: float) -> str:
        """Of the rest, what was said ahead of the last calls or while they ran: it stays as it is,
        whatever the model answers to their results."""
        return divided_text(self._pieces[: self._n_before_calls], played_s, self._rate)[1]

    def heard(self, played_s: float) -> str:
        """The words of the first `played_s` seconds."""
        return heard_text(self._pieces, played_s, self._rate)

    @property
    def _pieces(self) -> list[SpokenPiece]:
        return [group.spoken(self.sound) for group in self._groups if group.reading.written]

    def let_speak(self) -> None:
        """Its text may go to the voice; until then only the model is at work."""
        self._may_speak.set()

    def insist(self) -> None:
        """An answer is wanted, even where the model says that the caller has broken off."""
        self.tools.judging.must_answer.set()

    def start(self) -> None:
        """Begin to make it, in a task of its own."""
        self._task = asyncio.create_task(self._make(), name="reply")

    async def stop(self) -> None:
        """Cancel the making; model and voice stop at once. Idempotent."""
        if self._task is not None and not self._task.done():
            await stop_tasks([self._task])

    async def _make(self) -> None:
        try:
            if self.asks_model and self.timeline.requested_at is None:
                self.timeline.requested_at = now()
            with self.account.at_hand(), self.served.at_hand():
                async with self._source() as tokens, self._voice.speak() as speech:
                    await self._speak(tokens, speech)
        except ProviderError as exc:
            self._fail(exc)
            log.warning("reply.failed", extra={"provider": exc.provider, "reason": exc.reason})
        finally:
            self.sound.finish()

    async def _speak(self, tokens: AsyncIterator[Token], speech: Speech) -> None:
        hearing = asyncio.create_task(self._collect(speech), name="reply-sound")
        all_came = asyncio.create_task(self._all_came.wait(), name="reply-all-came")
        released = asyncio.create_task(self._release(speech), name="reply-release")
        try:
            await self._say_all(tokens, speech)
            await released
            await asyncio.wait({hearing, all_came}, return_when=asyncio.FIRST_COMPLETED)
            if hearing.done():
                hearing.result()
        finally:
            tasks = (hearing, all_came, released)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _say_all(self, tokens: AsyncIterator[Token], speech: Speech) -> None:
        clauses = self._new_clauses()
        try:
            async for token in tokens:
                if isinstance(token, Withdrawn):
                    clauses = self._forget()
                    continue
                if isinstance(token, Aside):
                    await self._say_rest(speech, clauses)
                    clauses = self._new_clauses()
                    await self._interject(speech, token)
                    self._n_before_calls = len(self._pieces)
                    self.tools.is_spoken = False
                    continue
                if self.asks_model and self.timeline.first_token_at is None and token.strip():
                    self.timeline.requested_at = (
                        self.tools.judging.asked_again_at or self.timeline.requested_at
                    )
                    self.timeline.first_token_at = now()
                for piece in clauses.push(token):
                    await self._say(speech, piece)
                if self.sound.is_full:
                    break
        except ProviderError as exc:
            if not self.text:
                raise
            self._fail(exc)
            log.warning("reply.cut", extra={"provider": exc.provider, "reason": exc.reason})
        if self.asks_model:
            self.timeline.last_token_at = now()
        await self._say_rest(speech, clauses)
        self._is_said = True
        self._check()

    def _fail(self, exc: ProviderError) -> None:
        self.failure, self.failed_at = exc, now()

    def _forget(self) -> Clauses:
        """What came so far is void; none of it was handed over."""
        self._held.clear()
        if not self.text:
            self.timeline.first_token_at = None
        return self._new_clauses()

    def _new_clauses(self) -> Clauses:
        return Clauses(self._language, is_plain=bool(self.line))

    async def _say_rest(self, speech: Speech, clauses: Clauses) -> None:
        self._held += clauses.end()
        await self._may_speak.wait()
        await self._hand_over(speech)
        if self._groups[-1].reading.written:
            await self._flush(speech)

    async def _interject(self, speech: Speech, aside: Aside) -> None:
        clauses = Clauses(self._language, is_plain=True)
        for piece in clauses.push(aside.text):
            await self._say(speech, piece)
        await self._say_rest(speech, clauses)

    async def _say(self, speech: Speech, piece: Piece) -> None:
        """Hand it over, or keep it until it may be: the model's stream is read on meanwhile, as
        what breaks before a word is spoken is answered by another."""
        self._held.append(piece)
        if self._may_speak.is_set() or len(self._held) >= MOST_HELD:
            await self._may_speak.wait()
            await self._hand_over(speech)

    async def _release(self, speech: Speech) -> None:
        await self._may_speak.wait()
        await self._hand_over(speech)

    async def _hand_over(self, speech: Speech) -> None:
        async with self._handing:
            while self._held:
                piece = self._held.popleft()
                self.tools.is_spoken = True
                group = self._groups[-1]
                group.reading = group.reading.then(piece.reading)
                if self.timeline.voice_asked_at is None:
                    self.timeline.voice_asked_at = now()
                # The voice joins what it is given as it is.
                await speech.say(f"{piece.reading.spoken} ")
                if piece.is_flushed:
                    await self._flush(speech)

    async def _flush(self, speech: Speech) -> None:
        self._n_flushes += 1
        self._groups.append(_Group())
        await speech.flush()

    async def _collect(self, speech: Speech) -> None:
        async for item in speech.sound():
            group = self._groups[min(self._n_answered, len(self._groups) - 1)]
            if isinstance(item, Audio):
                if item.is_kept and self.timeline.first_byte_at is None:
                    self.timeline.voice_asked_at = None
                elif self.timeline.first_byte_at is None:
                    self.timeline.first_byte_at = now()
                if not group.n_bytes:
                    group.starts_at = len(self.sound)
                group.n_bytes += len(item.pcm)
                self.sound.append(item.pcm)
            else:
                group.is_whole = True
                self._rate.learn(group.spoken(self.sound))
                self._n_answered += 1
                self._check()

    def _check(self) -> None:
        if self._is_said and self._n_answered >= self._n_flushes:
            self.timeline.last_byte_at = now()
            self._all_came.set()
