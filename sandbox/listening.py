"""One connection's audio -> speech starts and ends, partials and finals, for either STT socket."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sandbox.ports import Samples, Transcriber, Transcript
from sandbox.sockets import stop_tasks
from sandbox.speech_gate import Change, Heard, SpeechGate

_SLICE_MS = 100
"""Longer messages are heard in slices, so that one message may hold several utterances."""
_STARVED_MS = 500
"""A client that stops sending in mid-utterance has its segment ended after the silence
window and this much of the wall clock."""
_MAX_FINALS_WAITING = 32
"""More make the socket wait: the client's sends back up."""


class Reporter(Protocol):
    """Says on the wire what was heard."""

    async def speech_started(self, utterance: int) -> None: ...

    async def speech_ended(self, utterance: int) -> None: ...

    async def partial(self, utterance: int, text: str) -> None: ...

    async def final(self, utterance: int, transcript: Transcript, span: "Span") -> None: ...


@dataclass(frozen=True)
class Span:
    """Where in the connection's audio a final lies."""

    start_s: float
    end_s: float


@dataclass(frozen=True)
class _Final:
    """``ends``: the end of the utterance is told after it."""

    utterance: int
    span: Span
    words: Callable[[], Awaitable[Transcript]]
    ends: bool = False


class Listener:
    """Owns the gate, the transcriber and the tasks that deliver what it finds.

    With ``is_manual`` the client says where speech begins and ends; else the gate does.
    Its tasks live in ``tasks``, so that an error in one of them ends the connection. Close it
    with ``aclose`` before the group ends; finals that were not yet delivered are dropped then.
    """

    def __init__(
        self,
        transcriber: Transcriber,
        gate: SpeechGate,
        reporter: Reporter,
        *,
        rate_hz: int,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self.gate = gate
        self.is_manual = False
        self.sends_partials = True
        self.tells_final_first = False
        self.audio_s = 0.0
        self.utterances = 0
        self._transcriber = transcriber
        self._reporter = reporter
        self._rate_hz = rate_hz
        self.is_open = False
        self._started_s = 0.0
        self._voiced_ms = 0
        self._has_voice = asyncio.Event()
        self._before = np.zeros(0, np.int16)
        self._before_size = rate_hz * 300 // 1000
        self._finals: asyncio.Queue[_Final] = asyncio.Queue(_MAX_FINALS_WAITING)
        self._tasks = tasks
        self._delivering = tasks.create_task(self._deliver())
        self._guessing: asyncio.Task[None] | None = None
        self._starving: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    def keep_before(self, padding_ms: int) -> None:
        """How much audio from before a start belongs to the utterance."""
        self._before_size = self._rate_hz * padding_ms // 1000

    async def hear(self, samples: Samples) -> None:
        size = self._rate_hz * _SLICE_MS // 1000
        for start in range(0, samples.size, size):
            await self._hear_slice(samples[start : start + size])
        self._watch_starving()

    async def _hear_slice(self, samples: Samples) -> None:
        self.audio_s += samples.size / self._rate_hz
        heard = self.gate.hear(samples)
        if not self.is_open:
            self._before = np.concatenate((self._before, samples))[-self._before_size :]
            if heard.change is Change.STARTED and not self.is_manual:
                await self._open()
            return
        self._transcriber.hear(samples, heard.voiced_ms, heard.silence_ms)
        if heard.voiced_ms:
            self._count_voice(heard.voiced_ms)
            self._start_guessing()
        if heard.change is Change.ENDED and not self.is_manual:
            await self.end_speech()

    async def heard_voice(self, voiced_ms: int) -> None:
        """Return when utterances have held so much voice, all in all."""
        while self._voiced_ms < voiced_ms:
            self._has_voice.clear()
            await self._has_voice.wait()

    def _count_voice(self, voiced_ms: int) -> None:
        self._voiced_ms += voiced_ms
        self._has_voice.set()

    async def start_speech(self) -> None:
        """The client says that speech begins (manual)."""
        if not self.is_open:
            self.gate.reset()
            await self._open()

    async def _open(self) -> None:
        self.is_open = True
        before = self._before
        self._before = np.zeros(0, np.int16)
        self._started_s = max(0.0, self.audio_s - before.size / self._rate_hz)
        if not self.is_manual:
            await self._reporter.speech_started(self.utterances)
        heard = self._heard_before(before)
        self._transcriber.hear(before, heard.voiced_ms, heard.silence_ms)
        self._count_voice(heard.voiced_ms)
        self._start_guessing()

    def _heard_before(self, before: Samples) -> Heard:
        probe = SpeechGate(self._rate_hz, silence_ms=self.gate.silence_ms)
        return probe.hear(before)

    async def end_speech(self) -> None:
        """The utterance is over: its end, and a final if anything is pending."""
        if not self.is_open:
            return
        self.is_open = False
        self.gate.reset()
        is_told_later = self.tells_final_first and self._transcriber.has_pending()
        if not self.is_manual and not is_told_later:
            await self._reporter.speech_ended(self.utterances)
        await self.flush(ends=not self.is_manual and is_told_later)
        self._transcriber.end_utterance()
        self.utterances += 1

    async def flush(self, *, ends: bool = False) -> None:
        """A final of what is pending now; none when nothing is. The utterance stays open."""
        await self._stop_guessing()
        if not self._transcriber.has_pending():
            return
        span = Span(self._started_s, self.audio_s)
        self._started_s = self.audio_s
        await self._finals.put(_Final(self.utterances, span, self._transcriber.cut(), ends))

    async def finish(self) -> None:
        """End an open utterance and wait until every final is delivered."""
        await self.end_speech()
        await self._finals.join()

    async def aclose(self) -> None:
        if self._starving is not None:
            self._starving.cancel()
        await stop_tasks(self._ending, self._guessing, self._delivering)
        self._transcriber.close()

    async def _deliver(self) -> None:
        while True:
            final = await self._finals.get()
            try:
                transcript = await final.words()
                await self._reporter.final(final.utterance, transcript, final.span)
                if final.ends:
                    await self._reporter.speech_ended(final.utterance)
            finally:
                self._finals.task_done()

    def _start_guessing(self) -> None:
        if self.sends_partials and (self._guessing is None or self._guessing.done()):
            self._guessing = self._tasks.create_task(self._guess())

    async def _stop_guessing(self) -> None:
        await stop_tasks(self._guessing)
        self._guessing = None

    async def _guess(self) -> None:
        last = ""
        while True:
            text = await self._transcriber.next_partial()
            if text and text != last:
                last = text
                await self._reporter.partial(self.utterances, text)

    def _watch_starving(self) -> None:
        if self._starving is not None:
            self._starving.cancel()
            self._starving = None
        if self.is_open and not self.is_manual:
            loop = asyncio.get_running_loop()
            wait_s = (self.gate.silence_ms + _STARVED_MS) / 1000
            self._starving = loop.call_later(wait_s, self._end_starved)

    def _end_starved(self) -> None:
        self._ending = self._tasks.create_task(self.end_speech())
