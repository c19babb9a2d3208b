"""Legacy and REST recognition through the SDK."""

import asyncio
import base64
import io
import json
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest
from sarvamai.core.api_error import ApiError
from sarvamai.errors import BadRequestError, ForbiddenError
from websockets.exceptions import ConnectionClosedError

from sandbox.ports import Samples
from sandbox.script import parse_script
from sandbox.server import Sandbox, serve
from tests.integration.sandbox_clients import (
    DEADLINE_S,
    RATE_HZ,
    chunks,
    sarvam,
    silence,
    speech,
)


def wav(samples: Samples) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return out.getvalue()


@asynccontextmanager
async def scripted(**extra: Any) -> AsyncIterator[Sandbox]:
    stt = {"latency_ms": 0, "utterances": [{"text": "hello"}, {"text": "again"}], **extra}
    async with serve(parse_script({"stt": stt})) as sandbox:
        yield sandbox


@asynccontextmanager
async def connected(sandbox: Sandbox, key: str = "k", **query: Any) -> AsyncIterator[Any]:
    query = {"language_code": "en-IN", "model": "saaras:v3", **query}
    async with (
        sarvam(sandbox, key) as client,
        client.speech_to_text_streaming.connect(**query) as socket,
    ):
        yield socket


async def say(socket: Any, samples: Samples) -> None:
    for chunk in chunks(samples):
        await socket.transcribe(base64.b64encode(chunk).decode())


async def receive(socket: Any, count: int) -> list[Any]:
    async with asyncio.timeout(DEADLINE_S):
        return [await socket.recv() for _ in range(count)]


async def test_a_segment_of_raw_audio_gives_signals_and_one_final() -> None:
    async with scripted() as sandbox, connected(sandbox, vad_signals="true") as socket:
        await say(socket, np.concatenate((speech(), silence(1100))))
        started, ended, final = await receive(socket, 3)

    assert (started.data.signal_type, ended.data.signal_type) == ("START_SPEECH", "END_SPEECH")
    assert (final.type, final.data.transcript) == ("data", "hello")
    assert final.data.metrics.audio_duration == pytest.approx(1.96, abs=0.5)
    assert final.data.language_probability is None


async def test_the_end_of_speech_may_be_told_after_its_final() -> None:
    async with (
        scripted(final_first=True) as sandbox,
        connected(sandbox, vad_signals="true") as socket,
    ):
        await say(socket, np.concatenate((speech(), silence(1100))))
        _, final, ended = await receive(socket, 3)

    assert (final.type, ended.data.signal_type) == ("data", "END_SPEECH")


async def test_a_final_that_is_told_twice_is_the_same_to_the_letter() -> None:
    async with scripted(finals=[{"kind": "double"}]) as sandbox, connected(sandbox) as socket:
        await say(socket, np.concatenate((speech(), silence(1100))))
        async with asyncio.timeout(DEADLINE_S):
            first, second = [await socket._websocket.recv() for _ in range(2)]

    assert first == second


async def test_a_connection_over_the_accounts_quota_is_refused() -> None:
    async with scripted(max_sockets=1) as sandbox, connected(sandbox):
        with pytest.raises(ApiError) as refused:
            async with connected(sandbox):
                pass

    assert refused.value.status_code == 429


async def test_a_whole_wav_file_is_heard_without_trailing_silence() -> None:
    async with scripted() as sandbox, connected(sandbox, high_vad_sensitivity="true") as socket:
        await socket.transcribe(base64.b64encode(wav(speech())).decode())
        (final,) = await receive(socket, 1)

    assert final.data.transcript == "hello"


async def test_detection_names_the_language() -> None:
    async with scripted() as sandbox, connected(sandbox, language_code="unknown") as socket:
        await say(socket, np.concatenate((speech(), silence(1100))))
        (final,) = await receive(socket, 1)

    assert final.data.language_code == "en-IN"
    assert final.data.language_probability > 0.5


async def test_a_flush_is_obeyed_only_when_it_was_announced() -> None:
    async with scripted() as sandbox:
        async with connected(sandbox, flush_signal="true") as socket:
            await say(socket, speech())
            await socket.flush()
            (flushed,) = await receive(socket, 1)
        async with connected(sandbox) as socket:
            await say(socket, speech())
            await socket.flush()
            await say(socket, np.concatenate((speech(), silence(1100))))
            (ignored,) = await receive(socket, 1)

    assert flushed.data.transcript == "hello"
    assert flushed.data.metrics.audio_duration == pytest.approx(1.06, abs=0.1)
    assert ignored.data.metrics.audio_duration == pytest.approx(3.12, abs=0.1)


