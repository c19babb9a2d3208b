"""Speech to text over one Sarvam socket a session, kept up through whatever the network does.

    connect ─▶ post ∥ receive ─▶ lost ─▶ connect again, the unfinished utterance sent anew
       └─ realtime refused ─▶ the legacy protocol from now on

Nothing that the caller says waits for the network: it is posted to the connection that there is,
and kept for the next.
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
from pipeline.ports import Final as FinalTranscript
from pipeline.ports import Partial
from pipeline.providers.sarvam_dialect import PROVIDER, Dialect, Heard, RecognitionOptions
from pipeline.providers.sarvam_legacy import LegacyDialect
from pipeline.providers.sarvam_realtime import REALTIME_MODELS, RealtimeDialect
from pipeline.providers.sarvam_socket import Frame, Socket

log = logging.getLogger(__name__)

RETRY_WAITS_S: Final = (0.0, 0.3, 1.0, 2.0, 3.0)
"""Before each attempt to connect again; then recognition is given up. A good connection starts
over: one that has answered, or was open for a while."""
STABLE_AFTER_S: Final = 5.0
RESULTS: Final = 1000
"""Transcripts not taken yet; a full queue holds the socket's reader back."""
SENT_ANEW_BYTES: Final = 2 * CALLER_RATE_HZ
"""A second: services bound the size of a message."""
UNFINISHED_BYTES: Final = 30 * 2 * CALLER_RATE_HZ
"""Sound kept for a new connection: 30 s, older sound is dropped."""


class SarvamRecogniser:
    """Implements `pipeline.ports.Recogniser`; use `opened`."""

    def __init__(self, dialects: Sequence[Dialect]) -> None:
        self._dialects = list(dialects)
        self._unfinished = bytearray()
        self._is_begun = False
        self._is_settling = False
        self._socket: Socket | None = None
        self._has_answered = False
        self._results: asyncio.Queue[Partial | FinalTranscript | ProviderError] = asyncio.Queue(
            RESULTS
        )
        self._tasks: Tasks

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, settings: SarvamSettings, options: RecognitionOptions
    ) -> AsyncIterator["SarvamRecogniser"]:
        """Connect in the background; the connection is closed on leaving."""
        dialects: list[Dialect] = [LegacyDialect(settings, options)]
        if options.model in REALTIME_MODELS:
            dialects.insert(0, RealtimeDialect(settings, options))
        async with cls(dialects).kept_up() as recogniser:
            yield recogniser

    @asynccontextmanager
    async def kept_up(self) -> AsyncIterator["SarvamRecogniser"]:
        """Hold a connection until the end of the block."""
        async with Tasks.owned(self._broken) as self._tasks:
            self._tasks.start("recogniser", self._keep_up())
            yield self

    def begin(self, pre_roll: bytes) -> None:
        """Start an utterance."""
        self._is_begun = True
        self._unfinished = bytearray(pre_roll)
        self._post(self._dialect.begin(), self._dialect.audio(pre_roll))

    def hear(self, pcm: bytes) -> None:
        """More of the utterance; ignored outside of one."""
        if self._is_begun:
            self._unfinished += pcm
            del self._unfinished[:-UNFINISHED_BYTES]
            self._post(self._dialect.audio(pcm))

    def settle(self) -> None:
        """Ask for a final."""
        if self._is_begun:
            self._is_settling = True
            self._post(self._dialect.settle())

    def end(self) -> None:
        """End the utterance."""
        if self._is_begun:
            self._is_begun = self._is_settling = False
            self._unfinished.clear()
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

    # Connections

    async def _keep_up(self) -> None:
        """Hold one connection after the other until the attempts are used up."""
        n_failed = 0
        while True:
            error, was_good = await self._hold()
            n_failed = 0 if was_good else n_failed
            if isinstance(error, ProviderRefused) and self._fall_back():
                continue
            if isinstance(error, ProviderRefused) or n_failed >= len(RETRY_WAITS_S):
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
            self._tasks.start("recogniser-close", socket.close())
            return exc, socket.age_s >= STABLE_AFTER_S or self._has_answered
        except BaseException:
            self._socket = None
            await socket.close()
            raise

    def _start_over(self, socket: Socket) -> None:
        """Tell a new connection of the utterance that has no final yet."""
        self._socket, self._has_answered = socket, False
        if self._is_begun:
            self._post(self._dialect.begin())
            for start in range(0, len(self._unfinished), SENT_ANEW_BYTES):
                pcm = bytes(self._unfinished[start : start + SENT_ANEW_BYTES])
                self._post(self._dialect.audio(pcm))
        if self._is_settling:
            self._post(self._dialect.settle())

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
            heard = self._dialect.read(await socket.receive())
            if heard is None:
                continue
            self._has_answered = True
            await self._results.put(self._taken(heard))

    def _taken(self, heard: Heard) -> Partial | FinalTranscript:
        if not heard.is_final:
            return Partial(heard.text)
        self._unfinished.clear()
        self._is_settling = False
        return FinalTranscript(heard.text, heard.language)
