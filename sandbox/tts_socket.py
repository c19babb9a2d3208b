"""Sarvam's synthesis socket: ``/text-to-speech/ws`` and ``/text-to-speech/ws/v2``."""

import asyncio
import base64
import re
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.auth import require_key
from sandbox.backstage import BACKSTAGE, Backstage
from sandbox.codecs import CODECS, Encoder
from sandbox.ports import EngineError
from sandbox.refusals import Refusal, new_request_id, over_quota
from sandbox.script import TtsFault
from sandbox.sockets import BadMessageError, IdleTooLongError, Socket, parse_message, stop_tasks
from sandbox.tts_config import SOCKET, TtsConfig, TtsRefusal, parse_config
from sandbox.tts_faults import SynthesisDrop, SynthesisError, run_faults, shake_hands, speak

MAX_TEXT_CHARS = 2500
_MAX_WAITING = 64
"""Pieces of text that wait for synthesis; one more is refused with 429."""
_MAX_AUDIO_BYTES = 512 * 1024
"""A message: base64 adds a third, and clients take 1 MiB."""


@dataclass(frozen=True)
class _Piece:
    """Text to say under the config it was sent under; then, for a flush, the final event."""

    text: str
    config: TtsConfig
    is_flush: bool = False


async def handle(request: web.Request) -> web.StreamResponse:
    backstage = request.app[BACKSTAGE]
    received = backstage.record(request)
    require_key(request, backstage.script)
    with backstage.place("tts", backstage.script.tts.max_sockets) as has_place:
        if not has_place:
            raise over_quota()
        faults = await shake_hands(backstage)
        socket = await Socket.accept(request, received, backstage.script.idle_close_s)
        await _TtsSession(backstage, socket, request.query).run(faults)
        return socket.response


async def refuse_stream_socket(request: web.Request) -> web.StreamResponse:
    """The HTTP stream's path takes no sockets."""
    raise Refusal(403, "invalid_request_error", "Use /text-to-speech/ws for WebSocket connections")