async def test_the_end_of_the_stream_finalises() -> None:
    async with scripted() as sandbox, connected(sandbox) as socket:
        await say(socket, speech())
        audio = {"data": "", "encoding": "audio/wav", "sample_rate": RATE_HZ}
        await socket._send({"type": "end_of_stream", "audio": audio})
        (final,) = await receive(socket, 1)

    assert final.data.transcript == "hello"


async def test_a_bad_message_gives_an_error_with_a_string_code() -> None:
    async with scripted() as sandbox, connected(sandbox) as socket:
        await socket._send({"type": "dance"})
        (error,) = await receive(socket, 1)

    assert (error.type, error.data.code) == ("error", "invalid_request_error")
    assert "dance" in error.data.error


async def test_a_scripted_error_reaches_the_client() -> None:
    faults = [{"endpoint": "legacy", "code": "rate_limit", "close_code": 1008}]
    async with scripted(faults=faults) as sandbox, connected(sandbox) as socket:
        (error,) = await receive(socket, 1)
        with pytest.raises(ConnectionClosedError):
            await receive(socket, 1)

    assert error.data.code == "rate_limit"


@pytest.mark.parametrize(
    ("key", "query", "status"),
    [(" ", {}, 403), ("refused", {}, 403), ("k", {"language_code": "or-IN"}, 400)],
)
async def test_a_refused_handshake_has_its_status(
    key: str, query: dict[str, str], status: int
) -> None:
    async with serve(parse_script({"refused_keys": ["refused"]})) as sandbox:
        with pytest.raises(ApiError) as refused:
            async with connected(sandbox, key, **query):
                pass

    assert refused.value.status_code == status


async def test_an_idle_connection_is_cut_without_a_close_frame() -> None:
    async with (
        serve(parse_script({"idle_close_s": 0.05})) as sandbox,
        connected(sandbox) as socket,
    ):
        with pytest.raises(ConnectionClosedError) as closed:
            await receive(socket, 1)

    assert closed.value.rcvd is None


async def test_a_frame_over_one_mebibyte_closes_with_1009() -> None:
    async with scripted() as sandbox, connected(sandbox) as socket:
        await socket._websocket.send(json.dumps({"type": "x" * (1024 * 1024)}))
        with pytest.raises(ConnectionClosedError) as closed:
            await receive(socket, 1)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


async def test_a_file_is_transcribed_over_http() -> None:
    file = ("a.wav", wav(speech()))
    async with scripted() as sandbox, sarvam(sandbox) as client:
        answer = await client.speech_to_text.transcribe(file=file, language_code="en-IN")
        detected = await client.speech_to_text.transcribe(file=file)

    assert (answer.transcript, answer.language_code) == ("hello", "en-IN")
    assert answer.language_probability is None
    assert detected.language_probability is not None


async def test_silence_is_transcribed_as_nothing() -> None:
    async with scripted() as sandbox, sarvam(sandbox) as client:
        answer = await client.speech_to_text.transcribe(file=("a.wav", wav(silence(900))))

    assert answer.transcript == ""


@pytest.mark.parametrize(
    ("data", "problem"),
    [(wav(silence(31_000)), "longer than 30 seconds"), (b"no audio" * 9, "no audio")],
)
async def test_a_bad_file_is_refused_over_http(data: bytes, problem: str) -> None:
    async with scripted() as sandbox, sarvam(sandbox) as client:
        with pytest.raises(BadRequestError) as refused:
            await client.speech_to_text.transcribe(file=("a.wav", data))

    assert problem in refused.value.body["error"]["message"]


async def test_http_refuses_a_bad_key_with_the_envelope() -> None:
    script = parse_script({"refused_keys": ["bad"]})
    async with serve(script) as sandbox, sarvam(sandbox, "bad") as client:
        with pytest.raises(ForbiddenError) as refused:
            await client.speech_to_text.transcribe(file=("a.wav", wav(speech())))

    assert refused.value.body["error"]["code"] == "invalid_api_key_error"
    assert refused.value.body["error"]["request_id"]
