"""Our voice client on real sockets, against a service that fails as told."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from core.errors import ProviderError, ProviderRefused, ProviderTimeout
from core.setting_groups import SarvamSettings
from pipeline.faults import Faults
from pipeline.ports import Audio
from pipeline.providers import sarvam_socket
from pipeline.providers.sarvam_voice import SarvamVoice, VoiceOptions
from sandbox.ports import SpokenLine
from sandbox.script import parse_script
from sandbox.scripted.voice import synthesise
from sandbox.server import Sandbox, serve
from tests.eventually import eventually

TEXT = "We are open from nine to six on weekdays, and ten to four on Saturdays."
DEADLINE_S = 60.0
KEY = "not-to-be-told"


def settings_of(sandbox: Sandbox, **changes: Any) -> SarvamSettings:
    return SarvamSettings(
        api_key=SecretStr(KEY), api_url=sandbox.http_url, ws_url=sandbox.ws_url, **changes
    )


@asynccontextmanager
async def scripted(*faults: dict[str, Any], **tts: Any) -> AsyncIterator[Sandbox]:
    table = {"first_byte_ms": 20, "realtime_factor": 10, "faults": faults, **tts}
    async with serve(parse_script({"tts": table, "refused_keys": ["bad-key"]})) as sandbox:
        yield sandbox


@asynccontextmanager
async def voiced(settings: SarvamSettings, model: str = "bulbul:v3") -> AsyncIterator[SarvamVoice]:
    speaker = "shubh" if model == "bulbul:v3" else "shubh_en_narration_gentle"
    options = VoiceOptions(model, speaker, "en-IN", speaker)
    async with (
        asyncio.timeout(DEADLINE_S),
        SarvamVoice.opened(settings, options, print, Faults()) as voice,
    ):
        yield voice


async def reply(voice: SarvamVoice, text: str = TEXT) -> bytes:
    pcm = b""
    async with voice.speak() as speech:
        await speech.say(text)
        await speech.flush()
        async for item in speech.sound():
            if not isinstance(item, Audio):
                break
            pcm += item.pcm
    return pcm


def tones(text: str) -> bytes:
    return synthesise(SpokenLine(text, "shubh", "bulbul:v3", "en-IN", 24000), 60).tobytes()


def sockets(sandbox: Sandbox) -> int:
    return len(sandbox.requests.to("/text-to-speech/ws"))


async def test_a_reply_is_spoken_and_its_socket_used_again() -> None:
    async with scripted() as sandbox, voiced(settings_of(sandbox)) as voice:
        assert await reply(voice) == tones(TEXT)
        assert await reply(voice, "Thank you.") == tones("Thank you.")
    texts = [one.details("text") for one in sandbox.requests]
    assert [len(one) for one in texts if one] == [2]


@pytest.mark.parametrize("kind", ["drop", "stall", "error"])
async def test_a_voice_lost_in_mid_sentence_goes_on_from_the_word_reached(kind: str) -> None:
    fault = {"kind": kind, "after_ms": 1500, "times": 1}
    async with scripted(fault) as sandbox:
        async with voiced(settings_of(sandbox, answer_timeout_s=1.0)) as voice:
            pcm = await reply(voice)
        rest = sandbox.requests.to("/ws")[1].details("text")
    if kind == "stall":
        assert pcm.endswith(tones(rest[0]["text"]))
    else:
        assert pcm == tones(TEXT)


async def test_a_spare_that_is_cut_is_made_anew_before_it_is_needed() -> None:
    hang_up = {"kind": "hang_up", "after_ms": 50, "times": 1}
    async with scripted(hang_up) as sandbox, voiced(settings_of(sandbox)) as voice:

        async def is_made_anew() -> bool:
            return [one.is_open for one in sandbox.requests] == [False, True]

        await eventually(is_made_anew, what="a new spare")
        assert await reply(voice) == tones(TEXT)
        first, second, *_ = sandbox.requests
    assert (first.details("text"), len(second.details("text"))) == ([], 1)


async def test_a_spare_that_is_closed_as_idle_is_made_anew() -> None:
    script = parse_script({"idle_close_s": 0.1, "tts": {"first_byte_ms": 0}})
    async with serve(script) as sandbox, voiced(settings_of(sandbox)) as voice:

        async def is_made_anew() -> bool:
            return sockets(sandbox) >= 2

        await eventually(is_made_anew, what="a new spare")
        assert await reply(voice, "Thank you.") == tones("Thank you.")


async def test_a_spare_that_freezes_is_noticed_and_let_go_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sarvam_socket, "PING_EVERY_S", 0.1)
    monkeypatch.setattr(sarvam_socket, "PONG_WITHIN_S", 0.3)
    freeze = {"kind": "freeze", "times": 1}
    async with scripted(freeze) as sandbox, voiced(settings_of(sandbox)) as voice:

        async def is_made_anew() -> bool:
            return sockets(sandbox) == 2

        await eventually(is_made_anew, what="a new spare")
        assert await reply(voice) == tones(TEXT)


async def test_leaving_takes_no_longer_than_it_may_with_a_side_that_is_not_there() -> None:
    async with scripted({"kind": "freeze"}) as sandbox:
        async with voiced(settings_of(sandbox)) as voice, voice.speak() as speech:
            await speech.say(TEXT)
            began_at_s = time.monotonic()
        assert time.monotonic() - began_at_s < 5.0
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert not {name for name in names if name.startswith(("sarvam", "voice", "socket"))}


async def test_without_a_place_for_a_spare_replies_are_spoken_all_the_same() -> None:
    async with scripted(max_sockets=1) as sandbox, voiced(settings_of(sandbox)) as voice:
        for _ in range(3):
            assert await reply(voice, "Thank you.") == tones("Thank you.")


async def test_a_handshake_that_takes_too_long_is_given_up() -> None:
    slow = {"kind": "handshake", "after_ms": 5000}
    async with (
        scripted(slow) as sandbox,
        voiced(settings_of(sandbox, connect_timeout_s=0.2)) as voice,
    ):
        with pytest.raises(ProviderTimeout):
            await reply(voice)


async def test_neither_the_key_nor_what_is_said_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with scripted({"kind": "error", "times": 1}) as sandbox:
        async with voiced(settings_of(sandbox)) as voice:
            await reply(voice)
        settings = settings_of(sandbox).model_copy(update={"api_key": SecretStr("bad-key")})
        async with voiced(settings) as voice:
            with pytest.raises(ProviderRefused) as refused:
                await reply(voice)
    assert "HTTP 403" in str(refused.value)
    lines = [f"{one.getMessage()} {vars(one)}" for one in caplog.records]
    assert not [line for line in lines for said in (KEY, "bad-key", TEXT) if said in line]


async def test_the_key_is_taken_to_no_other_place() -> None:
    visits: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        visits.append(request.path)
        raise web.HTTPFound(str(request.url.with_path("/elsewhere")))

    app = web.Application()
    app.router.add_get("/{path:.*}", elsewhere)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    settings = SarvamSettings(ws_url=f"ws://{host}:{port}")
    async with voiced(settings) as voice:
        with pytest.raises(ProviderError):
            await reply(voice)
    await runner.cleanup()
    assert set(visits) == {"/text-to-speech/ws"}


async def test_v4_is_spoken_at_its_own_path() -> None:
    async with scripted() as sandbox:
        async with voiced(settings_of(sandbox), model="bulbul:v4-flash") as voice:
            assert len(await reply(voice, "Thank you.")) > 0
        first, *_ = sandbox.requests
    assert first.path == "/text-to-speech/ws/v2"
    assert first.query == {"model": "bulbul:v4-flash", "send_completion_event": "true"}
