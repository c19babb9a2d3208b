"""What a model is told of the documents, and that it never waits for them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from agent.equipment.knowledge import (
    MAX_TOKENS,
    SEARCH_TIMEOUT_S,
    InformedModel,
    Search,
    fitting,
    with_passages,
)
from core.errors import StoreUnavailable
from pipeline.faults import Faults
from pipeline.ports import Item, Message, Tool, never
from pipeline.served import Passage, Served

HOURS = Passage("d1", "Hours", 1, "We open at nine.")
PLACE = Passage("d2", "Branches", 4, "We are in Pune.")
ASKED = [Message("system", "Be kind."), Message("user", "When do you open?")]


class FakeModel:
    """Remembers what it was asked and when."""

    def __init__(self) -> None:
        self.asked: list[Sequence[Message]] = []
        self.asked_at: list[float] = []

    @asynccontextmanager
    async def reply(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool] = (),
        *,
        may_call: bool = True,
        may_withdraw: Callable[[], bool] = never,
    ) -> AsyncIterator[AsyncIterator[Item]]:
        self.asked.append(messages)
        self.asked_at.append(asyncio.get_running_loop().time())

        async def tokens() -> AsyncIterator[Item]:
            yield "At nine."

        yield tokens()


async def asked_with(search: Search) -> tuple[FakeModel, float]:
    """The model, and how long the question took to get to it."""
    model = FakeModel()
    started = asyncio.get_running_loop().time()
    async with (
        InformedModel.opened(model, search, Faults()) as informed,
        informed.reply(ASKED) as tokens,
    ):
        assert [token async for token in tokens] == ["At nine."]
    return model, model.asked_at[0] - started


async def test_the_model_is_told_what_the_documents_say() -> None:
    async def search(question: str) -> list[Passage]:
        assert question == "When do you open?"
        return [HOURS, PLACE]

    model, _ = await asked_with(search)

    system, user = model.asked[0]
    assert system.text.startswith("Be kind.\n\n")
    assert "We open at nine.\n\nWe are in Pune." in system.text
    assert user == ASKED[1]


async def test_what_the_model_was_told_is_put_down_for_the_record() -> None:
    async def search(question: str) -> list[Passage]:
        return [HOURS, Passage("d3", "Too long", 1, "x" * 5000), PLACE]

    served = Served()
    with served.at_hand():
        await asked_with(search)

    assert served.passages == [HOURS]


async def test_a_search_that_is_late_is_not_waited_for() -> None:
    async def search(question: str) -> list[Passage]:
        await asyncio.sleep(60)
        return [HOURS]

    model, took_s = await asked_with(search)

    assert model.asked == [ASKED]
    assert took_s == pytest.approx(SEARCH_TIMEOUT_S)


async def test_a_search_that_takes_its_time_to_be_cancelled_is_not_waited_for() -> None:
    async def search(question: str) -> list[Passage]:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(1)
        return []

    _, took_s = await asked_with(search)

    assert took_s == pytest.approx(SEARCH_TIMEOUT_S)


async def test_a_search_that_fails_changes_nothing() -> None:
    async def search(question: str) -> list[Passage]:
        raise StoreUnavailable("away")

    model, took_s = await asked_with(search)

    assert model.asked == [ASKED]
    assert took_s == 0.0


async def test_a_reply_that_is_dropped_takes_its_search_along() -> None:
    ended = asyncio.Event()

    async def search(question: str) -> list[Passage]:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        return []

    async with InformedModel.opened(FakeModel(), search, Faults()) as informed:

        async def ask() -> None:
            async with informed.reply(ASKED):
                raise AssertionError("nobody is asked")

        asking = asyncio.create_task(ask())
        await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.wait([asking, asyncio.create_task(ended.wait())])
        assert asking.cancelled()


def test_no_more_is_told_than_fits() -> None:
    passages = [Passage("d", "Long", n, f"{n} " + "x" * 890) for n in range(10)]

    told = fitting(passages)
    system = with_passages(ASKED, told)[0].text

    assert told == passages[: len(told)]
    assert all(passage.text in system for passage in told)
    assert 0 < len(told) < 10
    assert len(system.encode()) - len("Be kind.") <= MAX_TOKENS * 3


def test_without_passages_the_messages_stay_as_they_are() -> None:
    assert with_passages(ASKED, []) == ASKED
