"""Leases that ran out, in a real Postgres; the rooms are told by the test."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from control_api.sessions.rooms import Present
from control_api.watch.succession import (
    DESERTED_S,
    END_COMES_S,
    ENDS_SETTLED_S,
    SETTLED_S,
    Succession,
)
from control_api.watch.successors import EAGER_S, UNTAKEN_EVERY
from core.setting_groups import AgentSettings
from core.supervision import Tasks
from store.events import EventRepository
from store.holds import MAX_RECOVERIES, HoldRepository
from store.pool import Database
from store.records import SessionId, SessionRecord
from store.sessions import SessionRepository
from tests.eventually import eventually
from tests.integration.rows import new_session

NOBODY = Present(frozenset(), has_agent=False)
Dispatch = tuple[str, SessionId, str, int]


@dataclass
class ToldRooms:
    """Stands for LiveKit: who is in the room, and what was asked of it."""

    present: Present = NOBODY
    is_taken: bool = True
    dispatched: list[Dispatch] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    async def participants(self, _room_name: str) -> Present:
        return self.present

    async def dispatch(
        self, room_name: str, session_id: SessionId, agent_name: str, *, seat: int
    ) -> str:
        self.dispatched.append((room_name, session_id, agent_name, seat))
        return f"AD_{len(self.dispatched)}"

    async def have_taken(self, _room_name: str, dispatch_ids: Sequence[str]) -> bool:
        return self.is_taken or f"AD_{len(self.dispatched)}" not in dispatch_ids

    async def delete(self, room_name: str) -> None:
        self.deleted.append(room_name)


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def rooms() -> ToldRooms:
    return ToldRooms()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def session_id(database: Database) -> SessionId:
    """Active, its only holder gone."""
    return await bereft_session(database)


async def bereft_session(database: Database) -> SessionId:
    session_id = await new_session(database)
    async with database.connection() as connection:
        holds, sessions = HoldRepository(connection), SessionRepository(connection)
        claim = await holds.claim(session_id, "job-0", seat=0, lease_s=60.0)
        assert claim is not None
        await sessions.mark_active(session_id, {}, epoch=claim.epoch)
        await holds.release(session_id, "job-0")
    return session_id


@pytest.fixture
async def fresh(database: Database, rooms: ToldRooms, clock: Clock) -> AsyncIterator[Succession]:
    """One that has reached the database just now."""
    async with Tasks.owned(lambda *_: None) as tasks:
        yield Succession(
            database,
            rooms,  # type: ignore[arg-type]
            tasks,
            agent_name="vaarta",
            settings=AgentSettings(),
            clock=clock,
        )


@pytest.fixture
def succession(fresh: Succession, clock: Clock) -> Succession:
    """One that has reached the database for long."""
    clock.now += ENDS_SETTLED_S
    return fresh


async def seen_to(succession: Succession) -> None:
    """One look, to the end of all that it began."""
    await asyncio.gather(*await succession.look())


def caller_of(session_id: SessionId, *, sign_of_life: str = "") -> Present:
    return Present(
        frozenset({f"caller-{session_id}"}), has_agent=bool(sign_of_life), sign_of_life=sign_of_life
    )


async def session(database: Database, session_id: SessionId) -> SessionRecord:
    async with database.connection() as connection:
        return await SessionRepository(connection).get_for_agent(session_id)


async def lapsed_for(database: Database, seconds: float) -> None:
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE session_holds SET lease_until = now() - make_interval(secs => $1)", seconds
        )


async def test_a_successor_is_sent_for_once_and_whoever_watches_is_told(
    database: Database, session_id: SessionId, rooms: ToldRooms, succession: Succession
) -> None:
    rooms.present = caller_of(session_id)

    await seen_to(succession)
    await seen_to(succession)

    ((_, sent_for, agent_name, seat),) = rooms.dispatched
    async with database.connection() as connection:
        feed = await EventRepository(connection).read(session_id, after=0, limit=9)
    assert (sent_for, agent_name, seat) == (session_id, "vaarta", 1)
    assert [event.data for event in feed.events] == [
        {"status": "active", "agent_state": "agent_away"}
    ]


@pytest.mark.parametrize(
    ("is_taken", "lapsed_s", "n_sent"),
    [(False, 1.0, 1 + 2 + 3), (True, 1.0, 1), (False, EAGER_S, 1)],
)
async def test_others_are_sent_for_sooner_where_no_worker_takes_the_first(
    database: Database,
    session_id: SessionId,
    rooms: ToldRooms,
    succession: Succession,
    is_taken: bool,
    lapsed_s: float,
    n_sent: int,
) -> None:
    rooms.present, rooms.is_taken = caller_of(session_id), is_taken
    await lapsed_for(database, lapsed_s)
    await seen_to(succession)
    for _ in range(3):
        async with database.connection() as connection:
            await connection.execute(
                "UPDATE sessions SET redispatched_at = now() - $1::interval", UNTAKEN_EVERY
            )
        await lapsed_for(database, lapsed_s)
        await seen_to(succession)

    assert len(rooms.dispatched) == n_sent


async def test_an_agent_that_has_only_lost_the_database_is_left_alone(
    database: Database,
    session_id: SessionId,
    rooms: ToldRooms,
    clock: Clock,
    succession: Succession,
) -> None:
    await lapsed_for(database, 60.0)
    for beat in range(1, 30):
        rooms.present = caller_of(session_id, sign_of_life=str(beat))
        await seen_to(succession)
        clock.now += 1.0
    assert rooms.dispatched == []

    clock.now += 10.0
    await seen_to(succession)
    assert (await session(database, session_id)).end_reason == "agent_error"


async def test_the_end_of_a_call_in_an_outage_is_its_agents_to_tell(
    database: Database,
    session_id: SessionId,
    rooms: ToldRooms,
    clock: Clock,
    succession: Succession,
) -> None:
    await lapsed_for(database, 60.0)
    rooms.present = caller_of(session_id, sign_of_life="1")
    await seen_to(succession)
    rooms.present = NOBODY
    clock.now += END_COMES_S - 1.0
    await seen_to(succession)
    assert (await session(database, session_id)).status == "active"

    clock.now += 1.0
    await seen_to(succession)
    assert (await session(database, session_id)).end_reason == "agent_error"


async def test_a_room_that_everybody_has_left_is_ended_and_its_place_is_free(
    database: Database, session_id: SessionId, rooms: ToldRooms, succession: Succession
) -> None:
    await seen_to(succession)
    waiting = await session(database, session_id)
    await lapsed_for(database, DESERTED_S)
    await seen_to(succession)

    ended = await session(database, session_id)
    assert waiting.status == "active"
    assert (ended.status, ended.end_reason) == ("failed", "agent_error")
    assert rooms.deleted == [ended.room_name]


async def test_a_session_that_lost_too_many_workers_is_ended(
    database: Database, session_id: SessionId, rooms: ToldRooms, succession: Succession
) -> None:
    rooms.present = caller_of(session_id)
    async with database.connection() as connection:
        await connection.execute("UPDATE sessions SET recoveries = $1", MAX_RECOVERIES)

    await seen_to(succession)

    assert (await session(database, session_id)).end_reason == "agent_error"
    assert rooms.dispatched == []


async def test_a_clock_that_is_set_forward_takes_no_session_from_an_agent_that_lives(
    database: Database,
    session_id: SessionId,
    rooms: ToldRooms,
    clock: Clock,
    succession: Succession,
) -> None:
    rooms.present = caller_of(session_id)
    await lapsed_for(database, 3600.0)

    await seen_to(succession)
    clock.now += SETTLED_S - 0.1
    await seen_to(succession)
    assert rooms.dispatched == []
    assert (await session(database, session_id)).status == "active"

    clock.now += 0.1
    await seen_to(succession)
    assert len(rooms.dispatched) == 1


async def test_after_an_outage_whoever_lives_is_given_time_to_renew(
    database: Database, session_id: SessionId, rooms: ToldRooms, fresh: Succession
) -> None:
    rooms.present = caller_of(session_id)

    await seen_to(fresh)

    assert rooms.dispatched == []
    assert (await session(database, session_id)).status == "active"


async def test_who_was_claimed_meanwhile_is_not_ended(
    database: Database,
    session_id: SessionId,
    rooms: ToldRooms,
    succession: Succession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await seen_to(succession)
    await lapsed_for(database, DESERTED_S)

    async def claimed_meanwhile(_room_name: str) -> Present:
        async with database.connection() as connection:
            await HoldRepository(connection).claim(session_id, "job-1", seat=1, lease_s=60.0)
        return rooms.present

    monkeypatch.setattr(rooms, "participants", claimed_meanwhile)

    await seen_to(succession)

    assert (await session(database, session_id)).status == "active"
    assert rooms.deleted == []


async def test_a_room_that_does_not_answer_holds_up_no_other(
    database: Database,
    session_id: SessionId,
    rooms: ToldRooms,
    succession: Succession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stuck = (await session(database, session_id)).room_name
    other = await bereft_session(database)
    asked: list[str] = []

    async def mute(room_name: str) -> Present:
        asked.append(room_name)
        if room_name == stuck:
            await asyncio.Event().wait()
        return caller_of(other)

    monkeypatch.setattr(rooms, "participants", mute)
    await succession.look()

    async def is_sent_for() -> bool:
        return [sent_for for _, sent_for, _, _ in rooms.dispatched] == [other]

    await eventually(is_sent_for, what="the other one's successor")
    await succession.look()
    assert asked.count(stuck) == 1


async def test_a_lease_that_is_renewed_while_the_room_is_asked_is_left_alone(
    database: Database,
    session_id: SessionId,
    rooms: ToldRooms,
    succession: Succession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering = asyncio.Event()

    async def slow(_room_name: str) -> Present:
        await answering.wait()
        return caller_of(session_id)

    monkeypatch.setattr(rooms, "participants", slow)
    asking = await succession.look()
    async with database.connection() as connection:
        await HoldRepository(connection).renew(session_id, "job-0", lease_s=60.0, left=None)
    await succession.look()
    answering.set()
    await asyncio.gather(*asking)

    assert rooms.dispatched == []


async def test_an_event_that_is_refused_keeps_no_caller_without_a_successor(
    database: Database, session_id: SessionId, rooms: ToldRooms, succession: Succession
) -> None:
    rooms.present = caller_of(session_id)
    async with database.connection() as connection:
        await connection.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON session_events"
            " FOR EACH ROW EXECUTE FUNCTION refuse()"
        )

    await seen_to(succession)

    assert [sent_for for _, sent_for, _, _ in rooms.dispatched] == [session_id]


async def test_who_was_claimed_meanwhile_gets_no_successor_and_holds_up_no_other(
    database: Database,
    session_id: SessionId,
    rooms: ToldRooms,
    succession: Succession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claimed = (await session(database, session_id)).room_name
    other = await bereft_session(database)

    async def claimed_meanwhile(room_name: str) -> Present:
        if room_name == claimed:
            async with database.connection() as connection:
                await HoldRepository(connection).claim(session_id, "job-1", seat=1, lease_s=60.0)
        return Present(frozenset({f"caller-{session_id}", f"caller-{other}"}), has_agent=False)

    monkeypatch.setattr(rooms, "participants", claimed_meanwhile)

    await seen_to(succession)

    assert [sent_for for _, sent_for, _, _ in rooms.dispatched] == [other]
