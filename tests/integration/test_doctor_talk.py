"""One short conversation with the providers, whatever they are like."""

import dataclasses
from typing import Any

import pytest

from control_api.talk.conversation import QUESTION, Talk, hold
from core.catalog import Catalog
from core.settings import Settings
from sandbox.script import parse_script
from sandbox.server import serve
from sandbox.speech_gate import measure_voiced_ms
from tests.integration.sandbox_clients import speech

ANSWER = "New Delhi, of course. It has been so since 1931."
CATALOG = Catalog.load()


async def talk(
    key: str = "a-key-of-our-own", heard: str = QUESTION, model: str | None = None, **chat: Any
) -> Talk:
    """With stand-ins that hear `heard` and answer as `chat` says."""
    utterance = {"text": heard, "speech_ms": measure_voiced_ms(speech(QUESTION), 16_000)}
    script = {
        "stt": {"utterances": [utterance]},
        "chat": {"replies": [ANSWER], "first_token_ms": 20, **chat},
    }
    async with serve(parse_script(script)) as sandbox:
        env = {
            "SARVAM_API_URL": sandbox.http_url,
            "SARVAM_WS_URL": sandbox.ws_url,
            "SARVAM_API_KEY": key,
            "LLM_OPENROUTER_URL": f"{sandbox.http_url}/upstreams/openrouter/v1",
            "LLM_OPENROUTER_API_KEY": key,
            "LLM_LOCAL_URL": f"{sandbox.http_url}/upstreams/local/v1",
            "LLM_LOCAL_API_KEY": key,
            "LLM_LOCAL_MODEL": "our-model",
        }
        return await hold(Settings.from_env(env, dotenv=None), CATALOG, model)


async def test_each_stage_is_measured_and_the_total_is_all_of_them() -> None:
    found = await talk()

    assert found.ok, found.advice
    assert (found.heard, found.answer) == (QUESTION, ANSWER)
    assert found.model == "kimi-k2.5 at openrouter"
    stages = (found.recognition_ms, found.first_token_ms, found.voice_ms)
    assert all(stage is not None and stage >= 0 for stage in stages)
    assert found.total_ms is not None
    assert found.total_ms >= sum(stage or 0 for stage in stages)
    assert (found.stand_ins, found.quirks) == ([], [])


@pytest.mark.parametrize(
    ("heard", "habit"),
    [
        (QUESTION, "sentences"),
        ("I have a question can you tell me what it is?", "end"),
        ("i have a question can you tell me what it is", "none"),
    ],
)
async def test_the_recogniser_s_habit_with_full_stops_is_told(heard: str, habit: str) -> None:
    found = await talk(heard=heard)

    assert (found.heard, found.punctuation) == (heard, habit)
    assert any("full stops" in one for one in found.advice) == (habit == "none")


async def test_stand_ins_are_named() -> None:
    found = await talk(key="sandbox")

    assert found.stand_ins == ["recognition", "voice", "model"]
    assert any("SARVAM_API_KEY" in one for one in found.advice)


async def test_a_model_that_thinks_aloud_is_told_of() -> None:
    found = await talk(replies=["<think>Which capital?</think> New Delhi."])

    assert found.quirks == ["it thinks aloud (</think>)", "it thinks aloud (<think>)"]


async def test_a_server_of_one_s_own_is_asked_as_the_settings_say() -> None:
    found = await talk(model="local")

    assert found.ok, found.advice
    assert (found.model, found.answer, found.quirks) == ("local at local", ANSWER, [])


async def test_nobody_there_is_said_with_what_to_look_at() -> None:
    env = {
        "SARVAM_API_URL": "http://127.0.0.1:9",
        "SARVAM_WS_URL": "ws://127.0.0.1:9",
        "SARVAM_API_KEY": "k",
    }
    found = await hold(Settings.from_env(env, dotenv=None), CATALOG)

    assert not found.ok
    assert any("SARVAM_API_URL" in one for one in found.advice)
    assert found.total_ms is None


async def test_a_model_without_a_host_is_said() -> None:
    found = await hold(Settings.from_env({}, dotenv=None), CATALOG, "no-such-model")

    assert (found.ok, found.advice[0]) == (
        False,
        "no host of the model has a key: set LLM_<HOST>_API_KEY",
    )


def test_a_talk_is_told_as_it_is() -> None:
    assert list(Talk().as_json()) == [one.name for one in dataclasses.fields(Talk)]
