"""Who holds a session, in a real Postgres."""

import asyncio
from decimal import Decimal
from uuid import uuid4

import pytest

from core.errors import StaleError
from core.rights import Plan
from store.events import EventKind, EventRepository, NewEvent
from store.holds import MAX_RECOVERIES, Belongings, Claim, HoldRepository
from store.kept import turn_of
from store.ledger import Charge, LedgerRepository, Service
from store.pool import Database
from store.records import (
    EndReason,
    NewSession,
    NewTurn,
    SessionId,
    SessionRecord,
    Substitution,
    TurnId,
)
from store.sessions import SessionRepository
from store.tenants import TenantRepository
from store.turns import TurnRepository
from tests.integration.rows import create_session

LONG_S = 60.0
OPEN_TURN = NewTurn(
    id=TurnId(uuid4()),
    turn_index=1,
    user_transcript="When do you open?",
    agent_response="At",
    interrupted=True,
    tool_rounds=[[{"name": "hours"}]],
)
HEARD = Charge(
    service=Service.STT, model="saaras:v4", credits=Decimal("0.02"), audio_seconds=Decimal("1.5")
)
LEFT = Belongings({"turn_index": 1}, OPEN_TURN, (HEARD,))


@pytest.fixture
async def session_id(database: Database) -> SessionId:
    async with database.connection() as connection:
        tenant = await TenantRepository(connection).add("Asha's shop", Plan.FREE)
        new = NewSession(
            id=SessionId(uuid4()), tenant_id=tenant.id, config={}, room_name=f"voice-{uuid4().hex}"
        )
        return (await create_session(connection, new)).id


async def claim(
    database: Database,
    session_id: SessionId,
    holder: str,
    *,
    seat: int = 0,
    lease_s: float = LONG_S,
) -> Claim | None:
    async with database.connection() as connection:
        holds = HoldRepository(connection)
        return await holds.claim(session_id, holder, seat=seat, lease_s=lease_s)


async def claimed(
    database: Database, session_id: SessionId, holder: str, *, seat: int = 0
) -> Claim:
    found = await claim(database, session_id, holder, seat=seat)
    assert found is not None
    return found


async def activate(database: Database, session_id: SessionId, epoch: int) -> None:
    async with database.connection() as connection:
        active = await SessionRepository(connection).mark_active(session_id, {}, epoch=epoch)
    assert active is not None


async def renew(database: Database, session_id: SessionId, holder: str, left: Belongings) -> bool:
    async with database.connection() as connection:
        return await HoldRepository(connection).renew(session_id, holder, lease_s=LONG_S, left=left)


async def release(database: Database, session_id: SessionId, holder: str) -> bool:
    async with database.connection() as connection:
        return await HoldRepository(connection).release(session_id, holder)


async def session(database: Database, session_id: SessionId) -> SessionRecord:
    async with database.connection() as connection:
        return await SessionRepository(connection).get_for_agent(session_id)


async def test_of_many_jobs_that_claim_at_once_one_holds(
    database: Database, session_id: SessionId
) -> None:
    claims = await asyncio.gather(*(claim(database, session_id, f"job-{n}") for n in range(8)))

    (winner,) = [one for one in claims if one is not None]
    assert (winner.epoch, winner.elapsed_s, winner.memory, winner.unbilled) == (1, None, None, ())
    assert winner.session.recoveries == 0


async def test_a_lease_that_ran_out_is_taken_over_with_what_was_left(
    database: Database, session_id: SessionId
) -> None:
    first = await claimed(database, session_id, "first")
    await activate(database, session_id, first.epoch)
    assert await renew(database, session_id, "first", LEFT)
    assert await claim(database, session_id, "second") is None

    await release(database, session_id, "first")
    second = await claimed(database, session_id, "second")

    assert (second.epoch, second.session.recoveries) == (2, 1)
    assert second.elapsed_s is not None
    assert second.memory == {"turn_index": 1}
    assert second.unbilled == (HEARD,)
    assert not await renew(database, session_id, "first", LEFT)


async def test_an_open_turn_is_left_as_it_was(database: Database, session_id: SessionId) -> None:
    await claimed(database, session_id, "first")
    await renew(database, session_id, "first", LEFT)

    async with database.connection() as connection:
        kept = await connection.fetchval(
            "SELECT open_turn FROM session_holds WHERE session_id = $1", session_id
        )

    assert turn_of(kept) == OPEN_TURN


async def test_a_holder_that_was_replaced_writes_nothing(
    database: Database, session_id: SessionId
) -> None:
    first = await claimed(database, session_id, "first")
    await activate(database, session_id, first.epoch)
    await release(database, session_id, "first")
    await claimed(database, session_id, "second")
    served = Substitution("voice", "a", "b", "refused")

    async with database.connection() as connection:
        sessions, turns = SessionRepository(connection), TurnRepository(connection)
        writes = (
            turns.add_turn(session_id, OPEN_TURN, (HEARD,), epoch=first.epoch),
            LedgerRepository(connection).charge(session_id, (HEARD,), epoch=first.epoch),
            sessions.add_substitution(session_id, served, epoch=first.epoch),
            EventRepository(connection).tell(
                session_id,
                [NewEvent(EventKind.STATE, {"agent_state": "speaking"})],
                write_id=uuid4(),
                epoch=first.epoch,
            ),
        )
        for write in writes:
            with pytest.raises(StaleError):
                await write
        ended = await sessions.end_session(session_id, EndReason.AGENT_ERROR, epoch=first.epoch)

    after = await session(database, session_id)
    assert ended is None
    assert (after.status, after.turn_count, after.config) == ("active", 0, {})
    async with database.connection() as connection:
        assert await LedgerRepository(connection).cost(session_id) == []
        feed = await EventRepository(connection).read(session_id, after=0, limit=9)
    assert not feed.events


