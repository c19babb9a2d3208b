"""Speech to text over one Sarvam socket a session, kept up through whatever the network does.

    connect ─▶ send ∥ receive ─▶ closed ─▶ connect again, the unfinished utterance sent anew
       └─ realtime refused ─▶ the legacy protocol from now on

Nothing that the caller says waits for the network: what is to be sent is queued.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Protocol

from websockets.exceptions import ConnectionClosed

from core.errors import ProviderClosed, ProviderError, ProviderRefused
from core.setting_groups import SarvamSettings
from pipeline.audio import CALLER_RATE_HZ
from pipeline.ports import Final as FinalTranscript
from pipeline.ports import Partial
from pipeline.providers.sarvam_errors import from_close
from pipeline.providers.sarvam_legacy import LegacyDialect
from pipeline.providers.sarvam_realtime import REALTIME_MODELS, RealtimeDialect
from pipeline.providers.sarvam_socket import PROVIDER, RecognitionOptions, Transport

log = logging.getLogger(__name__)

KEEP_ALIVE_S: Final = 20.0
"""The service closes idle sockets after 60 s, by some reports after 20."""
RETRY_WAITS_S: Final = (0.1, 0.3, 1.0, 2.0, 3.0)
"""Before each attempt to connect again; then recognition is given up. Success starts over."""
UNFINISHED_BYTES: Final = 30 * 2 * CALLER_RATE_HZ
"""Sound kept for a new connection: 30 s, older sound is dropped."""
OUTGOING_FRAMES: Final = 1000
"""About half a minute. A full queue means a dead connection: it is dropped and made anew."""
RESULTS: Final = 1000
"""Transcripts not taken yet; a full queue holds the socket's reader back."""
STABLE_AFTER_S: Final = 5.0
"""A connection that held for so long lets the waits between attempts start over."""


class Dialect(Protocol):
    """One protocol. What it encodes is sent in order, frame by frame."""

    @property
    def name(self) -> str:
        """For the log."""
        ...

    def connect(self) -> AbstractAsyncContextManager[Transport]:
        """An accepted connection, closed on leaving. Raises `ProviderError`."""
        ...

    def begin(self, pre_roll: bytes) -> list[str | bytes]:
        """An utterance starts."""
        ...

    def audio(self, pcm: bytes) -> list[str | bytes]:
        """More of its sound."""
        ...

    def settle(self) -> list[str | bytes]:
        """A final is wanted now."""
        ...

    def end(self) -> list[str | bytes]:
        """The utterance is over."""
        ...

    def keep_alive(self) -> list[str | bytes]:
        """Nothing was sent for a while."""
        ...

    def read(self, message: str | bytes) -> Partial | FinalTranscript | None:
        """A transcript, or None for anything else. Raises `ProviderError`."""
        ...


