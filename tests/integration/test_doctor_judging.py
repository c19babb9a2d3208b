"""How well a model tells that a caller has broken off, tried on models of both kinds."""

from typing import Any

import pytest

from control_api.talk.judging import BROKEN_OFF, COMPLETE, Judged, judge
from core.catalog import Catalog
from core.settings import Settings
from core.unfinished import SIGN
from sandbox.script import parse_script
from sandbox.server import serve

CATALOG = Catalog.load()
TRUSTING = CATALOG.model_copy(
    update={
        "models": tuple(one.model_copy(update={"tells_unfinished": True}) for one in CATALOG.models)
    }
)


async def judged(
    catalog: Catalog = CATALOG, key: str = "a-key-of-our-own", **chat: Any
) -> Judged | None:
    """By a model that knows the texts that are broken off, and answers as `chat` says."""
    utterances = [{"text": f"{text} and so on"} for text in BROKEN_OFF]
    script = {"stt": {"utterances": utterances}, "chat": {"first_token_ms": 0, **chat}}
    async with serve(parse_script(script)) as sandbox:
        env = {
            "LLM_OPENROUTER_URL": f"{sandbox.http_url}/upstreams/openrouter/v1",
            "LLM_OPENROUTER_API_KEY": key,
        }
        return await judge(Settings.from_env(env, dotenv=None), catalog)


async def test_a_model_that_tells_rightly_may_be_asked_in_every_call() -> None:
    found = await judged(unfinished_sign=SIGN)
    assert found is not None
    assert (found.n_right, found.n, found.wrong) == (12, 12, ())
    assert "set tells_unfinished = true" in found.advice


async def test_one_that_is_asked_already_and_tells_rightly_stays_as_it_is() -> None:
    found = await judged(TRUSTING, unfinished_sign=SIGN)
    assert found is not None
    assert (found.n_right, found.advice) == (12, "")


async def test_a_model_that_answers_whoever_breaks_off_is_not_to_be_asked() -> None:
    found = await judged()
    assert found is not None
    assert found.wrong == BROKEN_OFF
    assert found.advice == ""
    trusted = await judged(TRUSTING)
    assert trusted is not None
    assert "take tells_unfinished out" in trusted.advice


async def test_a_model_that_takes_whole_sentences_for_broken_off_is_wrong_as_well() -> None:
    found = await judged(replies=["... Yes?"])
    assert found is not None
    assert found.wrong == COMPLETE


async def test_a_thought_ahead_of_the_sign_is_no_answer() -> None:
    found = await judged(replies=["<think>Are they done?</think> …"])
    assert found is not None
    assert found.wrong == COMPLETE


@pytest.mark.parametrize("chat", [{"faults": [{"kind": "status", "status": 401}]}])
async def test_a_model_that_does_not_answer_is_not_judged(chat: dict[str, Any]) -> None:
    assert await judged(**chat) is None


async def test_a_stand_in_is_not_judged() -> None:
    assert await judged(key="sandbox") is None