async def test_a_claim_and_the_writes_of_who_loses_it_never_cross(
    database: Database, session_id: SessionId
) -> None:
    first = await claimed(database, session_id, "first")
    await activate(database, session_id, first.epoch)
    await release(database, session_id, "first")

    async def write(index: int) -> bool:
        new = NewTurn(
            id=TurnId(uuid4()), turn_index=index, user_transcript="", agent_response="At nine."
        )
        async with database.connection() as connection:
            try:
                await TurnRepository(connection).add_turn(session_id, new, epoch=first.epoch)
            except StaleError:
                return False
        return True

    before = [asyncio.create_task(write(index)) for index in range(4)]
    second = await claimed(database, session_id, "second")
    written = sum(await asyncio.gather(*before))
    late = await asyncio.gather(*(write(index) for index in range(4, 8)))

    assert second.epoch == 2
    assert not any(late)
    assert (await session(database, session_id)).turn_count == written


async def test_a_session_that_lost_too_many_workers_is_not_claimed_again(
    database: Database, session_id: SessionId
) -> None:
    first = await claimed(database, session_id, "job-0")
    await activate(database, session_id, first.epoch)
    for number in range(1, MAX_RECOVERIES + 1):
        await release(database, session_id, f"job-{number - 1}")
        await claimed(database, session_id, f"job-{number}")
    await release(database, session_id, f"job-{MAX_RECOVERIES}")

    assert await claim(database, session_id, "one-more") is None
    assert (await session(database, session_id)).recoveries == MAX_RECOVERIES


async def test_a_session_that_is_over_is_not_claimed(
    database: Database, session_id: SessionId
) -> None:
    async with database.connection() as connection:
        await SessionRepository(connection).end_session(session_id, EndReason.API_DELETE)

    assert await claim(database, session_id, "late") is None


async def test_a_hand_over_goes_to_the_successor_that_announced_itself(
    database: Database, session_id: SessionId
) -> None:
    first = await claimed(database, session_id, "first")
    await activate(database, session_id, first.epoch)

    async with database.connection() as connection:
        holds = HoldRepository(connection)
        assert not await holds.announce(session_id, "nobody", "second")
        assert await holds.announce(session_id, "first", "second")
        assert await holds.take(session_id, "second") is None
        wrong = await holds.hand_over(session_id, "first", "third", lease_s=LONG_S, left=LEFT)
        done = await holds.hand_over(session_id, "first", "second", lease_s=LONG_S, left=LEFT)
        taken = await holds.take(session_id, "second")

    assert (wrong, done) == (False, True)
    assert taken is not None
    assert (taken.epoch, taken.memory, taken.session.recoveries) == (2, {"turn_index": 1}, 0)
    assert not await renew(database, session_id, "first", LEFT)
    assert await claim(database, session_id, "other", seat=1) is None


async def test_the_seat_that_a_predecessor_had_is_not_claimed(
    database: Database, session_id: SessionId
) -> None:
    first = await claimed(database, session_id, "first")
    await activate(database, session_id, first.epoch)
    async with database.connection() as connection:
        holds = HoldRepository(connection)
        await holds.announce(session_id, "first", "second")
        await holds.hand_over(session_id, "first", "second", lease_s=LONG_S, left=LEFT)
        await holds.release(session_id, "second")

    assert await claim(database, session_id, "late", seat=1) is None
    assert await claim(database, session_id, "third", seat=2) is not None


async def test_what_is_finished_leaves_nothing_behind(
    database: Database, session_id: SessionId
) -> None:
    await claimed(database, session_id, "first")
    await renew(database, session_id, "first", LEFT)

    async with database.connection() as connection:
        await HoldRepository(connection).finish(session_id, "first")
        n_left = await connection.fetchval("SELECT count(*) FROM session_holds")

    assert n_left == 0


async def test_a_lease_that_ran_out_is_seen_and_one_that_is_good_is_not(
    database: Database, session_id: SessionId
) -> None:
    first = await claimed(database, session_id, "first")
    await activate(database, session_id, first.epoch)
    async with database.connection() as connection:
        holds = HoldRepository(connection)
        before = await holds.lapsed(10)
        await holds.release(session_id, "first")
        (lapsed,) = await holds.lapsed(10)
        await SessionRepository(connection).end_session(session_id, EndReason.API_DELETE)
        after = await holds.lapsed(10)

    assert (before, after) == ([], [])
    assert (lapsed.session_id, lapsed.status, lapsed.epoch) == (session_id, "active", 1)
    assert lapsed.lapsed_s >= 0
