"""Speech to text over one Sarvam socket a session, kept up through whatever the network does.

    connect ─▶ post ∥ receive ─▶ lost, or mute ─▶ connect again, all that is unanswered sent anew
       └─ realtime refused, or mute twice ─▶ the legacy protocol from now on

Nothing that the caller says waits for the network: it is posted to the connection that there is,
and kept until it is answered.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final, NoReturn

from core.errors import ProviderClosed, ProviderError, ProviderRefused
from core.setting_groups import SarvamSettings
from core.supervision import Tasks
from pipeline.audio import CALLER_RATE_HZ
from pipeline.clock import now
from pipeline.faults import FaultKind, Faults
from pipeline.ports import Final as FinalTranscript
from pipeline.ports import Partial
from pipeline.providers.sarvam_dialect import PROVIDER, Dialect, Heard, RecognitionOptions
from pipeline.providers.sarvam_errors import NoAnswer
from pipeline.providers.sarvam_legacy import LegacyDialect
from pipeline.providers.sarvam_realtime import REALTIME_MODELS, RealtimeDialect
from pipeline.providers.sarvam_socket import Closings, Frame, Socket
from pipeline.providers.sarvam_unanswered import Unanswered

log = logging.getLogger(__name__)

RETRY_WAITS_S: Final = (0.0, 0.3, 1.0, 2.0, 3.0)
"""Before each attempt to connect again; then recognition is given up. A good connection starts
over: one that has answered, or was open for a while."""
MOST_RETRIES: Final = len(RETRY_WAITS_S)
STABLE_AFTER_S: Final = 5.0
RESULTS: Final = 1000
"""Transcripts not taken yet; a full queue holds the socket's reader back."""
SENT_ANEW_BYTES: Final = 2 * CALLER_RATE_HZ
"""A second: services bound the size of a message."""