class SarvamRecogniser:
    """Implements `pipeline.ports.Recogniser`; use `opened`."""

    def __init__(self, dialects: list[Dialect]) -> None:
        self._dialects = dialects
        self._outgoing: asyncio.Queue[str | bytes] = asyncio.Queue(OUTGOING_FRAMES)
        self._results: asyncio.Queue[Partial | FinalTranscript | ProviderError] = asyncio.Queue(
            RESULTS
        )
        self._unfinished = bytearray()
        self._is_begun = False
        self._is_settling = False
        self._is_stuck = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, settings: SarvamSettings, options: RecognitionOptions
    ) -> AsyncIterator["SarvamRecogniser"]:
        """Connect in the background; the connection is closed on leaving."""
        dialects: list[Dialect] = [LegacyDialect(settings, options)]
        if options.model in REALTIME_MODELS:
            dialects.insert(0, RealtimeDialect(settings, options))
        recogniser = cls(dialects)
        task = asyncio.create_task(recogniser._keep_up(), name="recogniser")
        try:
            yield recogniser
        finally:
            task.cancel()
            await asyncio.wait([task])

    def begin(self, pre_roll: bytes) -> None:
        """Start an utterance."""
        self._is_begun = True
        self._unfinished = bytearray(pre_roll)
        self._send(lambda dialect: dialect.begin(pre_roll))

    def hear(self, pcm: bytes) -> None:
        """More of the utterance; ignored outside of one."""
        if not self._is_begun:
            return
        self._unfinished += pcm
        del self._unfinished[:-UNFINISHED_BYTES]
        self._send(lambda dialect: dialect.audio(pcm))

    def settle(self) -> None:
        """Ask for a final."""
        if self._is_begun:
            self._is_settling = True
            self._send(lambda dialect: dialect.settle())

    def end(self) -> None:
        """End the utterance."""
        if self._is_begun:
            self._is_begun = self._is_settling = False
            self._unfinished.clear()
            self._send(lambda dialect: dialect.end())

    async def results(self) -> AsyncIterator[Partial | FinalTranscript]:
        """Transcripts in order. Raises `ProviderError` when recognition is given up."""
        while True:
            result = await self._results.get()
            if isinstance(result, ProviderError):
                raise result
            yield result

    def _send(self, encode: Callable[[Dialect], list[str | bytes]]) -> None:
        for frame in encode(self._dialects[0]):
            try:
                self._outgoing.put_nowait(frame)
            except asyncio.QueueFull:
                self._is_stuck.set()
                return

    async def _keep_up(self) -> None:
        """Hold a connection until the waits between attempts are used up."""
        n_failed = 0
        while True:
            started_at = asyncio.get_running_loop().time()
            try:
                async with self._dialects[0].connect() as transport:
                    log.info("recognition.connected", extra={"protocol": self._dialects[0].name})
                    await self._converse(transport)
            except ProviderError as exc:
                if asyncio.get_running_loop().time() - started_at >= STABLE_AFTER_S:
                    n_failed = 0
                if isinstance(exc, ProviderRefused) and self._fall_back():
                    continue
                if isinstance(exc, ProviderRefused) or n_failed >= len(RETRY_WAITS_S):
                    await self._results.put(exc)
                    return
                log.warning("recognition.reconnecting", extra={"reason": exc.reason})
                await asyncio.sleep(RETRY_WAITS_S[n_failed])
                n_failed += 1

    def _fall_back(self) -> bool:
        """Drop the first protocol if there is another."""
        if len(self._dialects) == 1:
            return False
        log.warning("recognition.fell_back", extra={"protocol": self._dialects[1].name})
        del self._dialects[0]
        return True

    async def _converse(self, transport: Transport) -> None:
        """Send and receive until the connection ends, which raises `ProviderError`."""
        self._start_over()
        jobs = {
            asyncio.create_task(self._send_all(transport), name="recogniser-send"),
            asyncio.create_task(self._receive_all(transport), name="recogniser-receive"),
            asyncio.create_task(self._stuck(), name="recogniser-stuck"),
        }
        try:
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in done:
                job.result()
        except ConnectionClosed as exc:
            raise from_close(PROVIDER, exc.rcvd.code if exc.rcvd else None) from None
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.wait(jobs)

    def _start_over(self) -> None:
        """Queue what a new connection has to know: the utterance that has no final yet."""
        self._outgoing = asyncio.Queue(OUTGOING_FRAMES)
        self._is_stuck.clear()
        if self._is_begun:
            unfinished = bytes(self._unfinished)
            self._send(lambda dialect: dialect.begin(unfinished))
        if self._is_settling:
            self._send(lambda dialect: dialect.settle())

    async def _send_all(self, transport: Transport) -> None:
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE_S):
                    frame = await self._outgoing.get()
            except TimeoutError:
                for frame in self._dialects[0].keep_alive():
                    await transport.send(frame)
                continue
            await transport.send(frame)

    async def _receive_all(self, transport: Transport) -> None:
        while True:
            result = self._dialects[0].read(await transport.recv())
            if isinstance(result, FinalTranscript):
                self._unfinished.clear()
                self._is_settling = False
            if result is not None:
                await self._results.put(result)

    async def _stuck(self) -> None:
        await self._is_stuck.wait()
        raise ProviderClosed(PROVIDER, "the connection takes no more sound")
