"""livekit-plugins-sarvam against the stand-ins: its sockets differ from the SDK in details."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import numpy as np
import pytest
from livekit import rtc
from livekit.agents import APIConnectOptions, APIError, stt
from livekit.plugins import sarvam

from sandbox.script import parse_script
from sandbox.server import Sandbox, serve
from tests.integration.sandbox_clients import DEADLINE_S, RATE_HZ, silence, speech

ONCE = APIConnectOptions(max_retry=0, timeout=10)


@asynccontextmanager
async def scripted() -> AsyncIterator[Sandbox]:
    data = {
        "stt": {"latency_ms": 0, "utterances": [{"text": "one two three four"}]},
        "tts": {"first_byte_ms": 0, "realtime_factor": 10_000},
    }
    async with serve(parse_script(data)) as sandbox:
        yield sandbox


def voice(sandbox: Sandbox, http: aiohttp.ClientSession, **options: Any) -> sarvam.TTS:
    return sarvam.TTS(
        target_language_code="en-IN",
        model="bulbul:v3",
        speaker="shubh",
        api_key="test-key",
        base_url=f"{sandbox.http_url}/text-to-speech",
        ws_url=f"{sandbox.ws_url}/text-to-speech/ws",
        http_session=http,
        **options,
    )


async def spoken_s(stream: Any) -> float:
    """Seconds of audio in the stream."""
    async with asyncio.timeout(DEADLINE_S):
        return float(sum([audio.frame.duration async for audio in stream]))


@pytest.mark.parametrize("codec", ["mp3", "linear16", "mulaw"])
async def test_a_streamed_reply_is_spoken_to_its_end(codec: str) -> None:
    async with scripted() as sandbox, aiohttp.ClientSession() as http:
        plugin = voice(sandbox, http, output_audio_codec=codec, speech_sample_rate=24000)
        async with plugin.stream(conn_options=ONCE) as stream:
            stream.push_text("Hello there, my good friend. How are you today?")
            stream.end_input()
            duration_s = await spoken_s(stream)
        await plugin.aclose()

    assert duration_s == pytest.approx(2.46, abs=0.2)


async def test_the_http_call_is_spoken_too() -> None:
    async with scripted() as sandbox, aiohttp.ClientSession() as http:
        plugin = voice(sandbox, http)
        async with plugin.synthesize("Hello there.", conn_options=ONCE) as stream:
            duration_s = await spoken_s(stream)
        await plugin.aclose()

    assert duration_s == pytest.approx(0.68, abs=0.1)


async def test_a_refused_speaker_is_an_api_error() -> None:
    script = parse_script({"tts": {"refused_speakers": ["shubh"]}})
    async with serve(script) as sandbox, aiohttp.ClientSession() as http:
        plugin = voice(sandbox, http)
        plugin.on("error", lambda error: None)
        async with plugin.stream(conn_options=ONCE) as stream:
            stream.push_text("Hello there.")
            stream.end_input()
            with pytest.raises(APIError):
                await spoken_s(stream)
        await plugin.aclose()


async def test_realtime_recognition_gives_speech_partials_and_a_final() -> None:
    async with scripted() as sandbox, aiohttp.ClientSession() as http:
        plugin = sarvam.STTRealtime(
            language="en-IN",
            api_key="test-key",
            base_url=f"{sandbox.ws_url}/speech-to-text-realtime/ws",
            http_session=http,
        )
        async with plugin.stream(conn_options=ONCE) as stream:
            await push(stream)
            stream.end_input()
            async with asyncio.timeout(DEADLINE_S):
                events = [event async for event in stream]
        await plugin.aclose()

    kinds = [event.type for event in events]
    assert stt.SpeechEventType.START_OF_SPEECH in kinds
    assert stt.SpeechEventType.END_OF_SPEECH in kinds
    finals = [e for e in events if e.type is stt.SpeechEventType.FINAL_TRANSCRIPT]
    assert [final.alternatives[0].text for final in finals] == ["one two three four"]


async def push(stream: stt.RecognizeStream) -> None:
    sound = np.concatenate((silence(200), speech(), silence(800)))
    for at in range(0, sound.size, RATE_HZ // 50):
        part = sound[at : at + RATE_HZ // 50]
        stream.push_frame(rtc.AudioFrame(part.tobytes(), RATE_HZ, 1, part.size))
        await asyncio.sleep(0)