class SarvamRecogniser:
    """Implements `pipeline.ports.Recogniser`; use `opened`."""

    def __init__(
        self, dialects: Sequence[Dialect], *, final_timeout_s: float, faults: Faults | None = None
    ) -> None:
        self._dialects = list(dialects)
        self._faults = faults or Faults()
        self._unanswered = Unanswered(final_timeout_s)
        self._socket: Socket | None = None
        self._utterances: list[int] = []
        self._has_answered = False
        self._results: asyncio.Queue[Partial | FinalTranscript | ProviderError] = asyncio.Queue(
            RESULTS
        )
        self._closings = Closings()

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, settings: SarvamSettings, options: RecognitionOptions, faults: Faults
    ) -> AsyncIterator["SarvamRecogniser"]:
        """Connect in the background; the connection is closed on leaving. Connections that break
        are put down in `faults`."""
        dialects: list[Dialect] = [LegacyDialect(settings, options)]
        if options.model in REALTIME_MODELS:
            dialects.insert(0, RealtimeDialect(settings, options))
        kept_up = cls(dialects, final_timeout_s=settings.final_timeout_s, faults=faults).kept_up()
        async with kept_up as recogniser:
            yield recogniser

    @asynccontextmanager
    async def kept_up(self) -> AsyncIterator["SarvamRecogniser"]:
        """Hold a connection until the end of the block."""
        try:
            async with Tasks.owned(self._broken) as tasks:
                tasks.start("recogniser", self._keep_up())
                yield self
        finally:
            await self._closings.over()

    def begin(self, pre_roll: bytes) -> None:
        """Start an utterance."""
        utterance = self._unanswered.begin(pre_roll)
        self._utterances.append(utterance)
        self._post(self._dialect.begin(), self._dialect.audio(pre_roll))

    def hear(self, pcm: bytes) -> None:
        """More of the utterance; ignored outside of one."""
        if self._unanswered.is_open:
            self._unanswered.hear(pcm)
            self._post(self._dialect.audio(pcm))

    def settle(self) -> None:
        """Ask for a final."""
        if self._unanswered.is_open:
            self._unanswered.settle(now())
            self._post(self._dialect.settle())
            self._expect()

    def end(self) -> None:
        """End the utterance."""
        if self._unanswered.is_open:
            self._unanswered.end()
            self._post(self._dialect.end())

    async def results(self) -> AsyncIterator[Partial | FinalTranscript]:
        """Transcripts in order. Raises `ProviderError` when recognition is given up."""
        while True:
            result = await self._results.get()
            if isinstance(result, ProviderError):
                raise result
            yield result

    @property
    def _dialect(self) -> Dialect:
        return self._dialects[0]

    def _post(self, *messages: Sequence[Frame]) -> None:
        if self._socket is not None:
            for frames in messages:
                self._socket.post(*frames)

    def _expect(self) -> None:
        if self._socket is not None:
            self._socket.expect_by(self._unanswered.due_at)

    # Connections

    async def _keep_up(self) -> None:
        """Hold one connection after the other until the attempts are used up."""
        n_failed = 0
        while True:
            error, was_good = await self._hold()
            n_failed = 0 if was_good else n_failed
            self._faults.add(
                FaultKind.RECOGNITION_LOST, provider=error.provider, reason=error.reason
            )
            if isinstance(error, NoAnswer):
                self._unanswered.was_mute()
            if self._may_fall_back(error) and self._fall_back():
                continue
            if isinstance(error, NoAnswer) and not self._unanswered.is_hopeless:
                log.warning("recognition.mute", extra={"protocol": self._dialect.name})
                continue
            is_refused = not error.retryable and not was_good
            if is_refused or isinstance(error, NoAnswer) or n_failed >= MOST_RETRIES:
                await self._results.put(error)
                return
            log.warning("recognition.reconnecting", extra={"reason": error.reason})
            await asyncio.sleep(RETRY_WAITS_S[n_failed])
            n_failed += 1

    async def _hold(self) -> tuple[ProviderError, bool]:
        """One connection: why it ended, and whether it was a good one."""
        try:
            socket = await self._dialect.connect()
        except ProviderError as exc:
            return exc, False
        log.info("recognition.connected", extra={"protocol": self._dialect.name})
        try:
            self._start_over(socket)
            await self._read_all(socket)
        except ProviderError as exc:
            self._socket = None
            was_stable = socket.age_s >= STABLE_AFTER_S and not isinstance(exc, NoAnswer)
            self._closings.start(socket.close())
            return exc, was_stable or self._has_answered
        except BaseException:
            self._socket = None
            await socket.close()
            raise

    def _start_over(self, socket: Socket) -> None:
        """Tell a new connection all that has no answer yet."""
        self._socket, self._utterances, self._has_answered = socket, [], False
        for one in self._unanswered.restart(now()):
            if one.utterance not in self._utterances:
                self._utterances.append(one.utterance)
                self._post(self._dialect.begin())
            for start in range(0, len(one.pcm), SENT_ANEW_BYTES):
                pcm = bytes(one.pcm[start : start + SENT_ANEW_BYTES])
                self._post(self._dialect.audio(pcm))
            if one.asked_at is not None:
                self._post(self._dialect.settle())
            if one.is_last:
                self._post(self._dialect.end())
        self._expect()

    def _may_fall_back(self, error: ProviderError) -> bool:
        return isinstance(error, ProviderRefused) or self._unanswered.wants_other_protocol

    def _fall_back(self) -> bool:
        """Drop the first protocol if there is another."""
        if len(self._dialects) == 1:
            return False
        log.warning("recognition.fell_back", extra={"protocol": self._dialects[1].name})
        del self._dialects[0]
        return True

    def _broken(self, _name: str, _error: BaseException | None) -> None:
        """A fault of our own: the session must not go on deaf."""
        with suppress(asyncio.QueueFull):
            self._results.put_nowait(ProviderClosed(PROVIDER, "broken"))

    # Transcripts

    async def _read_all(self, socket: Socket) -> NoReturn:
        """Take in what comes until the connection ends, which raises `ProviderError`."""
        while True:
            frame = await socket.receive()
            heard = self._dialect.read(frame)
            if heard is None:
                continue
            self._has_answered = True
            result = self._final(frame, heard) if heard.is_final else self._partial(heard)
            self._expect()
            if result is not None:
                await self._results.put(result)

    def _partial(self, heard: Heard) -> Partial:
        utterance = self._utterance(heard)
        self._unanswered.take_partial(heard.text, utterance, now())
        return Partial(heard.text, utterance)

    def _final(self, frame: Frame, heard: Heard) -> FinalTranscript | None:
        """None where it came before."""
        utterance = self._utterance(heard)
        is_telling = self._dialect.has_telling_finals
        if self._unanswered.repeats(frame, utterance, is_telling=is_telling):
            log.info("recognition.repeated")
            return None
        utterance = self._unanswered.take_final(frame, utterance, now())
        return FinalTranscript(heard.text, heard.language, utterance)

    def _utterance(self, heard: Heard) -> int | None:
        """Ours, for the one that this connection counts."""
        if heard.index is None or not 0 <= heard.index < len(self._utterances):
            return None
        return self._utterances[heard.index]
