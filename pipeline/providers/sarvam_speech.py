"""One reply on Sarvam's text to speech sockets: where one breaks, another says the rest.

Nothing ties sound to text on the wire, so a socket carries one reply at a time, and the answers
to flushes are counted.
"""

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Final

from core.errors import ProviderBusy, ProviderClosed, ProviderError, ProviderRefused
from pipeline.clock import now
from pipeline.ports import Audio, FlushDone
from pipeline.providers.sarvam_lines import Lines
from pipeline.providers.sarvam_socket import Frame, Socket
from pipeline.word_ends import Pace

log = logging.getLogger(__name__)

PROVIDER: Final = "sarvam-tts"
MOST_REPLACEMENTS: Final = 2
"""Of the sockets of one reply."""
STALL_S: Final = 3.0
"""Silence in the midst of a line; its beginning may take longer."""
MOST_REFUSED: Final = 3
"""Texts of one reply that the service will not say, and that are left out."""
_FLUSH: Final = '{"type": "flush"}'


class SpeakerRefused(ProviderRefused):
    """The service has no such speaker for this model."""


Item = Audio | FlushDone
Replace = Callable[[Socket, ProviderError], Awaitable[Socket]]
"""Gives a new socket for one that broke, or raises the error again."""


class SarvamSpeech:
    """One reply. Implements `pipeline.ports.Speech`.

    It survives its socket: from the word on that its sound had
    reached, all is said on another one, and what is said meanwhile waits for that.
    """

    def __init__(self, socket: Socket, replace: Replace, pace: Pace, *, timeout_s: float) -> None:
        self.socket = socket
        self._replace = replace
        self._pace = pace
        self._timeout_s = timeout_s
        self._lines = Lines(pace)
        self._has_more = asyncio.Event()
        self._broken: ProviderError | None = None
        self._n_replaced = self._n_refused = 0

    @property
    def is_clean(self) -> bool:
        """Whether all that was said was answered: the socket may serve another reply."""
        return not self._lines and self._broken is None and self.socket.is_open

    async def say(self, text: str) -> None:
        """Add text; the space keeps it apart from what follows in the server's buffer."""
        spoken = f"{text.strip()} "
        self._lines.say(spoken)
        self._send(_text(spoken))

    async def flush(self) -> None:
        """Speak what was said."""
        self._lines.flush()
        self._send(_FLUSH)
        self._expect()

    async def sound(self) -> AsyncIterator[Item]:
        """Sound and answers. Raises `ProviderError` when too many sockets have failed."""
        while True:
            try:
                items = await (self._hear() if self._broken is None else self._start_again())
            except ProviderError as exc:
                items = self._break_off(exc)
            for item in items:
                yield item

    def _send(self, frame: Frame) -> None:
        self._has_more.set()
        if self._broken is None:
            self.socket.post(frame)

    def _expect(self) -> None:
        """The silence that is allowed counts while a flush is unanswered."""
        if self._broken is None:
            stall_s = STALL_S if self._lines.has_begun else self._timeout_s
            due_at = now() + min(stall_s, self._timeout_s)
            self.socket.expect_by(due_at if self._lines.is_owed else None)

    async def _hear(self) -> Sequence[Item]:
        """What comes next, or what has been held back and is needed now."""
        try:
            async with asyncio.timeout_at(self._lines.due_at):
                frame = await self.socket.receive()
        except TimeoutError:
            return _audio(self._lines.give(now()))
        try:
            item = read(frame)
        except ProviderRefused as exc:
            if not self._may_leave_out(exc):
                raise
            item = None
        taken = self._taken(item)
        self._expect()
        return taken

    def _taken(self, item: Item | None) -> Sequence[Item]:
        if isinstance(item, Audio):
            self._lines.take(item.pcm)
            return _audio(self._lines.give(now()))
        if item is None or (rest := self._lines.answer(now())) is None:
            return ()
        return (*_audio(rest), FlushDone(is_seamless=not (self._n_replaced or self._n_refused)))

    def _may_leave_out(self, exc: ProviderRefused) -> bool:
        """A voice that has spoken is refused nothing but a text: the rest can still be said."""
        self._n_refused += 1
        is_text = self._pace.is_known and not isinstance(exc, SpeakerRefused)
        log.warning("voice.refused", extra={"reason": exc.reason})
        return is_text and self._n_refused <= MOST_REFUSED

    def _break_off(self, exc: ProviderError) -> Sequence[Item]:
        """What can still be given of the sound before another socket goes on."""
        may_retry = exc.retryable or isinstance(exc, SpeakerRefused)
        if not may_retry or self._n_replaced >= MOST_REPLACEMENTS:
            raise exc
        log.warning("voice.retrying", extra={"reason": exc.reason})
        self._n_replaced += 1
        self._broken = exc
        rest = _audio(self._lines.cut(now()))
        return (*rest, FlushDone(is_seamless=False)) if self._lines.end_said() else rest

    async def _start_again(self) -> Sequence[Item]:
        """Say all that is unanswered on another socket, once there is anything."""
        assert self._broken is not None
        while not self._lines:
            self._has_more.clear()
            await self._has_more.wait()
        self.socket = await self._replace(self.socket, self._broken)
        self._broken = None
        for line in self._lines:
            self.socket.post(*(_text(piece) for piece in line.pieces))
            if line.is_flushed:
                self.socket.post(_FLUSH)
        self._expect()
        return ()


def _text(spoken: str) -> Frame:
    return json.dumps({"type": "text", "data": {"text": spoken}}, ensure_ascii=False)


def _audio(pcm: bytes) -> Sequence[Item]:
    return (Audio(pcm),) if pcm else ()


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
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as exc:
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