class _TtsSession:
    """One connection: a reader that gathers text and a speaker that says it in order."""

    def __init__(self, backstage: Backstage, socket: Socket, query: Mapping[str, str]) -> None:
        self._backstage = backstage
        self._socket = socket
        self._model = query.get("model", "")
        self._sends_final = query.get("send_completion_event", "").lower() == "true"
        self._config: TtsConfig | None = None
        self._buffer = ""
        self._pieces: asyncio.Queue[_Piece] = asyncio.Queue(_MAX_WAITING)
        self._is_speaking = False
        self._was_cut = False
        self._encoder: Encoder | None = None
        self._encoder_config: TtsConfig | None = None
        self._request_id = new_request_id()

    async def run(self, faults: Sequence[TtsFault]) -> None:
        async with asyncio.TaskGroup() as tasks:
            speaking = tasks.create_task(self._speak_pieces())
            failing = tasks.create_task(run_faults(faults, self._socket))
            try:
                await self._read()
            except IdleTooLongError:
                await self._socket.close(1000, "closed after 60 s without a message")
            finally:
                self._socket.received.was_dropped = self._is_owing and not self._was_cut
                await stop_tasks(speaking, failing)

    @property
    def _is_owing(self) -> bool:
        """Whether audio that was asked for has not gone out."""
        return self._is_speaking or not self._pieces.empty()

    async def _read(self) -> None:
        async for frame in self._socket.receive():
            try:
                if isinstance(frame, bytes):
                    raise BadMessageError("binary messages are not supported")
                await self._obey(parse_message(frame))
            except BadMessageError as exc:
                await self._send_error(400, str(exc))
            except TtsRefusal as exc:
                await self._send_error(422, str(exc))
            except asyncio.QueueFull:
                await self._send_error(429, "too much text is waiting")

    async def _obey(self, message: dict[str, Any]) -> None:
        kind, data = message.get("type"), message.get("data")
        self._socket.received.add(str(kind), data)
        if kind == "ping":
            return
        if kind == "config":
            self._configure(data)
        elif kind == "text":
            self._add_text(data)
        elif kind == "flush":
            self._flush()
        else:
            raise BadMessageError(f"unknown message type {kind!r}")

    def _configure(self, data: Any) -> None:
        if not isinstance(data, Mapping):
            raise BadMessageError("config needs data")
        refused = self._backstage.script.tts.refused_speakers
        config = parse_config(data, self._model, SOCKET, refused)
        self._say_buffer()
        self._config = config

    def _add_text(self, data: Any) -> None:
        text = data.get("text") if isinstance(data, Mapping) else None
        if not isinstance(text, str) or not 1 <= len(text) <= MAX_TEXT_CHARS:
            raise TtsRefusal(f"text must have 1 to {MAX_TEXT_CHARS} characters")
        if any(re.search(one, text) for one in self._backstage.script.tts.refused_texts):
            raise TtsRefusal("text is in no script that the language has")
        config = self._require_config()
        self._buffer += text
        if len(self._buffer) >= config.min_buffer_chars:
            whole, self._buffer = split_whole_words(self._buffer)
            self._enqueue(whole, config)

    def _flush(self) -> None:
        config = self._require_config()
        self._say_buffer()
        self._pieces.put_nowait(_Piece("", config, is_flush=True))

    def _say_buffer(self) -> None:
        text, self._buffer = self._buffer, ""
        if self._config is not None:
            self._enqueue(text, self._config)

    def _enqueue(self, text: str, config: TtsConfig) -> None:
        for chunk in split_sentences(text, config.max_chunk_chars):
            self._pieces.put_nowait(_Piece(chunk, config))

    def _require_config(self) -> TtsConfig:
        if self._config is None:
            raise BadMessageError("the first message must be config")
        return self._config

    async def _speak_pieces(self) -> None:
        while True:
            piece = await self._pieces.get()
            self._is_speaking = True
            try:
                await self._speak(piece)
            except SynthesisError as exc:
                await self._send_error(exc.code, str(exc))
            except SynthesisDrop:
                self._was_cut = True
                self._socket.abort()
            except EngineError as exc:
                await self._send_error(500, str(exc))
            self._is_speaking = False

    async def _speak(self, piece: _Piece) -> None:
        if piece.is_flush:
            await self._end_audio()
            await self._send_final()
            return
        encoder = await self._encoder_for(piece.config)
        async with aclosing(speak(self._backstage, piece.config.line(piece.text))) as audio:
            async for samples in audio:
                await self._send_audio(encoder.encode(samples), piece.config)

    async def _encoder_for(self, config: TtsConfig) -> Encoder:
        """One encoder runs from flush to flush, as long as the config stays."""
        if self._encoder is None or self._encoder_config != config:
            await self._end_audio()
            self._encoder = CODECS[config.codec].open(config.rate_hz, config.bitrate)
            self._encoder_config = config
        return self._encoder

    async def _end_audio(self) -> None:
        encoder, self._encoder = self._encoder, None
        if encoder is not None and self._encoder_config is not None:
            await self._send_audio(encoder.finish(), self._encoder_config)

    async def _send_final(self) -> None:
        if self._sends_final:
            now = datetime.now(UTC).isoformat()
            await self._send("event", event_type="final", message="completed", timestamp=now)

    async def _send_audio(self, audio: bytes, config: TtsConfig) -> None:
        content_type = CODECS[config.codec].content_type
        for start in range(0, len(audio), _MAX_AUDIO_BYTES):
            part = base64.b64encode(audio[start : start + _MAX_AUDIO_BYTES]).decode()
            await self._send(
                "audio", content_type=content_type, audio=part, request_id=self._request_id
            )

    async def _send_error(self, code: int, message: str) -> None:
        await self._send("error", message=message, code=code, request_id=self._request_id)

    async def _send(self, kind: str, **data: Any) -> None:
        await self._socket.send({"type": kind, "data": data})


def split_whole_words(text: str) -> tuple[str, str]:
    """What may be said already, and the unfinished last word."""
    if re.search(r"[\s.,!?;:।]$", text):
        return text, ""
    head, space, tail = text.rpartition(" ")
    return head + space, tail


def split_sentences(text: str, most_chars: int) -> list[str]:
    """Sentences joined up to ``most_chars``; a longer one is split between words."""
    chunks: list[str] = []
    room = 0
    for part in re.findall(r".+?(?:[.!?।]+(?=\s|$)|$)\s*", text, re.DOTALL):
        for word in re.findall(r"\S+\s*", part) if len(part) > most_chars else [part]:
            if chunks and len(word.rstrip()) <= room:
                chunks[-1] += word
            else:
                chunks.append(word)
                room = most_chars
            room -= len(word)
    return [chunk.strip() for chunk in chunks if chunk.strip()]
