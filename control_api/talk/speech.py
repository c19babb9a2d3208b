"""Both speech services as one talk uses them: a sentence said, and heard again in real time."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from control_api.health.checks.finding import CheckFailed
from core.catalog import Catalog
from core.setting_groups import SarvamSettings

RATE_HZ: Final = 16_000
CHUNK_S: Final = 0.1
CHUNK_BYTES: Final = round(2 * RATE_HZ * CHUNK_S)
MAX_SOUND_BYTES: Final = 2 * RATE_HZ * 30
MAX_MESSAGES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Recognised:
    """`after_ms`: from the last sample to the final words."""

    text: str
    after_ms: int


async def say(
    http: aiohttp.ClientSession, settings: SarvamSettings, catalog: Catalog, text: str
) -> AsyncGenerator[bytes, None]:
    """The default voice's sound, 16-bit mono at 16 kHz, as it comes.

    Raises `CheckFailed`, or what `aiohttp` raises.
    """
    voice = catalog.voice(catalog.default_voice)
    assert voice is not None, "the catalog holds together"
    body = {
        "text": text,
        "target_language_code": catalog.default_language,
        "speaker": voice.speaker or voice.id,
        "model": voice.tts_model,
        "speech_sample_rate": RATE_HZ,
        "output_audio_codec": "linear16",
    }
    url = f"{settings.api_url.rstrip('/')}/text-to-speech/stream"
    n_bytes = 0
    async with http.post(url, json=body, headers=settings.headers, allow_redirects=False) as answer:
        if answer.status != 200:
            raise CheckFailed(f"the voice answered HTTP {answer.status}: check SARVAM_API_KEY")
        async for chunk in answer.content.iter_any():
            n_bytes += len(chunk)
            if n_bytes > MAX_SOUND_BYTES:
                raise CheckFailed("the voice sent more sound than the sentence has")
            yield chunk


async def hear(
    http: aiohttp.ClientSession, settings: SarvamSettings, catalog: Catalog, pcm: bytes
) -> Recognised:
    """Speak the sound to the default recogniser, and end with it. Raises as `say`."""
    query = {
        "language_code": catalog.default_language,
        "model": catalog.default_stt_model,
        "endpointing": "manual",
        "encoding": "linear16",
        "sample_rate": str(RATE_HZ),
    }
    url = f"{settings.ws_url.rstrip('/')}/speech-to-text-realtime/ws"
    try:
        async with http.ws_connect(url, params=query, headers=settings.headers) as socket:
            await socket.send_str('{"event": "speech_start"}')
            await _speak(socket, pcm)
            ended_at = time.monotonic()
            await socket.send_str('{"event": "speech_end"}')
            text = await _final(socket)
            return Recognised(text, round(1000 * (time.monotonic() - ended_at)))
    except aiohttp.WSServerHandshakeError as exc:
        raise CheckFailed(f"recognition answered HTTP {exc.status}: check SARVAM_API_KEY") from exc


async def _speak(socket: aiohttp.ClientWebSocketResponse, pcm: bytes) -> None:
    started_at = time.monotonic()
    for n, at in enumerate(range(0, len(pcm), CHUNK_BYTES), 1):
        await asyncio.sleep(max(0.0, started_at + n * CHUNK_S - time.monotonic()))
        await socket.send_bytes(pcm[at : at + CHUNK_BYTES])


async def _final(socket: aiohttp.ClientWebSocketResponse) -> str:
    for _ in range(MAX_MESSAGES):
        message = await socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            break
        told: Any = json.loads(message.data)
        if told.get("event") == "transcript.final":
            return str(told.get("text") or "").strip()
        if told.get("event") == "error" and told.get("is_fatal"):
            break
    raise CheckFailed("recognition closed without a final")
