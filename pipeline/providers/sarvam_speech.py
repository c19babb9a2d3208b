"""One reply on Sarvam's text to speech socket, and its second try on another one.

Nothing ties sound to text on the wire, so a socket carries one reply at a time, and the answers
to flushes are counted.
"""

import asyncio
import base64
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import aiohttp

from core.errors import (
    ProviderBusy,
    ProviderClosed,
    ProviderError,
    ProviderRefused,
    ProviderTimeout,
)
from pipeline.ports import Audio, FlushDone
from pipeline.providers.sarvam_errors import from_close
from pipeline.providers.sarvam_text import readable

log = logging.getLogger(__name__)

PROVIDER: Final = "sarvam-tts"


class SpeakerRefused(ProviderRefused):
    """The service has no such speaker for this model."""


class SarvamSpeech:
    """One reply on one socket, its text written as the voice of `language` reads it well.

    Implements `pipeline.ports.Speech`.
    """

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, *, language: str, timeout_s: float
    ) -> None:
        self.socket = socket
        self._language = language
        self._timeout_s = timeout_s
        self._n_unanswered = 0
        self._has_said = False
        self._waiting: asyncio.Timeout | None = None

    @property
    def is_clean(self) -> bool:
        """Whether all that was said was answered: the socket may serve another reply."""
        return self._n_unanswered == 0 and not self._has_said and not self.socket.closed

    async def say(self, text: str) -> None:
        """Add text; the space keeps it apart from what follows in the server's buffer."""
        self._has_said = True
        spoken = f"{readable(text, self._language)} "
        await self._send({"type": "text", "data": {"text": spoken}})

    async def flush(self) -> None:
        """Speak what was said."""
        self._n_unanswered += 1
        self._has_said = False
        if self._waiting is not None:
            self._waiting.reschedule(self._deadline())
        await self._send({"type": "flush"})

    async def sound(self) -> AsyncIterator[Audio | FlushDone]:
        """Sound and answers to flushes; the silence that is allowed counts while one is due."""
        while True:
            try:
                async with asyncio.timeout_at(self._deadline()) as self._waiting:
                    message = await self.socket.receive()
            except TimeoutError as exc:
                raise ProviderTimeout(PROVIDER, "no sound") from exc
            item = _read(message)
            if isinstance(item, FlushDone):
                self._n_unanswered = max(0, self._n_unanswered - 1)
            if item is not None:
                yield item

    def _deadline(self) -> float | None:
        """When the next message is overdue; never while nothing is owed."""
        if not self._n_unanswered:
            return None
        return asyncio.get_running_loop().time() + self._timeout_s

    async def _send(self, message: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(self._timeout_s):
                await self.socket.send_str(json.dumps(message, ensure_ascii=False))
        except TimeoutError as exc:
            raise ProviderTimeout(PROVIDER, "the socket takes no more text") from exc
        except (ConnectionError, aiohttp.ClientError) as exc:
            raise ProviderClosed(PROVIDER, "socket is gone") from exc


Replace = Callable[[SarvamSpeech, ProviderError], Awaitable[SarvamSpeech]]
"""Gives a new socket for one that broke, or raises the error again."""


class RetryingSpeech:
    """A reply that survives its socket, as long as no sound of an unanswered flush was heard."""

    def __init__(self, speech: SarvamSpeech, replace: Replace) -> None:
        self.present = speech
        self._replace = replace
        self._unanswered: deque[str | None] = deque()
        self._has_sounded = False
        self._is_retried = False

    async def say(self, text: str) -> None:
        """Add text. A broken socket shows in `sound`, which says it again."""
        self._unanswered.append(text)
        await self._attempt(self.present.say(text))

    async def flush(self) -> None:
        """Speak what was said."""
        self._unanswered.append(None)
        await self._attempt(self.present.flush())

    async def sound(self) -> AsyncIterator[Audio | FlushDone]:
        """Sound and answers. Raises `ProviderError` when a second socket fails too."""
        while True:
            try:
                async for item in self.present.sound():
                    self._has_sounded = isinstance(item, Audio)
                    if isinstance(item, FlushDone):
                        self._forget_answered()
                    yield item
            except ProviderError as exc:
                await self._start_again(exc)

    async def _start_again(self, exc: ProviderError) -> None:
        may_retry = exc.retryable or isinstance(exc, SpeakerRefused)
        if self._has_sounded or self._is_retried or not may_retry:
            raise exc
        log.warning("voice.retrying", extra={"reason": exc.reason})
        self._is_retried = True
        said = tuple(self._unanswered)
        self.present = await self._replace(self.present, exc)
        for text in said:
            await (self.present.flush() if text is None else self.present.say(text))

    async def _attempt(self, sending: Awaitable[None]) -> None:
        try:
            await sending
        except ProviderError as exc:
            log.info("voice.send_failed", extra={"reason": exc.reason})

    def _forget_answered(self) -> None:
        while self._unanswered and self._unanswered.popleft() is not None:
            pass


def _read(message: aiohttp.WSMessage) -> Audio | FlushDone | None:
    """Sound or an answer; None for what does not matter. Raises `ProviderError`."""
    if message.type is not aiohttp.WSMsgType.TEXT:
        raise from_close(PROVIDER, message.data if isinstance(message.data, int) else None)
    try:
        body = json.loads(message.data)
        data = body.get("data") or {}
        match body.get("type"):
            case "audio":
                return Audio(base64.b64decode(data["audio"]))
            case "event" if data.get("event_type") == "final":
                return FlushDone()
            case "error":
                raise _error(data)
    except (ValueError, KeyError, AttributeError, TypeError) as exc:
        raise ProviderClosed(PROVIDER, "a message that makes no sense") from exc
    return None


def _error(data: dict[str, Any]) -> ProviderError:
    """Some errors have no code but a `400: ...` prefix. Texts are read here and not passed on."""
    text = str(data.get("message") or "")
    code = data.get("code") or (text[:3] if text[:3].isdigit() else None)
    if "speaker" in text.casefold():
        return SpeakerRefused(PROVIDER, f"speaker refused with {code}")
    if str(code) in ("429", "500", "503"):
        return ProviderBusy(PROVIDER, f"error event {code}")
    return ProviderRefused(PROVIDER, f"error event {code}")
