"""Tokens as the language model's stream tells them, and as they are estimated when it is cut."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from agent.records.rows import ChargesRow, RowWriter
from agent.records.till import Till
from core.catalog import Catalog
from core.errors import ProviderBusy
from pipeline.metering import Meter
from pipeline.ports import Message
from pipeline.providers.openai_model import OpenAIModel
from sandbox.chat_habit import ChatHabit
from sandbox.script import ChatFault, ChatScript, Script
from sandbox.server import serve
from store.pool import Database
from tests.eventually import eventually
from tests.integration.hosted_models import model_at
from tests.integration.rows import held, new_session, spent

MESSAGES = [Message("system", "Be brief."), Message("user", "When do you open?")]
ANSWER = "We are open from nine to six every day."


@pytest.fixture
async def meter() -> Meter:
    return Meter()


@pytest.fixture
async def model(meter: Meter) -> AsyncIterator[OpenAIModel]:
    async with (
        serve(Script(chat=ChatScript(replies=(ANSWER,), first_token_ms=0))) as sandbox,
        model_at(sandbox.http_url, "openrouter", meter) as model,
    ):
        yield model


async def test_a_whole_answer_costs_what_the_stream_says(model: OpenAIModel, meter: Meter) -> None:
    async with model.reply(MESSAGES) as tokens:
        text = "".join([str(token) async for token in tokens])

    usage = meter.take()
    assert text == ANSWER
    assert usage.output_tokens == len(ANSWER.split())
    assert usage.input_tokens == sum(len(message.text.split()) for message in MESSAGES)


async def test_a_price_that_the_host_tells_is_kept_beside_the_tokens(meter: Meter) -> None:
    chat = ChatScript(replies=(ANSWER,), first_token_ms=0, habits=(ChatHabit(micro_usd=740),))
    async with (
        serve(Script(chat=chat)) as sandbox,
        model_at(sandbox.http_url, "openrouter", meter) as model,
        model.reply(MESSAGES) as tokens,
    ):
        assert [token async for token in tokens]

    usage = meter.take()
    assert usage.told_micro_usd == 740
    assert usage.told_output_tokens == usage.output_tokens


async def test_a_passed_through_model_is_charged_what_its_host_says(
    meter: Meter, database: Database
) -> None:
    config = {"stt_model": "saaras:v3-realtime", "tts_model": "bulbul:v3"}
    till = Till(meter, Catalog.load(), {**config, "llm_model": "openrouter/vendor/model"})
    chat = ChatScript(replies=(ANSWER,), first_token_ms=0, habits=(ChatHabit(micro_usd=741),))
    async with (
        serve(Script(chat=chat)) as sandbox,
        model_at(sandbox.http_url, "openrouter", meter) as model,
    ):
        for _ in range(2):
            async with model.reply(MESSAGES) as tokens:
                assert [token async for token in tokens]
    session_id = await new_session(database)
    mandate = await held(database, session_id)

    await RowWriter(database, mandate).write(ChargesRow(till.take()))

    assert await spent(database, session_id) == 2 * 741 * 96 / Decimal(1_000_000)


async def test_a_cut_answer_costs_what_came_of_it(model: OpenAIModel, meter: Meter) -> None:
    async with model.reply(MESSAGES) as tokens:
        for _ in range(3):
            await anext(tokens)

    usage = meter.take()
    assert usage.output_tokens == 3
    assert usage.input_tokens == sum(len(message.text) for message in MESSAGES) // 4


async def test_a_cut_answer_is_counted_as_its_host_counts(model: OpenAIModel, meter: Meter) -> None:
    async with model.reply(MESSAGES) as tokens:
        assert [token async for token in tokens]
    told = meter.take().input_tokens
    async with model.reply(MESSAGES) as tokens:
        await anext(tokens)

    assert meter.take().input_tokens == told


async def test_an_answer_that_never_came_costs_nothing(model: OpenAIModel, meter: Meter) -> None:
    async with model.reply(MESSAGES):
        pass

    assert meter.take().input_tokens == 0


async def test_a_question_that_was_left_unanswered_was_read_all_the_same(meter: Meter) -> None:
    async with (
        serve(Script(chat=ChatScript(first_token_ms=60_000))) as sandbox,
        model_at(sandbox.http_url, "openrouter", meter) as model,
    ):

        async def listen() -> None:
            async with model.reply(MESSAGES) as tokens:
                await anext(tokens)

        async def is_asked() -> bool:
            return bool(sandbox.requests.to("/chat/completions"))

        listening = asyncio.create_task(listen())
        await eventually(is_asked, what="the request")
        listening.cancel()
        await asyncio.wait([listening])

    usage = meter.take()
    assert usage.input_tokens == sum(len(message.text) for message in MESSAGES) // 4
    assert usage.output_tokens == 0


async def test_a_question_that_was_refused_costs_nothing(meter: Meter) -> None:
    async with (
        serve(Script(chat=ChatScript(faults=(ChatFault(status=500),)))) as sandbox,
        model_at(sandbox.http_url, "openrouter", meter) as model,
        model.reply(MESSAGES) as tokens,
    ):
        with pytest.raises(ProviderBusy):
            await anext(tokens)

    assert meter.take().input_tokens == 0
