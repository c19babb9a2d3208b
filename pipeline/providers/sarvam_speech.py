"""One reply on Sarvam's text to speech sockets: a second one where the first breaks.

Nothing ties sound to text on the wire, so a socket carries one reply at a time, and the answers
to flushes are counted. Text is kept until its flush is answered.
"""

import base64
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from core.errors import ProviderBusy, ProviderClosed, ProviderError, ProviderRefused
from pipeline.clock import now
from pipeline.ports import Audio, FlushDone
from pipeline.providers.sarvam_socket import Frame, Socket
from pipeline.providers.sarvam_text import readable

log = logging.getLogger(__name__)

PROVIDER: Final = "sarvam-tts"
_FLUSH: Final = '{"type": "flush"}'


class SpeakerRefused(ProviderRefused):
    """The service has no such speaker for this model."""


Replace = Callable[[Socket, ProviderError], Awaitable[Socket]]
"""Gives a new socket for one that broke, or raises the error again."""


class SarvamSpeech:
    """One reply, its text written as the voice of `language` reads it well.

    Implements `pipeline.ports.Speech`. It survives its socket, as long as no sound of an unanswered
    flush was heard: what is said while the other is being opened waits for it.
    """

    def __init__(
        self, socket: Socket, replace: Replace, *, language: str, timeout_s: float
    ) -> None:
        self.socket = socket
        self._replace = replace
        self._language = language
        self._timeout_s = timeout_s
        self._unanswered: deque[Frame] = deque()
        self._is_between = False
        self._has_sounded = False
        self._is_retried = False

    @property
    def is_clean(self) -> bool:
        """Whether all that was said was answered: the socket may serve another reply."""
        return not self._unanswered and not self._is_between and self.socket.is_open

    async def say(self, text: str) -> None:
        """Add text; the space keeps it apart from what follows in the server's buffer."""
        spoken = f"{readable(text, self._language)} "
        self._send(json.dumps({"type": "text", "data": {"text": spoken}}, ensure_ascii=False))

    async def flush(self) -> None:
        """Speak what was said."""
        self._send(_FLUSH)
        self._expect()

    async def sound(self) -> AsyncIterator[Audio | FlushDone]:
        """Sound and answers. Raises `ProviderError` when a second socket fails too."""
        while True:
            try:
                item = read(await self.socket.receive())
                self._expect()
            except ProviderError as exc:
                await self._start_again(exc)
                continue
            if item is not None:
                self._has_sounded = isinstance(item, Audio)
                if isinstance(item, FlushDone):
                    self._forget_answered()
                yield item

    def _send(self, frame: Frame) -> None:
        self._unanswered.append(frame)
        if not self._is_between:
            self.socket.post(frame)

    def _expect(self) -> None:
        """The silence that is allowed counts while a flush is unanswered."""
        if not self._is_between:
            is_owed = _FLUSH in self._unanswered
            self.socket.expect_by(now() + self._timeout_s if is_owed else None)

    async def _start_again(self, exc: ProviderError) -> None:
        may_retry = exc.retryable or isinstance(exc, SpeakerRefused)
        if self._has_sounded or self._is_retried or not may_retry:
            raise exc
        log.warning("voice.retrying", extra={"reason": exc.reason})
        self._is_retried = self._is_between = True
        self.socket = await self._replace(self.socket, exc)
        self._is_between = False
        self.socket.post(*self._unanswered)
        self._expect()

    def _forget_answered(self) -> None:
        while self._unanswered and self._unanswered.popleft() != _FLUSH:
            pass
        self._expect()


def is_stray(frame: Frame) -> bool:
    """Whether it says anything to one who has said nothing."""
    try:
        return read(frame) is not None
    except ProviderError:
        return True


def read(frame: Frame) -> Audio | FlushDone | None:
    """Sound or an answer; None for what does not matter. Raises `ProviderError`."""
    try:
        body = json.loads(frame)
        data = body.get("data") or {}
        match body.get("type"):
            case "audio":
                return Audio(base64.b64decode(data["audio"]))
            case "event" if data.get("event_type") == "final":
                return FlushDone()
            case "error":
                raise _error(data)
    except (ValueError, KeyError, AttributeError, TypeError) as exc:
        raise ProviderClosed(
            PROVIDER, f"a message that makes no sense: {type(exc).__name__}"
        ) from None
    return None


def _error(data: dict[str, Any]) -> ProviderError:
    """Some errors have no code but a `400: ...` prefix. Texts are read here and not passed on."""
    text = str(data.get("message") or "")
    code = str(data.get("code") or (text[:3] if text[:3].isdigit() else "none"))[:40]
    if "speaker" in text.casefold():
        return SpeakerRefused(PROVIDER, f"speaker refused with {code}")
    if code in ("429", "500", "503"):
        return ProviderBusy(PROVIDER, f"error event {code}")
    return ProviderRefused(PROVIDER, f"error event {code}")
