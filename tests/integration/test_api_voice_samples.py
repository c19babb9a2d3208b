"""Samples of voices over HTTP: made once by the provider, bounded, never the provider's words."""

import asyncio
import io
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from control_api.catalog import voice_samples
from core.catalog import Catalog
from sandbox.script import parse_script
from sandbox.server import Sandbox, serve
from tests.eventually import eventually
from tests.integration.api import Api, running_api
from tests.servers import free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

VOICES = "/api/v1/voices"


@asynccontextmanager
async def sampled(
    api_env: dict[str, str], *, timeout_s: float = 5, forget: bool = True, **tts: Any
) -> AsyncIterator[tuple[Api, Sandbox]]:
    quick = {"first_byte_ms": 0, "realtime_factor": 10_000}
    async with serve(parse_script({"tts": {**quick, **tts}})) as sandbox:
        env = {"SARVAM_API_URL": sandbox.http_url, "SARVAM_ANSWER_TIMEOUT_S": str(timeout_s)}
        async with running_api({**api_env, **env, "SARVAM_CONNECT_TIMEOUT_S": "0.1"}) as api:
            if forget:
                async with api.database.connection() as connection:
                    await connection.execute("DELETE FROM voice_samples")
            yield api, sandbox


def asked(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [dict(one.body) for one in sandbox.requests.to("/text-to-speech")]


async def test_a_sample_is_the_languages_sentence_in_that_voice(api_env: dict[str, str]) -> None:
    async with sampled(api_env) as (api, sandbox):
        answer = await api.get(f"{VOICES}/PRIYA/sample?language=HI-in")
        default = await api.get(f"{VOICES}/amelia/sample")

    assert (answer.status, answer.headers["Content-Type"]) == (200, "audio/wav")
    assert answer.headers["Cache-Control"] == "private, max-age=86400"
    with wave.open(io.BytesIO(answer.body)) as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (24_000, 1)
        assert sound.getnframes() > 24_000
    assert default.status == 200
    first, second = asked(sandbox)
    hindi = Catalog.load().language("hi-IN")
    assert hindi is not None
    assert first["text"] == hindi.sample
    assert (first["speaker"], first["model"]) == ("priya", "bulbul:v3")
    assert (second["speaker"], second["model"]) == ("amelia_en_conversational", "bulbul:v4-flash")


async def test_a_sample_is_made_once_for_all_who_ask(api_env: dict[str, str]) -> None:
    async with sampled(api_env, first_byte_ms=200) as (api, sandbox):
        path = f"{VOICES}/shubh/sample"
        together = await asyncio.gather(*(api.get(path) for _ in range(8)))
        later = await api.get(path)

        assert {one.body for one in together} == {later.body}
        assert len(asked(sandbox)) == 1


async def test_a_client_that_leaves_does_not_spoil_it_for_the_others(
    api_env: dict[str, str],
) -> None:
    async with sampled(api_env, first_byte_ms=300) as (api, sandbox):
        path = f"{VOICES}/shubh/sample"
        hasty = asyncio.create_task(api.get(path))

        async def is_asked() -> bool:
            return len(asked(sandbox)) == 1

        await eventually(is_asked, what="the request to the provider")
        hasty.cancel()
        assert (await api.get(path)).status == 200
        assert len(asked(sandbox)) == 1


async def test_cycling_through_all_samples_costs_each_of_them_once(
    api_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    voices = ("priya", "shubh", "ritu")
    async with sampled(api_env) as (api, sandbox):
        monkeypatch.setattr(voice_samples, "MAX_KEPT_BYTES", 1)
        first, again = [
            [(await api.get(f"{VOICES}/{voice}/sample")).body for voice in voices] for _ in range(2)
        ]

        assert again == first
        assert [one["speaker"] for one in asked(sandbox)] == list(voices)
    async with sampled(api_env, forget=False) as (other, sandbox):
        assert [(await other.get(f"{VOICES}/{voice}/sample")).body for voice in voices] == first
        assert asked(sandbox) == []


async def test_a_sample_of_what_the_catalog_no_longer_says_is_made_anew(
    api_env: dict[str, str],
) -> None:
    async with sampled(api_env) as (api, sandbox):
        first = await api.get(f"{VOICES}/shubh/sample")
    async with sampled(api_env, forget=False) as (api, sandbox):
        async with api.database.connection() as connection:
            await connection.execute("UPDATE voice_samples SET made_of = 'another'")
        again = await api.get(f"{VOICES}/shubh/sample")

        assert (again.status, len(again.body)) == (200, len(first.body))
        assert len(asked(sandbox)) == 1


async def test_what_is_in_memory_gives_way_to_what_was_asked_for_later(
    api_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sampled(api_env) as (api, _):
        size = len((await api.get(f"{VOICES}/shubh/sample")).body)
        monkeypatch.setattr(voice_samples, "MAX_KEPT_BYTES", int(2.5 * size))
        for voice in ("priya", "shubh", "ritu"):
            await api.get(f"{VOICES}/{voice}/sample")
        async with api.database.connection() as connection:
            await connection.execute("DELETE FROM voice_samples")
        for voice in ("shubh", "ritu", "priya"):
            await api.get(f"{VOICES}/{voice}/sample")
        async with api.database.connection() as connection:
            made = await connection.fetch("SELECT voice FROM voice_samples")

    assert [row["voice"] for row in made] == ["priya"]


@pytest.mark.parametrize(
    "tts",
    [
        {"refused_speakers": ["shubh"]},
        {"faults": [{"kind": "error", "code": 500}]},
        {"faults": [{"kind": "drop"}]},
        {"first_byte_ms": 20_000},
    ],
)
async def test_a_provider_that_fails_is_said_without_its_words(
    api_env: dict[str, str], tts: dict[str, Any]
) -> None:
    async with sampled(api_env, timeout_s=0.5, **tts) as (api, _):
        answer = await api.get(f"{VOICES}/shubh/sample")

    assert (answer.status, answer.code) == (503, "provider_error")
    message = "The voice provider did not make the sample."
    assert answer.json["error"]["message"] == message
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_provider_that_is_away_is_a_503(api_env: dict[str, str]) -> None:
    away = {"SARVAM_API_URL": f"http://127.0.0.1:{free_port()}"}
    async with running_api({**api_env, **away}) as api:
        answer = await api.get(f"{VOICES}/shubh/sample")

    assert (answer.status, answer.code) == (503, "provider_error")


async def test_a_sample_takes_a_person_or_a_key_that_may_speak(api: Api) -> None:
    path = f"{VOICES}/nobody/sample"
    stt_only = await api.new_key(permissions="stt")

    statuses = [
        (await api.get(path, headers={"Authorization": who})).status
        for who in (None, f"Bearer {stt_only}", f"Bearer {api.token(role='agent')}")
    ]

    assert statuses == [401, 403, 404]


@pytest.mark.parametrize(
    ("voice", "language"), [("shubh", "en-US"), ("shubh", ""), ("amelia", "hi-IN")]
)
async def test_a_language_that_the_voice_does_not_speak_is_refused(
    api: Api, voice: str, language: str
) -> None:
    answer = await api.get(f"{VOICES}/{voice}/sample", params={"language": language})

    assert (answer.status, answer.code) == (422, "validation_error")
    assert answer.json["detail"][0]["loc"] == ["query", "language"]
