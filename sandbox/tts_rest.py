"""Sarvam's synthesis calls: ``POST /text-to-speech`` and ``POST /text-to-speech/stream``."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import numpy as np
from aiohttp import web

from sandbox.auth import require_key
from sandbox.backstage import BACKSTAGE, Backstage
from sandbox.codecs import CODECS, Encoder, encode_whole
from sandbox.ports import EngineError, Samples
from sandbox.record import Received
from sandbox.refusals import Refusal, invalid, new_request_id
from sandbox.speakers import V2
from sandbox.tts_config import HTTP, HTTP_STREAM, Surface, TtsConfig, TtsRefusal, parse_config
from sandbox.tts_faults import SynthesisDrop, SynthesisError, speak

_MAX_CHARS = 2500
_MAX_CHARS_V2 = 1500
_MAX_STREAM_CHARS = 3500


async def convert(request: web.Request) -> web.StreamResponse:
    """One JSON answer with the whole audio."""
    async with _Call(request) as call:
        config, text = await call.read(HTTP, _MAX_CHARS)
        try:
            parts = [samples async for samples in call.speak(config, text)]
        except SynthesisDrop:
            return call.cut()
        samples = np.concatenate(parts) if parts else np.zeros(0, np.int16)
        audio = encode_whole(samples, config.codec, config.rate_hz, config.bitrate)
        return web.json_response(
            {"request_id": new_request_id(), "audios": [base64.b64encode(audio).decode()]}
        )


async def stream(request: web.Request) -> web.StreamResponse:
    """Raw bytes as they are produced; errors only before the first."""
    async with _Call(request) as call:
        config, text = await call.read(HTTP_STREAM, _MAX_STREAM_CHARS)
        encoder = CODECS[config.codec].open(config.rate_hz, config.bitrate)
        response = web.StreamResponse(headers={"Content-Type": CODECS[config.codec].mime})
        try:
            async with aclosing(call.speak(config, text)) as audio:
                await _send(request, response, encoder, audio)
        except SynthesisDrop:
            return call.cut()
        except Refusal:
            if not response.prepared:
                raise
            return call.cut()
        return response


async def _send(
    request: web.Request,
    response: web.StreamResponse,
    encoder: Encoder,
    audio: AsyncGenerator[Samples],
) -> None:
    async for samples in audio:
        if not response.prepared:
            await response.prepare(request)
        await response.write(encoder.encode(samples))
    if not response.prepared:
        await response.prepare(request)
    await response.write(encoder.finish())
    await response.write_eof()


class _Call:
    """One request: checked, spoken, and recorded to its end."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._backstage: Backstage = request.app[BACKSTAGE]
        self._received: Received = self._backstage.record(request)

    async def __aenter__(self) -> "_Call":
        require_key(self._request, self._backstage.script)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, asyncio.CancelledError | ConnectionError):
            self._received.was_dropped = True

    async def read(self, surface: Surface, most_chars: int) -> tuple[TtsConfig, str]:
        """Raises Refusal."""
        try:
            body = json.loads(await self._request.read())
        except ValueError as exc:
            raise invalid("The body is not valid JSON") from exc
        self._received.body = body
        if not isinstance(body, Mapping):
            raise invalid("The body must be a JSON object")
        refused = self._backstage.script.tts.refused_speakers
        try:
            config = parse_config(body, "", surface, refused)
        except TtsRefusal as exc:
            raise invalid(str(exc)) from exc
        if config.model == V2:
            most_chars = min(most_chars, _MAX_CHARS_V2)
        return config, _read_text(body, most_chars)

    async def speak(self, config: TtsConfig, text: str) -> AsyncGenerator[Samples]:
        """Raises Refusal for a scripted error, SynthesisDrop for a scripted cut."""
        try:
            async with aclosing(speak(self._backstage, config.line(text))) as audio:
                async for samples in audio:
                    yield samples
        except SynthesisError as exc:
            raise Refusal(exc.code, "internal_server_error", str(exc)) from exc
        except EngineError as exc:
            raise Refusal(500, "internal_server_error", str(exc)) from exc

    def cut(self) -> web.StreamResponse:
        if self._request.transport is not None:
            self._request.transport.abort()
        return web.Response(status=500)


def _read_text(body: Mapping[str, Any], most_chars: int) -> str:
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise invalid("text is required")
    if len(text) > most_chars:
        raise invalid(f"text is longer than {most_chars} characters", 422)
    return text
