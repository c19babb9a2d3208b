"""How the real client tells what is wrong with a host, and whom a router asks then."""

import asyncio
import socket
from contextlib import AsyncExitStack
from typing import Any

import pytest

from core.errors import (
    ProviderBusy,
    ProviderClosed,
    ProviderDenied,
    ProviderError,
    ProviderRefused,
)
from pipeline.attempt import Sign
from pipeline.metering import Meter
from pipeline.ports import Item, Withdrawn
from pipeline.race import Patience
from pipeline.route_board import OwnBoard
from pipeline.router import Router
from sandbox.script import ChatFault, ChatScript, Script
from sandbox.server import Sandbox, serve
from tests.eventually import eventually
from tests.integration.hosted_models import QUESTION, model_at

ANSWER = "We are open from nine to six every day."
N_READ = sum(len(message.text) for message in QUESTION) // 4
"""Tokens of the question, as they are estimated."""
DEADLINE_S = 60.0
PATIENT = Patience(first_token_s=10.0, token_s=10.0, stall_s=0.3)


def scripted(*faults: ChatFault, first_token_ms: int = 0) -> Script:
    chat = ChatScript(
        replies=(ANSWER,), first_token_ms=first_token_ms, tokens_per_s=10_000, faults=faults
    )
    return Script(chat=chat)


async def failure_at(sandbox: Sandbox, upstream: str) -> ProviderError:
    """What an answer of the host ends in."""
    async with model_at(sandbox.http_url, upstream) as model, asyncio.timeout(DEADLINE_S):
        with pytest.raises(ProviderError) as caught:
            async with model.reply(QUESTION) as items:
                [item async for item in items]
    return caught.value


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"status": 400}, ProviderRefused),
        ({"status": 401}, ProviderDenied),
        ({"status": 402}, ProviderDenied),
        ({"status": 404}, ProviderDenied),
        ({"status": 422}, ProviderRefused),
        ({"status": 429, "code": "insufficient_quota_error"}, ProviderDenied),
        ({"status": 429}, ProviderBusy),
        ({"status": 500}, ProviderBusy),
        ({"kind": "drop"}, ProviderClosed),
        ({"kind": "mid_stream", "after_tokens": 2}, ProviderClosed),
        ({"kind": "dressed", "after_tokens": 2}, ProviderClosed),
    ],
)
async def test_a_fault_is_told_by_its_kind(
    fault: dict[str, Any], expected: type[ProviderError]
) -> None:
    upstream = "sarvam" if "code" in fault else "openrouter"
    async with serve(scripted(ChatFault(**fault))) as sandbox:
        assert type(await failure_at(sandbox, upstream)) is expected


async def test_a_rate_limit_says_how_long_it_asks_for() -> None:
    async with serve(scripted(ChatFault(status=429, retry_after_s=7))) as sandbox:
        busy = await failure_at(sandbox, "openrouter")
    assert isinstance(busy, ProviderBusy)
    assert busy.wait_s == 7.0


@pytest.mark.parametrize("upstream", ["openrouter", "sarvam"])
async def test_reasoning_and_the_end_are_signs(upstream: str) -> None:
    signs: list[Sign] = []
    async with (
        serve(scripted(ChatFault(kind="reasoning"))) as sandbox,
        model_at(sandbox.http_url, upstream) as model,
        asyncio.timeout(DEADLINE_S),
        model.reply(QUESTION, on_sign=signs.append) as items,
    ):
        assert [item async for item in items] == []
    assert signs == [Sign.THINKS] * len(ANSWER.split()) + [Sign.ENDS]


async def answered(
    sandbox: Sandbox, *upstreams: str, meter: Meter | None = None, board: OwnBoard | None = None
) -> list[Item]:
    """One answer of a router over these hosts, nothing of which is spoken."""
    async with AsyncExitStack() as stack:
        models = [
            await stack.enter_async_context(model_at(sandbox.http_url, upstream, meter))
            for upstream in upstreams
        ]
        router = Router(models, PATIENT, board or OwnBoard(), lambda _: None)
        async with (
            asyncio.timeout(DEADLINE_S),
            router.reply(QUESTION, may_withdraw=lambda: True) as items,
        ):
            return [item async for item in items]


def words(items: list[Item]) -> str:
    """The words that stand."""
    n_void = max(
        (index for index, one in enumerate(items) if isinstance(one, Withdrawn)), default=-1
    )
    return "".join(str(item) for item in items[n_void + 1 :])


@pytest.mark.parametrize("kind", ["empty", "blank", "reasoning", "dressed", "drop", "mid_stream"])
async def test_the_next_host_answers_where_one_has_nothing_to_say(kind: str) -> None:
    fault = ChatFault(kind=kind, upstream="openrouter")
    async with serve(scripted(fault)) as sandbox:
        assert words(await answered(sandbox, "openrouter", "clarifai")) == ANSWER


@pytest.mark.parametrize("kind", ["empty", "blank", "reasoning"])
async def test_nothing_from_anybody_is_an_error(kind: str) -> None:
    async with serve(scripted(ChatFault(kind=kind))) as sandbox:
        with pytest.raises(ProviderClosed):
            await answered(sandbox, "openrouter", "clarifai")
        assert len(sandbox.requests.to("/chat/completions")) == 2


async def test_a_host_that_is_not_there_costs_a_moment() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
        async with (
            serve(scripted()) as sandbox,
            model_at(nowhere, "openrouter") as first,
            model_at(sandbox.http_url, "clarifai") as second,
        ):
            router = Router([first, second], PATIENT, OwnBoard(), lambda _: None)
            async with asyncio.timeout(DEADLINE_S), router.reply(QUESTION) as items:
                assert words([item async for item in items]) == ANSWER


async def test_a_stall_is_withdrawn_and_its_request_closed() -> None:
    fault = ChatFault(kind="hang", upstream="openrouter", after_tokens=2)
    async with serve(scripted(fault)) as sandbox:
        items = await answered(sandbox, "openrouter", "clarifai")
        stalled = sandbox.requests.to("openrouter/v1/chat/completions")[0]

        async def is_closed() -> bool:
            return not stalled.is_open

        await eventually(is_closed, what="the end of the stalled request")
    assert items[:3] == ["We", " are", Withdrawn()]
    assert words(items) == ANSWER


async def test_a_late_host_is_raced_and_both_are_metered() -> None:
    meter, board = Meter(), OwnBoard()
    late = ChatFault(kind="late", upstream="openrouter", delay_ms=9_000)
    async with serve(scripted(late)) as sandbox:
        items = await answered(sandbox, "openrouter", "clarifai", meter=meter, board=board)
        first, second = sandbox.requests.to("/chat/completions")

        async def is_closed() -> bool:
            return not first.is_open

        await eventually(is_closed, what="the end of the slower request")
    usage = meter.take()
    n_written = len(ANSWER.split())
    assert words(items) == ANSWER
    assert (first.was_dropped, second.was_dropped) == (True, False)
    assert usage.output_tokens == n_written
    assert usage.input_tokens == N_READ + sum(len(one.text.split()) for one in QUESTION)
