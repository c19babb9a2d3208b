"""Synthesis over the socket and over HTTP, through the SDK."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import numpy as np
import pytest
from sarvamai.core.api_error import ApiError
from sarvamai.errors import BadRequestError, ForbiddenError, UnprocessableEntityError
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK

from sandbox.pcm import read_wav
from sandbox.ports import SpokenLine
from sandbox.script import parse_script
from sandbox.scripted.voice import synthesise
from sandbox.server import Sandbox, serve
from tests.eventually import eventually
from tests.integration.sandbox_clients import DEADLINE_S, sarvam

QUICK: dict[str, Any] = {"first_byte_ms": 0, "realtime_factor": 10_000}
SPEECH: dict[str, Any] = {
    "target_language_code": "en-IN",
    "speaker": "shubh",
    "output_audio_codec": "linear16",
    "speech_sample_rate": 24000,
}


@asynccontextmanager
async def scripted(**tts: Any) -> AsyncIterator[Sandbox]:
    async with serve(parse_script({"tts": {**QUICK, **tts}})) as sandbox:
        yield sandbox


@asynccontextmanager
async def connected(sandbox: Sandbox, key: str = "k", **query: Any) -> AsyncIterator[Any]:
    query = {"model": "bulbul:v3", "send_completion_event": "true", **query}
    async with (
        sarvam(sandbox, key) as client,
        client.text_to_speech_streaming.connect(**query) as socket,
    ):
        yield socket


async def receive(socket: Any) -> Any:
    async with asyncio.timeout(DEADLINE_S):
        return await socket.recv()


async def until_final(socket: Any) -> bytes:
    """The audio up to the next final event."""
    audio = b""
    while (message := await receive(socket)).type == "audio":
        audio += base64.b64decode(message.data.audio)
    assert (message.type, message.data.event_type) == ("event", "final")
    return audio


def expected(text: str) -> bytes:
    line = SpokenLine(text, "shubh", "bulbul:v3", "en-IN", 24000)
    return synthesise(line, ms_per_char=60).tobytes()


async def test_each_flush_gives_its_audio_and_one_final() -> None:
    async with scripted() as sandbox, connected(sandbox) as socket:
        await socket.configure(**SPEECH)
        await socket.convert("Hello there.")
        await socket.flush()
        first = await until_final(socket)
        await socket.convert("How are ")
        await socket.convert("you?")
        await socket.flush()
        second = await until_final(socket)

    assert first == expected("Hello there.")
    assert second == expected("How are you?")


async def test_text_past_the_buffer_size_is_said_before_the_flush() -> None:
    config = {**SPEECH, "min_buffer_size": 30}
    async with scripted() as sandbox, connected(sandbox) as socket:
        await socket.configure(**config)
        await socket.convert("These words are more than thirty letters lo")
        early = await receive(socket)
        await socket.convert("ng.")
        await socket.flush()
        rest = await until_final(socket)

    assert early.type == "audio"
    audio = base64.b64decode(early.data.audio) + rest
    assert audio == expected("These words are more than thirty letters") + expected("long.")


async def test_without_the_completion_event_there_is_no_final() -> None:
    async with scripted() as sandbox, connected(sandbox, send_completion_event="false") as socket:
        await socket.configure(**SPEECH)
        for word in ("one", "two"):
            await socket.convert(word)
            await socket.flush()
        kinds = [(await receive(socket)).type for _ in range(4)]

    assert kinds == ["audio"] * 4


async def test_an_empty_flush_has_its_final_too() -> None:
    async with scripted() as sandbox, connected(sandbox, send_completion_event="true") as socket:
        await socket.configure(**SPEECH)
        await socket.flush()

        assert await until_final(socket) == b""


async def test_a_new_config_says_the_buffer_under_the_old_one_first() -> None:
    async with scripted() as sandbox, connected(sandbox) as socket:
        await socket.configure(**SPEECH)
        await socket.convert("one")
        await socket.configure(**{**SPEECH, "speech_sample_rate": 8000})
        await socket.convert("two")
        await socket.flush()
        audio = await until_final(socket)

    assert audio.startswith(expected("one"))
    assert len(audio) == len(expected("one")) + len(expected("two")) // 3


@pytest.mark.parametrize(
    ("codec", "content_type", "start"),
    [
        ("mp3", "audio/mp3", b"ID3"),
        ("wav", "audio/wav", b"RIFF\xff\xff\xff\xff"),
        ("opus", "audio/opus", b"OggS"),
        ("flac", "audio/flac", b"fLaC"),
    ],
)
async def test_every_codec_is_named_and_begins_as_it_should(
    codec: str, content_type: str, start: bytes
) -> None:
    async with scripted() as sandbox, connected(sandbox) as socket:
        await socket.configure(**{**SPEECH, "output_audio_codec": codec})
        await socket.convert("Good morning.")
        await socket.flush()
        first = await receive(socket)

    assert first.data.content_type == content_type
    assert base64.b64decode(first.data.audio).startswith(start)


@pytest.mark.parametrize(
    ("speaker", "problem"),
    [("nobody", "not recognized"), ("anushka", "not compatible with model bulbul:v3")],
)
async def test_a_wrong_speaker_gives_a_422_and_the_socket_goes_on(
    speaker: str, problem: str
) -> None:
    async with scripted() as sandbox, connected(sandbox) as socket:
        await socket.configure(**{**SPEECH, "speaker": speaker})
        error = await receive(socket)
        await socket.configure(**SPEECH)
        await socket.convert("one")
        await socket.flush()
        await until_final(socket)

    assert (error.type, error.data.code) == ("error", 422)
    assert problem in error.data.message


async def test_v4_flash_is_served_by_its_own_path_too() -> None:
    config = {
        "target_language_code": "en-IN",
        "model": "bulbul:v4-flash",
        "speaker": "amelia_en_conversational",
        "output_audio_codec": "linear16",
    }
    async with scripted() as sandbox, aiohttp.ClientSession() as http:
        url = f"{sandbox.http_url}/text-to-speech/ws/v2?model=bulbul:v4-flash"
        headers = {"api-subscription-key": "k"}
        async with http.ws_connect(f"{url}&send_completion_event=True", headers=headers) as socket:
            await socket.send_json({"type": "config", "data": config})
            await socket.send_json({"type": "text", "data": {"text": "no"}})
            await socket.send_json({"type": "ping"})
            await socket.send_json({"type": "flush"})
            kinds = [(await socket.receive_json(timeout=DEADLINE_S))["type"] for _ in range(2)]

    assert kinds == ["audio", "event"]


async def test_text_before_any_config_is_refused() -> None:
    async with scripted() as sandbox, connected(sandbox) as socket:
        await socket.convert("too early")
        error = await receive(socket)

    assert (error.data.code, error.data.message) == (400, "the first message must be config")


async def test_too_long_a_text_is_refused() -> None:
    async with scripted() as sandbox, connected(sandbox) as socket:
        await socket.configure(**SPEECH)
        await socket.convert("x" * 2501)

        assert (await receive(socket)).data.code == 422


async def test_a_client_that_leaves_in_mid_speech_is_noticed_and_its_speech_stopped() -> None:
    async with scripted(realtime_factor=0.01) as sandbox:
        async with connected(sandbox) as socket:
            await socket.configure(**SPEECH)
            await socket.convert("These are many words that nobody will wait for.")
            await socket.flush()
            await receive(socket)
        (received,) = sandbox.requests.to("/text-to-speech/ws")

        async def is_closed() -> bool:
            return not received.is_open

        await eventually(is_closed, what="the end of the connection")

    assert received.was_dropped
    assert received.details("text") == [{"text": "These are many words that nobody will wait for."}]


@pytest.mark.parametrize("kind", ["error", "drop"])
async def test_a_fault_comes_after_its_share_of_the_audio(kind: str) -> None:
    fault = {"kind": kind, "after_ms": 100, "code": 500, "times": 1}
    async with scripted(faults=[fault]) as sandbox, connected(sandbox) as socket:
        await socket.configure(**SPEECH)
        await socket.convert("Hello there.")
        await socket.flush()
        audio = await receive(socket)
        if kind == "drop":
            with pytest.raises(ConnectionClosedError):
                await receive(socket)
        else:
            assert (await receive(socket)).data.code == 500

    assert base64.b64decode(audio.data.audio) == expected("Hello there.")[: 24 * 100 * 2]


async def test_a_stalled_speaker_sends_its_share_and_then_owes_the_rest() -> None:
    fault = {"kind": "stall", "speaker": "ritu", "after_ms": 100}
    async with scripted(faults=[fault]) as sandbox:
        async with connected(sandbox) as socket:
            await socket.configure(**{**SPEECH, "speaker": "ritu"})
            await socket.convert("one two three")
            await socket.flush()
            audio = await receive(socket)
        (received,) = sandbox.requests.to("/text-to-speech/ws")

        async def is_closed() -> bool:
            return not received.is_open

        await eventually(is_closed, what="the end of the connection")

    assert len(base64.b64decode(audio.data.audio)) == 24 * 100 * 2
    assert received.was_dropped


async def test_a_socket_may_be_cut_while_nothing_is_said() -> None:
    fault = {"kind": "hang_up", "after_ms": 50, "times": 1}
    async with scripted(faults=[fault]) as sandbox:
        async with connected(sandbox) as socket:
            with pytest.raises(ConnectionClosedError) as closed:
                await receive(socket)
        async with connected(sandbox) as socket:
            await socket.configure(**SPEECH)
            await socket.convert("one")
            await socket.flush()
            assert await until_final(socket) == expected("one")

    assert closed.value.rcvd is None


async def test_a_frozen_socket_answers_not_even_pings() -> None:
    async with scripted(faults=[{"kind": "freeze"}]) as sandbox, connected(sandbox) as socket:
        pong = await socket._websocket.ping()
        await asyncio.wait([pong], timeout=0.3)
        assert not pong.done()
        socket._websocket.transport.abort()
        with pytest.raises(ConnectionClosedError):
            await pong


async def test_a_handshake_may_take_its_time() -> None:
    async with scripted(faults=[{"kind": "handshake", "after_ms": 150}]) as sandbox:
        began_at_s = time.monotonic()
        async with connected(sandbox):
            assert time.monotonic() - began_at_s >= 0.15


async def test_a_refused_text_is_left_out_and_the_rest_is_spoken() -> None:
    async with scripted(refused_texts=["[一-龥]"]) as sandbox, connected(sandbox) as socket:
        await socket.configure(**SPEECH)
        for text in ("one ", "一 ", "two"):
            await socket.convert(text)
        error = await receive(socket)
        await socket.flush()
        audio = await until_final(socket)

    assert (error.data.code, audio) == (422, expected("one two"))


async def test_a_socket_over_the_quota_is_refused_until_another_is_closed() -> None:
    async with scripted(max_sockets=1) as sandbox:
        async with connected(sandbox):
            with pytest.raises(ApiError) as refused:
                async with connected(sandbox):
                    pass
        (first, _) = sandbox.requests.to("/text-to-speech/ws")

        async def is_closed() -> bool:
            return not first.is_open

        await eventually(is_closed, what="the end of the connection")
        async with connected(sandbox):
            pass

    assert refused.value.status_code == 429


async def test_an_idle_socket_is_closed() -> None:
    script = parse_script({"idle_close_s": 0.05})
    async with serve(script) as sandbox, connected(sandbox) as socket:
        with pytest.raises(ConnectionClosedOK):
            await receive(socket)


async def test_a_key_may_come_as_a_subprotocol_which_is_echoed() -> None:
    async with scripted() as sandbox, aiohttp.ClientSession() as http:
        protocol = "api-subscription-key.secret"
        url = f"{sandbox.ws_url}/text-to-speech/ws"
        async with http.ws_connect(url, protocols=(protocol,)) as socket:
            assert socket.protocol == protocol
        (received,) = sandbox.requests.to("/text-to-speech/ws")

    assert received.headers["sec-websocket-protocol"] == "***"


async def test_a_socket_on_the_http_streams_path_is_refused() -> None:
    async with scripted() as sandbox, aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(f"{sandbox.ws_url}/text-to-speech/stream")

    assert refused.value.status == 403


async def test_a_bad_key_fails_the_handshake() -> None:
    async with serve(parse_script({"refused_keys": ["bad"]})) as sandbox:
        with pytest.raises(ApiError) as refused:
            async with connected(sandbox, "bad"):
                pass

    assert refused.value.status_code == 403


async def test_http_answers_with_a_whole_wav() -> None:
    async with scripted() as sandbox, sarvam(sandbox) as client:
        answer = await client.text_to_speech.convert(
            text="Hello there.", language_code="en-IN", speaker="shubh", speech_sample_rate=24000
        )
    samples, rate_hz = read_wav(base64.b64decode(answer.audios[0]))

    assert rate_hz == 24000
    assert samples.tobytes() == expected("Hello there.")


async def test_the_http_stream_sends_raw_bytes() -> None:
    async with scripted() as sandbox, sarvam(sandbox) as client:
        stream = client.text_to_speech.convert_stream(
            text="Hello there.",
            language_code="en-IN",
            speaker="shubh",
            output_audio_codec="wav",
            speech_sample_rate=24000,
        )
        samples, _ = read_wav(b"".join([part async for part in stream]))

    assert np.array_equal(samples, np.frombuffer(expected("Hello there."), "<i2"))


async def test_http_refuses_what_the_provider_refuses() -> None:
    script = parse_script({"refused_keys": ["bad"]})
    async with serve(script) as sandbox, sarvam(sandbox) as client, sarvam(sandbox, "bad") as bad:
        with pytest.raises(BadRequestError) as pitch:
            await client.text_to_speech.convert(text="a", language_code="en-IN", pitch=0.0)
        with pytest.raises(UnprocessableEntityError):
            await client.text_to_speech.convert(text="a" * 2501, language_code="en-IN")
        with pytest.raises(ForbiddenError) as key:
            await bad.text_to_speech.convert(text="a", language_code="en-IN")

    assert pitch.value.body["error"]["message"] == "pitch is not supported by bulbul:v3"
    assert key.value.body["error"]["code"] == "invalid_api_key_error"
