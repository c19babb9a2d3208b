"""Realtime recognition, through the SDK where it has a method for it."""

import asyncio
import base64
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import numpy as np
import pytest
from sarvamai import RealtimeAudioInput, RealtimeConfigUpdate, RealtimeEnd, RealtimeFlush
from sarvamai.core.api_error import ApiError
from websockets.exceptions import ConnectionClosedError

from sandbox.script import parse_script
from sandbox.server import Sandbox, serve
from sandbox.speech_gate import measure_voiced_ms
from tests.eventually import eventually
from tests.integration.sandbox_clients import (
    DEADLINE_S,
    RATE_HZ,
    chunks,
    sarvam,
    silence,
    speech,
)

TEXT = "one two three four"
VOICED_MS = measure_voiced_ms(speech(TEXT), RATE_HZ)
QUICK: dict[str, Any] = {"latency_ms": 0, "partial_interval_ms": 20, "partial_latency_ms": 0}


class Call:
    """One realtime socket: sends audio and events, collects what comes back."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.heard: list[Any] = []

    async def send(self, event: str, **fields: Any) -> None:
        await self.socket._send({"event": event, **fields})

    async def say(self, samples: Any) -> None:
        for chunk in chunks(samples):
            await self.socket._websocket.send(chunk)

    async def say_and_settle(self, samples: Any) -> Any:
        await self.say(samples)
        await self.send("flush")
        return await self.until("transcript.final")

    async def until(self, event: str) -> Any:
        """The next event of this kind; those before it are kept in ``heard``."""
        async with asyncio.timeout(DEADLINE_S):
            while True:
                message = await self.socket.recv()
                self.heard.append(message)
                if message.event == event:
                    return message

    def kinds(self) -> list[str]:
        return [message.event for message in self.heard]


@asynccontextmanager
async def connected(sandbox: Sandbox, key: str = "k", **query: Any) -> AsyncIterator[Call]:
    query = {"language_code": "en-IN", **query}
    async with (
        sarvam(sandbox, key) as client,
        client.speech_to_text_realtime_streaming.connect(**query) as socket,
    ):
        yield Call(socket)


@asynccontextmanager
async def scripted(**stt: Any) -> AsyncIterator[Sandbox]:
    entry = {"text": TEXT, "speech_ms": VOICED_MS}
    async with serve(parse_script({"stt": {"utterances": [entry], **QUICK, **stt}})) as sandbox:
        yield sandbox


async def test_vad_mode_hears_an_utterance_from_start_to_final() -> None:
    async with scripted() as sandbox, connected(sandbox) as call:
        begin = await call.until("session.begin")
        await call.say(np.concatenate((silence(200), speech(TEXT), silence(700))))
        final = await call.until("transcript.final")

    assert begin.config.turn_detection == "vad"
    assert (final.text, final.utterance_idx, final.language) == (TEXT, 0, None)
    order = [kind for kind in call.kinds() if kind != "transcript.partial"]
    assert order == ["session.begin", "vad.speech_start", "vad.speech_end", "transcript.final"]


async def test_audio_in_json_is_heard_like_binary_frames() -> None:
    async with scripted() as sandbox, connected(sandbox) as call:
        for chunk in chunks(np.concatenate((speech(TEXT), silence(700)))):
            audio = RealtimeAudioInput(audio=base64.b64encode(chunk).decode())
            await call.socket.send_realtime_audio_input(audio)

        assert (await call.until("transcript.final")).text == TEXT


async def test_partials_grow_and_come_before_the_final() -> None:
    async with scripted() as sandbox, connected(sandbox) as call:
        for chunk in chunks(np.concatenate((speech(TEXT), silence(700)))):
            await call.socket._websocket.send(chunk)
            await asyncio.sleep(0.03)
        await call.until("transcript.final")

    texts = [m.text for m in call.heard if m.event == "transcript.partial"]
    assert len(texts) >= 2
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(texts))
    assert TEXT.startswith(texts[-1])


async def test_simulated_streams_have_no_partials() -> None:
    async with scripted() as sandbox, connected(sandbox, stream_type="simulated") as call:
        await call.say(np.concatenate((speech(TEXT), silence(700))))
        await call.until("transcript.final")

    assert "transcript.partial" not in call.kinds()


async def test_a_manual_flush_gives_the_words_so_far_and_the_end_the_rest() -> None:
    async with scripted() as sandbox, connected(sandbox, endpointing="manual") as call:
        await call.send("speech_start")
        await call.say(speech("one two"))
        await call.socket.send_realtime_flush(RealtimeFlush())
        first = await call.until("transcript.final")
        await call.say(speech("three four"))
        await call.send("speech_end")
        second = await call.until("transcript.final")

    assert (first.text, second.text) == ("one two", "three four")
    assert "vad.speech_start" not in call.kinds()


async def test_speech_end_after_a_flush_gives_no_second_final() -> None:
    async with scripted() as sandbox, connected(sandbox, endpointing="manual") as call:
        await call.send("speech_start")
        await call.say(np.concatenate((silence(300), speech(TEXT), silence(90))))
        await call.send("flush")
        await call.send("speech_end")
        await call.socket.send_realtime_end(RealtimeEnd())
        end = await call.until("session.end")

    assert call.kinds().count("transcript.final") == 1
    assert end.total_utterances == 1
    assert end.audio_duration_s == pytest.approx(0.39 + speech(TEXT).size / RATE_HZ, abs=0.01)


async def test_end_finalises_what_is_open_and_closes() -> None:
    async with scripted() as sandbox, connected(sandbox) as call:
        await call.say(speech(TEXT))
        await call.socket.send_realtime_end(RealtimeEnd())
        await call.until("session.end")

        assert [m.text for m in call.heard if m.event == "transcript.final"] == [TEXT]
    assert sandbox.requests.to("/ws")[0].close_code == 1000


async def test_a_client_that_stops_sending_in_mid_utterance_still_gets_its_final() -> None:
    async with scripted(silence_window_ms=20) as sandbox, connected(sandbox) as call:
        await call.say(speech("one"))

        assert (await call.until("transcript.final")).text == "one"


async def test_language_and_times_come_only_when_asked_for() -> None:
    entry = {"text": "नमस्ते", "language": "hi-IN"}
    query = {"language_code": "auto", "return_timestamps": "true"}
    async with scripted(utterances=[entry]) as sandbox, connected(sandbox, **query) as call:
        await call.say(np.concatenate((silence(500), speech(TEXT), silence(700))))
        final = await call.until("transcript.final")

    assert (final.text, final.language) == ("नमस्ते", "hi-IN")
    assert final.language_confidence > 0.5
    assert 0.1 < final.start_s < final.end_s


async def test_config_changes_are_acknowledged_and_work() -> None:
    async with scripted() as sandbox, connected(sandbox) as call:
        update = RealtimeConfigUpdate(endpointing="manual", silence_duration_ms=300)
        await call.socket.send_realtime_config_update(update)
        updated = await call.until("config.updated")
        await call.send("speech_start")
        await call.say(speech(TEXT))
        await call.send("speech_end")
        await call.until("transcript.final")

    assert sorted(updated.applied) == ["endpointing", "silence_duration_ms"]
    assert "vad.speech_start" not in call.kinds()


async def test_ping_is_answered() -> None:
    async with scripted() as sandbox, connected(sandbox) as call:
        await call.send("ping")

        assert (await call.until("pong")).event == "pong"


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ({"event": "flush"}, "endpointing=manual"),
        ({"event": "dance"}, "unknown event"),
        ({"event": "audio_input", "audio": "???"}, "base64"),
        ({"event": "config.update", "sample_rate": 8000}, "cannot be changed"),
        ("no json", "not valid JSON"),
    ],
)
async def test_a_bad_message_gives_an_error_that_is_not_fatal(message: Any, problem: str) -> None:
    async with scripted() as sandbox, connected(sandbox) as call:
        text = message if isinstance(message, str) else json.dumps(message)
        await call.socket._websocket.send(text)
        error = await call.until("error")
        await call.send("ping")
        await call.until("pong")

    assert (error.code, error.is_fatal) == ("invalid_config", False)
    assert problem in error.message


@pytest.mark.parametrize(
    ("key", "query", "code"),
    [
        ("refused", {}, 1003),
        ("k", {"language_code": "od-IN"}, 4000),
        ("k", {"sample_rate": 1}, 4000),
    ],
)
async def test_a_rejected_session_is_closed_with_its_code(
    key: str, query: dict[str, Any], code: int
) -> None:
    script = parse_script({"refused_keys": ["refused"]})
    async with serve(script) as sandbox, connected(sandbox, key, **query) as call:
        with pytest.raises(ConnectionClosedError) as closed:
            await call.until("session.begin")

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


async def test_a_blank_key_fails_the_handshake_with_403() -> None:
    async with serve(parse_script({})) as sandbox:
        with pytest.raises(ApiError) as refused:
            async with connected(sandbox, key=" "):
                pass

    assert refused.value.status_code == 403


async def test_a_scripted_status_refuses_the_handshake() -> None:
    async with scripted(refuse_realtime_status=403) as sandbox:
        with pytest.raises(ApiError) as refused:
            async with connected(sandbox):
                pass

    assert refused.value.status_code == 403


async def test_an_idle_session_times_out() -> None:
    async with (
        serve(parse_script({"idle_close_s": 0.05})) as sandbox,
        connected(sandbox) as call,
    ):
        with pytest.raises(ConnectionClosedError) as closed:
            await call.until("session.end")

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


async def test_protocol_pings_do_not_keep_a_session_alive() -> None:
    async with (
        serve(parse_script({"idle_close_s": 0.2})) as sandbox,
        aiohttp.ClientSession() as http,
        http.ws_connect(
            f"{sandbox.ws_url}/speech-to-text-realtime/ws?language_code=en-IN",
            headers={"api-subscription-key": "k"},
            heartbeat=0.04,
        ) as socket,
    ):
        await socket.receive(timeout=DEADLINE_S)
        closed = await socket.receive(timeout=DEADLINE_S)

    assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, 1008)


async def test_a_scripted_error_is_told_before_its_close() -> None:
    fault = {"code": "model_unavailable", "is_fatal": True, "status_code": 503, "close_code": 1013}
    async with scripted(faults=[fault]) as sandbox, connected(sandbox) as call:
        error = await call.until("error")
        with pytest.raises(ConnectionClosedError) as closed:
            await call.until("session.end")

    assert (error.code, error.is_fatal, error.status_code) == ("model_unavailable", True, 503)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1013


async def test_a_scripted_drop_cuts_the_first_connection_only() -> None:
    fault = {"drop": True, "times": 1}
    async with scripted(faults=[fault]) as sandbox:
        async with connected(sandbox) as call:
            with pytest.raises(ConnectionClosedError) as closed:
                await call.until("session.end")
        async with connected(sandbox) as call:
            await call.send("ping")
            await call.until("pong")

    assert closed.value.rcvd is None


async def test_a_scripted_cut_in_mid_word_waits_for_so_much_voice() -> None:
    fault = {"drop": True, "after_voiced_ms": 200, "times": 1}
    async with (
        scripted(faults=[fault]) as sandbox,
        connected(sandbox, endpointing="manual") as call,
    ):
        await call.send("speech_start")
        await call.say(silence(300))
        await call.send("ping")
        await call.until("pong")
        with pytest.raises(ConnectionClosedError) as closed:
            await call.say_and_settle(speech(TEXT))

    assert closed.value.rcvd is None


@pytest.mark.parametrize("endpointing", ["vad", "manual"])
async def test_a_mute_session_takes_everything_and_answers_nothing(endpointing: str) -> None:
    fault = {"mute": True, "times": 1}
    async with scripted(faults=[fault]) as sandbox:
        async with connected(sandbox, endpointing=endpointing) as call:
            await call.until("session.begin")
            for event in ("speech_start", "ping", "dance"):
                await call.send(event)
            await call.say(np.concatenate((speech(TEXT), silence(700))))
            for event in ("flush", "ping"):
                await call.send(event)
            await (await call.socket._websocket.ping())
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await call.socket.recv()
        async with connected(sandbox, endpointing=endpointing) as call:
            await call.send("ping")
            await call.until("pong")

    assert sandbox.requests.to("/ws")[0].counts["ping"] == 2


async def test_a_scripted_handshake_takes_its_time() -> None:
    fault = {"handshake_ms": 150, "times": 1}
    async with scripted(faults=[fault]) as sandbox:
        began_at_s = time.monotonic()
        async with connected(sandbox) as call:
            await call.until("session.begin")
        assert time.monotonic() - began_at_s >= 0.15


async def test_a_client_that_leaves_in_the_handshake_has_left() -> None:
    async with scripted(faults=[{"handshake_ms": 600_000}]) as sandbox:
        url = f"{sandbox.ws_url}/speech-to-text-realtime/ws"
        headers = {"api-subscription-key": "test-key"}
        async with aiohttp.ClientSession() as http:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await http.ws_connect(url, headers=headers)

            async def has_left() -> bool:
                return [one.is_open for one in sandbox.requests] == [False]

            await eventually(has_left, what="the end of the only request")


async def test_the_final_may_come_before_the_end_of_speech() -> None:
    async with scripted(final_first=True) as sandbox, connected(sandbox) as call:
        await call.say(np.concatenate((speech(TEXT), silence(700))))
        await call.until("vad.speech_end")

    order = [kind for kind in call.kinds() if kind != "transcript.partial"]
    assert order == ["session.begin", "vad.speech_start", "transcript.final", "vad.speech_end"]


async def test_speech_that_brings_no_final_has_its_end_told_all_the_same() -> None:
    async with (
        scripted(final_first=True, utterances=[]) as sandbox,
        connected(sandbox) as call,
    ):
        await call.say(np.concatenate((speech(TEXT), silence(700))))
        await call.until("vad.speech_end")


@pytest.mark.parametrize(
    ("fault", "texts"),
    [
        ({"kind": "empty"}, ["", TEXT]),
        ({"kind": "double"}, [TEXT, TEXT, TEXT]),
        ({"kind": "lost"}, [TEXT]),
        ({"kind": "late", "late_ms": 50}, [TEXT, TEXT]),
    ],
)
async def test_a_final_may_go_wrong(fault: dict[str, Any], texts: list[str]) -> None:
    finals = [{**fault, "times": 1}]
    async with scripted(finals=finals) as sandbox, connected(sandbox) as call:
        for _ in range(2):
            await call.say(np.concatenate((speech(TEXT), silence(700))))
        await call.socket.send_realtime_end(RealtimeEnd())
        await call.until("session.end")

    assert [m.text for m in call.heard if m.event == "transcript.final"] == texts


async def test_a_session_over_the_accounts_quota_is_closed() -> None:
    async with scripted(max_sockets=1) as sandbox, connected(sandbox) as call:
        await call.until("session.begin")
        async with connected(sandbox) as second:
            with pytest.raises(ConnectionClosedError) as closed:
                await second.until("session.begin")

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1003
