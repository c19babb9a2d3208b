"""The agent's search in a real Postgres that does not answer in time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from agent.equipment import knowledge
from agent.equipment.knowledge import InformedModel, search_of
from core.rights import Plan
from pipeline.faults import Faults
from pipeline.ports import Item, Message, Tool, never
from store.audit import Actor, ActorKind
from store.bots import BotFields, BotRepository
from store.knowledge import KnowledgeRepository
from store.pool import Database
from store.records import BotId
from store.tenants import TenantRepository

ASKED = [Message("system", "Be kind."), Message("user", "When does the shop open?")]


class FakeModel:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Sequence[Message]] = []

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

        async def tokens() -> AsyncIterator[Item]:
            yield "At nine."

        yield tokens()


async def new_bot(database: Database) -> BotId:
    async with database.transaction() as connection:
        tenant = await TenantRepository(connection).add("Asha's shop", Plan.PRO)
        by = Actor(ActorKind.CLI, "asha")
        bot = await BotRepository(connection).add(tenant.id, BotFields(name="till"), by)
        knowledge = KnowledgeRepository(connection)
        await knowledge.add(tenant.id, bot.id, "hours", "The shop opens at nine.")
        return bot.id


async def answered(model: InformedModel) -> None:
    async with asyncio.timeout(60.0), model.reply(ASKED) as tokens:
        assert [token async for token in tokens] == ["At nine."]


async def test_a_search_that_is_stuck_costs_its_passages_and_nothing_else(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot_id = await new_bot(database)
    model = FakeModel()
    async with InformedModel.opened(model, search_of(database, bot_id), Faults()) as informed:
        async with database.transaction() as connection:
            await connection.execute("LOCK TABLE passages")
            await answered(informed)  # while the lock is held
        monkeypatch.setattr(knowledge, "SEARCH_TIMEOUT_S", 5.0)
        await answered(informed)

    stuck, well = model.asked
    assert list(stuck) == ASKED
    assert "The shop opens at nine." in well[0].text
