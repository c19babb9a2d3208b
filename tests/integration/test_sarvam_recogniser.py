"""Our recognition client on real sockets, against a service that fails as told."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from core.catalog import Catalog
from core.errors import ProviderError
from core.setting_groups import SarvamSettings
from pipeline.faults import Faults
from pipeline.ports import Final, Partial
from pipeline.providers.sarvam_dialect import RecognitionOptions
from pipeline.providers.sarvam_recogniser import SarvamRecogniser
from sandbox.script import parse_script
from sandbox.server import Sandbox, serve
from sandbox.speech_gate import measure_voiced_ms
from tests.integration.sandbox_clients import DEADLINE_S, RATE_HZ, chunks, silence, speech

TEXT = "one two three four five six seven eight nine ten"
SPEECH = speech(TEXT)
KEY = "not-to-be-told"
REALTIME, LEGACY = "/speech-to-text-realtime/ws", "/speech-to-text/ws"
LANGUAGE = next(one for one in Catalog.load().languages if one.id == "en-IN")


class Call:
    """A caller, and what was made of their words."""

    def __init__(self, recogniser: SarvamRecogniser) -> None:
        self.recogniser = recogniser
        self.finals: list[Final] = []
        self.partials: list[Partial] = []
        self._results = recogniser.results()

    async def say(self, *, pace: float = 4.0) -> None:
        """An utterance, faster than a person by `pace`."""
        before, *windows = chunks(SPEECH, 64)
        self.recogniser.begin(silence(320).tobytes() + before)
        for pcm in windows:
            await asyncio.sleep(0.064 / pace)
            self.recogniser.hear(pcm)
        self.recogniser.hear(silence(90).tobytes())
        self.recogniser.settle()

    async def final(self) -> Final:
        """The next one. Raises `ProviderError`."""
        async for result in self._results:
            if isinstance(result, Final):
                self.finals.append(result)
                return result
            self.partials.append(result)
        raise AssertionError("results have no end of their own")


@asynccontextmanager
async def scripted(*faults: dict[str, Any], **stt: Any) -> AsyncIterator[Sandbox]:
    entry = {"text": TEXT, "speech_ms": measure_voiced_ms(SPEECH, RATE_HZ)}
    table = {"utterances": [entry], "latency_ms": 20, "faults": faults, **stt}
    async with serve(parse_script({"stt": table})) as sandbox:
        yield sandbox


@asynccontextmanager
async def called(sandbox: Sandbox, *, realtime: bool = True) -> AsyncIterator[Call]:
    settings = SarvamSettings(
        api_key=SecretStr(KEY),
        api_url=sandbox.http_url,
        ws_url=sandbox.ws_url,
        final_timeout_s=0.6,
    )
    options = RecognitionOptions(LANGUAGE, "saaras:v3-realtime" if realtime else "saaras:v3")
    async with (
        asyncio.timeout(DEADLINE_S),
        SarvamRecogniser.opened(settings, options, Faults()) as recogniser,
    ):
        yield Call(recogniser)


BOTH = pytest.mark.parametrize("realtime", [True, False], ids=["realtime", "legacy"])


@BOTH
async def test_an_utterance_is_heard(realtime: bool) -> None:
    async with scripted() as sandbox, called(sandbox, realtime=realtime) as call:
        await call.say()
        assert await call.final() == Final(TEXT, call.finals[0].language, 1)
        call.recogniser.end()
        await call.say()
        assert (await call.final()).utterance == 2
    assert bool(call.partials) == realtime
    assert {partial.utterance for partial in call.partials} <= {1, 2}
    assert len(sandbox.requests) == 1


@BOTH
@pytest.mark.parametrize(
    "fault",
    [
        {"drop": True, "after_voiced_ms": 900},
        {"mute": True},
        {"mute": True, "after_voiced_ms": 900},
        {"code": "backend_unavailable", "is_fatal": True, "close_code": 1013, "after_ms": 100},
    ],
    ids=["cut in mid-word", "mute", "mute in mid-word", "busy"],
)
async def test_no_word_is_lost_with_a_connection(fault: dict[str, Any], realtime: bool) -> None:
    async with (
        scripted({**fault, "times": 1}) as sandbox,
        called(sandbox, realtime=realtime) as call,
    ):
        await call.say()
        final = await call.final()
    assert (final.text, final.utterance) == (TEXT, 1)
    assert len(sandbox.requests) == 2


@BOTH
async def test_what_is_said_during_a_slow_handshake_is_heard(realtime: bool) -> None:
    slow = {"handshake_ms": 800, "times": 1}
    async with scripted(slow) as sandbox, called(sandbox, realtime=realtime) as call:
        await call.say(pace=8)
        assert (await call.final()).text == TEXT


@BOTH
async def test_a_final_that_is_told_twice_is_told_on_once(realtime: bool) -> None:
    doubled = [{"kind": "double", "times": 1}]
    async with scripted(finals=doubled) as sandbox, called(sandbox, realtime=realtime) as call:
        for _ in range(2):
            await call.say()
            await call.final()
            call.recogniser.end()
    assert [one.utterance for one in call.finals] == [1, 2]


@BOTH
async def test_a_final_that_is_lost_is_asked_for_again(realtime: bool) -> None:
    lost = [{"kind": "lost", "times": 1}]
    async with scripted(finals=lost) as sandbox, called(sandbox, realtime=realtime) as call:
        await call.say()
        assert (await call.final()).text == TEXT
    assert len(sandbox.requests) == 2


async def test_a_session_without_a_place_is_served_by_the_legacy_protocol_if_that_has_one() -> None:
    async with scripted(max_sockets=1) as sandbox, called(sandbox) as first:
        await first.say()
        await first.final()
        async with called(sandbox) as second:
            with pytest.raises(ProviderError) as lost:
                await second.final()
    assert "HTTP 429" in str(lost.value)
    paths = [one.path for one in sandbox.requests]
    assert paths == [REALTIME, REALTIME, *[LEGACY] * 6]


async def test_neither_the_key_nor_what_is_said_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    cut = {"drop": True, "after_voiced_ms": 900, "times": 1}
    async with scripted(cut, refuse_realtime_status=403) as sandbox, called(sandbox) as call:
        await call.say()
        await call.final()
    assert len(sandbox.requests.to(LEGACY)) == 2
    lines = [f"{one.getMessage()} {vars(one)}" for one in caplog.records]
    assert not [line for line in lines if KEY in line or TEXT in line]


@BOTH
async def test_leaving_leaves_nothing_running(realtime: bool) -> None:
    async with scripted({"mute": True}) as sandbox, called(sandbox, realtime=realtime) as call:
        await call.say(pace=20)
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert not {name for name in names if name.startswith(("sarvam", "recogniser", "socket"))}
