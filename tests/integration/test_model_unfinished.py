"""A model that tells where the caller has broken off, from its host to the reply."""

import asyncio

import pytest

from core.unfinished import SIGN
from pipeline.judged import Judging, judged
from pipeline.ports import Item, Message
from pipeline.race import Patience
from pipeline.route_board import OwnBoard
from pipeline.router import Router
from pipeline.verdict import Verdict
from sandbox.script import ChatScript, Script, SpokenPause, SttScript, Utterance
from sandbox.server import serve
from tests.integration.hosted_models import model_at

TABLE = "I would like a table for four people."
BROKEN = "I would like a table for"
REPLY = "A table for four it is."
SCRIPT = Script(
    stt=SttScript(utterances=(Utterance(TABLE, pauses=(SpokenPause(6, 1000),)),)),
    chat=ChatScript(replies=(REPLY,), first_token_ms=0, unfinished_sign=SIGN),
)


def asking(said: str) -> list[Message]:
    return [Message("system", "Be brief."), Message("user", said)]


async def answers(said: str, upstream: str = "openrouter") -> tuple[list[Item], list[Verdict], int]:
    """What comes of it, what is told of the caller, and how many requests that took."""
    told: list[Verdict] = []
    judging = Judging(told.append)
    async with (
        serve(SCRIPT) as sandbox,
        model_at(sandbox.http_url, upstream) as model,
    ):
        router = Router([model], Patience(5, 5, 5), OwnBoard(), lambda _: None)
        async with judged(router.reply, asking(said), judging) as items:
            asyncio.get_running_loop().call_later(0.2, judging.must_answer.set)
            came = [item async for item in items]
        n_requests = len(sandbox.requests.to(f"/upstreams/{upstream}/v1/chat/completions"))
    return came, told, n_requests


@pytest.mark.parametrize("upstream", ["openrouter", "moonshot", "sarvam", "clarifai", "local"])
async def test_a_host_is_asked_past_its_sign(upstream: str) -> None:
    came, told, n_requests = await answers(BROKEN, upstream)
    assert "".join(map(str, came)) == REPLY
    assert (told, n_requests) == ([Verdict.UNFINISHED], 2)


async def test_whole_words_are_answered_by_the_first_request() -> None:
    came, told, n_requests = await answers(TABLE)
    assert "".join(map(str, came)) == REPLY
    assert (told, n_requests) == ([Verdict.DONE], 1)
