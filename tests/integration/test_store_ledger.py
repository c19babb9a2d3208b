"""The ledger in a real Postgres: each balance is the sum of its rows."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from core.errors import ConflictError
from core.rights import Plan
from store.keys import KeyRepository, NewKey
from store.ledger import Charge, EntryKind, LedgerRepository, Service
from store.pages import Part, Total
from store.pool import Database
from store.records import NewSession, NewTurn, SessionId, SessionRecord, TurnId
from store.sessions import SessionRepository
from store.tenants import TenantRepository
from store.turns import TurnRepository
from tests.integration.rows import create_session

HEARD = Charge(
    service=Service.STT,
    model="saaras:v3",
    credits=Decimal("0.020833"),
    audio_seconds=Decimal("2.5"),
)
THOUGHT = Charge(
    service=Service.LLM,
    model="kimi-k2.5",
    credits=Decimal("0.0432"),
    input_tokens=500,
    output_tokens=50,
)


@pytest.fixture
async def session(database: Database) -> SessionRecord:
    """A session of a tenant with 10 credits, by a key with a budget of 1."""
    async with database.connection() as connection:
        tenant = await TenantRepository(connection).add("Asha's shop", Plan.PRO, Decimal(10))
        key, _ = await KeyRepository(connection).create(
            NewKey(tenant_id=tenant.id, name="till", budget_limit=Decimal(1))
        )
        new = NewSession(
            id=SessionId(uuid4()),
            tenant_id=tenant.id,
            config={},
            room_name=f"voice-{uuid4().hex}",
            key_id=key.id,
        )
        return await create_session(connection, new)


def turn(index: int) -> NewTurn:
    return NewTurn(
        id=TurnId(uuid4()), turn_index=index, user_transcript="Hello?", agent_response="Yes."
    )


def again(charge: Charge) -> Charge:
    return replace(charge, id=uuid4())


async def add(database: Database, session: SessionRecord, new: NewTurn, *charges: Charge) -> None:
    async with database.connection() as connection:
        await TurnRepository(connection).add_turn(session.id, new, charges)


async def balance(database: Database, session: SessionRecord) -> Decimal:
    """The balance, once it is known to be what the rows sum up to."""
    async with database.connection() as connection:
        kept = await LedgerRepository(connection).balance(session.tenant_id)
        summed = await connection.fetchval(
            "SELECT sum(credits) FROM ledger WHERE tenant_id = $1", session.tenant_id
        )
    assert kept == summed
    return kept


async def credits_of(database: Database, session: SessionRecord) -> Decimal | None:
    async with database.connection() as connection:
        return (await SessionRepository(connection).get_for_agent(session.id)).cost


async def budget_used(database: Database) -> Decimal:
    async with database.connection() as connection:
        used: Decimal = await connection.fetchval("SELECT budget_used FROM api_keys")
        return used


async def test_a_tenant_begins_with_what_it_was_granted(
    database: Database, session: SessionRecord
) -> None:
    async with database.connection() as connection:
        listed = await LedgerRepository(connection).list_page(session.tenant_id, Part(10))

    (grant,) = listed.rows
    assert (grant.kind, grant.credits) == (EntryKind.GRANT, Decimal(10))
    assert listed.total == Total(1)
    assert await balance(database, session) == 10


async def test_a_turn_is_charged_as_it_is_stored(
    database: Database, session: SessionRecord
) -> None:
    await add(database, session, turn(0), HEARD, THOUGHT)

    assert await balance(database, session) == Decimal("9.935967")
    assert await budget_used(database) == Decimal("0.064033")


async def test_a_turn_that_is_stored_again_is_charged_once(
    database: Database, session: SessionRecord
) -> None:
    new = turn(0)

    await asyncio.gather(*(add(database, session, new, HEARD, THOUGHT) for _ in range(8)))

    assert await balance(database, session) == Decimal("9.935967")
    assert await budget_used(database) == Decimal("0.064033")


async def test_turns_of_many_sessions_at_once_lose_nothing(
    database: Database, session: SessionRecord
) -> None:
    await asyncio.gather(
        *(add(database, session, turn(n), again(HEARD), again(THOUGHT)) for n in range(40))
    )

    assert await balance(database, session) == 10 - 40 * Decimal("0.064033")
    assert await budget_used(database) == 40 * Decimal("0.064033")


async def test_what_no_turn_paid_for_is_charged_by_itself(
    database: Database, session: SessionRecord
) -> None:
    async with database.connection() as connection:
        for _ in range(2):
            await LedgerRepository(connection).charge(session.id, [THOUGHT])

    assert await balance(database, session) == Decimal("9.9568")


async def test_cost_adds_up_each_model(database: Database, session: SessionRecord) -> None:
    await add(database, session, turn(0), THOUGHT, HEARD)
    await add(database, session, turn(1), again(HEARD))

    async with database.connection() as connection:
        items = await LedgerRepository(connection).cost(session.id)

    assert [(one.service, one.credits) for one in items] == [
        (Service.STT, Decimal("0.041666")),
        (Service.LLM, Decimal("0.0432")),
    ]
    assert (items[0].audio_seconds, items[1].input_tokens, items[1].output_tokens) == (
        Decimal(5),
        500,
        50,
    )
    assert sum(one.credits for one in items) == 10 - await balance(database, session)


async def test_a_session_keeps_what_it_cost(database: Database, session: SessionRecord) -> None:
    assert await credits_of(database, session) == 0
    new = turn(0)
    for _ in range(2):
        await add(database, session, new, HEARD, THOUGHT)
    async with database.connection() as connection:
        await LedgerRepository(connection).charge(session.id, [again(THOUGHT)])
        cost = await LedgerRepository(connection).cost(session.id)

    assert await credits_of(database, session) == sum(one.credits for one in cost)


async def test_what_a_session_from_before_cost_stays_unknown(
    database: Database, session: SessionRecord
) -> None:
    async with database.connection() as connection:
        await connection.execute("UPDATE sessions SET cost = NULL")

    await add(database, session, turn(0), HEARD)

    assert await credits_of(database, session) is None


async def test_funds_end_with_the_balance_or_the_budget(
    database: Database, session: SessionRecord
) -> None:
    async def has_funds() -> bool:
        async with database.connection() as connection:
            return await LedgerRepository(connection).has_funds(session.id)

    assert await has_funds()
    await add(database, session, turn(0), replace(HEARD, credits=Decimal(1)))
    assert not await has_funds()
    async with database.connection() as connection:
        await connection.execute("UPDATE api_keys SET budget_limit = NULL")
    assert await has_funds()
    await add(database, session, turn(1), replace(again(HEARD), credits=Decimal(9)))
    assert not await has_funds()


async def test_a_person_s_session_uses_up_no_key(database: Database) -> None:
    async with database.connection() as connection:
        tenant = await TenantRepository(connection).add("Asha's shop", Plan.PRO, Decimal(10))
        new = NewSession(
            id=SessionId(uuid4()), tenant_id=tenant.id, config={}, room_name=f"voice-{uuid4().hex}"
        )
        session = await create_session(connection, new)
        await LedgerRepository(connection).charge(session.id, [HEARD])

        assert await LedgerRepository(connection).has_funds(session.id)
    assert await balance(database, session) == Decimal("9.979167")


async def test_a_charge_never_gives(database: Database, session: SessionRecord) -> None:
    with pytest.raises(ConflictError) as refused:
        await add(database, session, turn(0), replace(HEARD, credits=Decimal(-1)))

    assert refused.value.rule == "ledger_charge_is_whole"
    assert await balance(database, session) == 10
