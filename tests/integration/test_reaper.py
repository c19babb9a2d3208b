"""Sessions that nobody ends, and callers without an agent: real LiveKit, several processes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from typing import Any, cast
from uuid import UUID, uuid4

import aiohttp
import pytest
import pytest_asyncio
from livekit import rtc
from livekit.api import LiveKitAPI, TwirpError, TwirpErrorCode

from control_api.server import serve
from control_api.sessions.rooms import Present, Rooms
from control_api.watch.absence import Absences
from control_api.watch.reaper import Reaper
from core.catalog import Catalog
from core.errors import LiveKitUnavailable
from core.settings import Settings
from store.holds import Belongings, HoldRepository
from store.migrate import migrate
from store.pool import Database
from store.records import EndReason, NewTurn, SessionId, TurnId
from store.sessions import SessionRepository
from tests.eventually import eventually
from tests.integration import rows
from tests.integration.api import SESSIONS, Api, running_api
from tests.integration.rows import held
from tests.servers import ApiProcess, LiveKitServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOOK = "http://127.0.0.1:9/hook"
OPEN_TURN = NewTurn(
    id=TurnId(uuid4()), turn_index=0, user_transcript="When do you open?", agent_response="At"
)


@pytest_asyncio.fixture(loop_scope="session")
async def reaping(api_env: dict[str, str]) -> AsyncIterator[Api]:
    """An API that looks often and gives a missing agent a second; four processes look."""
    env = {
        **api_env,
        "REAPER_INTERVAL_S": "0.1",
        "REAPER_AGENT_MISSING_S": "0.5",
        "AGENT_START_TIMEOUT_S": "8",
        "WEBHOOK_ALLOW_PRIVATE": "true",
    }
    async with running_api(env) as running, ApiProcess.several(3, env):
        yield running


async def new_session(api: Api) -> dict[str, Any]:
    created = await api.create(max_duration_seconds=30, webhook_url=HOOK)
    assert created.status == 201, created.json
    session: dict[str, Any] = created.json
    return session


async def aged(api: Api, session: dict[str, Any], seconds: float, *, is_active: bool) -> None:
    session_id = SessionId(UUID(session["id"]))
    async with api.database.connection() as connection:
        if is_active:
            await SessionRepository(connection).mark_active(session_id, {})
        await connection.execute(
            "UPDATE sessions SET created_at = created_at - $2 * interval '1 s',"
            " started_at = started_at - $2 * interval '1 s' WHERE id = $1",
            session_id,
            seconds,
        )


async def ended(api: Api, session: dict[str, Any]) -> tuple[str, str]:
    path = f"{SESSIONS}/{session['id']}"

    async def is_over() -> bool:
        return (await api.get(path)).json["ended_at"] is not None

    await eventually(is_over, what="the session's end")
    found = (await api.get(path)).json
    return found["status"], found["end_reason"]


async def terminal_events(api: Api, session: dict[str, Any]) -> list[str]:
    async with api.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT event FROM webhook_deliveries"
            " WHERE session_id = $1 AND event <> 'voice_session.started'",
            UUID(session["id"]),
        )
        return [row["event"] for row in rows]


async def test_sessions_that_nobody_ends_are_ended_once_by_four_processes(reaping: Api) -> None:
    unjoined = [await new_session(reaping) for _ in range(5)]
    overdue = [await new_session(reaping) for _ in range(4)]
    young, talking = await new_session(reaping), await reaping.for_new_tenant()
    living = await new_session(talking)
    await aged(reaping, young, 3590, is_active=False)
    await aged(talking, living, 55, is_active=True)
    for session in unjoined:
        await aged(reaping, session, 3601, is_active=False)
    for session in overdue:
        await aged(reaping, session, 61, is_active=True)

    for session in unjoined:
        assert await ended(reaping, session) == ("timeout", "token_expired")
    for session in overdue:
        assert await ended(reaping, session) == ("timeout", "timeout")
    for session in [*unjoined, *overdue]:
        assert await terminal_events(reaping, session) == ["voice_session.failed"]
    assert (await reaping.get(f"{SESSIONS}/{young['id']}")).json["status"] == "created"
    assert (await talking.get(f"{SESSIONS}/{living['id']}")).json["status"] == "active"


async def test_an_api_that_was_there_before_its_tables_reaps_once_it_has_them(
    empty_dsn: str, api_env: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    env = {**api_env, "DATABASE_URL": empty_dsn, "REAPER_INTERVAL_S": "0.1"}
    settings = Settings.from_env(env, dotenv=None)
    async with serve(settings, Catalog.load()) as at, aiohttp.ClientSession() as http:

        async def migrations() -> str:
            async with http.get(f"http://127.0.0.1:{at.port}/readyz") as answer:
                said: str = (await answer.json())["checks"]["migrations"]
                assert answer.status == (200 if said == "ok" else 503)
                return said

        async def is_ready() -> bool:
            return await migrations() == "ok"

        async def has_looked() -> bool:
            return "reaper.database_unavailable" in caplog.messages

        await eventually(has_looked, what="a look at nothing")
        assert (await migrations()).startswith("lacks 0001_create_tenants")
        await migrate(empty_dsn)
        await eventually(is_ready, what="readiness")
        database = await Database.open(settings.database)
        try:
            await eventually(await expired(database), what="the end of the session")
        finally:
            await database.close()


async def expired(database: Database) -> Callable[[], Awaitable[bool]]:
    """A session whose token's life is over; whether it has ended."""
    session_id = await rows.new_session(database)
    async with database.connection() as connection:
        await connection.execute("UPDATE sessions SET created_at = now() - interval '2 h'")

    async def has_ended() -> bool:
        async with database.connection() as connection:
            session = await SessionRepository(connection).get_for_agent(session_id)
        return session.ended_at is not None

    return has_ended


class NoRooms:
    """A LiveKit without rooms."""

    async def publishers(self, _room_names: Collection[str]) -> dict[str, int]:
        return {}

    async def delete(self, _room_name: str) -> None:
        return


async def test_a_session_that_cannot_be_ended_does_not_keep_the_others(
    dsn: str, api_env: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings.from_env({**api_env, "DATABASE_URL": dsn}, dotenv=None)
    database = await Database.open(settings.database)
    try:
        has_ended = [await expired(database) for _ in range(3)]
        async with database.connection() as connection:
            stuck = await connection.fetchval("SELECT id FROM sessions LIMIT 1")
            await connection.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql"
                " AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;"
                "CREATE TRIGGER refuse BEFORE UPDATE ON sessions FOR EACH ROW"
                f" WHEN (OLD.id = '{stuck}') EXECUTE FUNCTION refuse()"
            )
        absences = Absences(lambda: 0.0, send_after_s=2.0, give_up_after_s=15.0)
        await Reaper(settings, database, cast(Rooms, NoRooms()), absences).look()

        assert sorted([await one() for one in has_ended]) == [False, True, True]
    finally:
        await database.close()
    assert caplog.messages.count("session.not_reaped") == 1


@pytest.mark.parametrize(("ahead_s", "is_over"), [(1800, False), (3700, True)])
async def test_a_clock_that_is_set_forward_ends_no_session_that_is_held(
    dsn: str, api_env: dict[str, str], ahead_s: float, is_over: bool
) -> None:
    settings = Settings.from_env({**api_env, "DATABASE_URL": dsn}, dotenv=None)
    database = await Database.open(settings.database)
    try:
        session_id = await rows.new_session(database)
        await held(database, session_id)
        async with database.connection() as connection:
            await HoldRepository(connection).renew(session_id, "job", lease_s=60.0, left=None)
            await connection.execute(
                "UPDATE sessions SET config = '{\"max_duration_seconds\": 30}',"
                " started_at = started_at - make_interval(secs => $1)",
                ahead_s,
            )
        absences = Absences(lambda: 0.0, send_after_s=2.0, give_up_after_s=15.0)
        await Reaper(settings, database, cast(Rooms, NoRooms()), absences).look()
        session = await rows.session(database, session_id)
    finally:
        await database.close()
    assert (session.ended_at is not None) is is_over


class OneMuteRoom(NoRooms):
    """A LiveKit that answers for every room but the first it is asked for."""

    def __init__(self) -> None:
        self.muted: str | None = None
        self.callers: set[str] = set()
        self.sent_for: list[SessionId] = []

    async def publishers(self, room_names: Collection[str]) -> dict[str, int]:
        return dict.fromkeys(room_names, 1)

    async def participants(self, room_name: str) -> Present:
        self.muted = self.muted or room_name
        if room_name == self.muted:
            raise LiveKitUnavailable("TimeoutError")
        return Present(frozenset(self.callers), has_agent=False)

    async def dispatch(self, _room_name: str, session_id: SessionId, _agent_name: str) -> None:
        self.sent_for.append(session_id)


async def test_a_room_that_does_not_answer_keeps_no_other_caller_without_an_agent(
    dsn: str, api_env: dict[str, str]
) -> None:
    rooms = OneMuteRoom()
    now = iter((0.0, 3.0))
    absences = Absences(lambda: next(now), send_after_s=2.0, give_up_after_s=15.0)
    settings = Settings.from_env({**api_env, "DATABASE_URL": dsn}, dotenv=None)
    database = await Database.open(settings.database)
    try:
        sessions = {await rows.new_session(database) for _ in range(3)}
        rooms.callers = {f"caller-{one}" for one in sessions}
        reaper = Reaper(settings, database, cast(Rooms, rooms), absences)

        await reaper.look()
        await reaper.look()
    finally:
        await database.close()

    assert len(sessions.intersection(rooms.sent_for)) == len(rooms.sent_for) == 2


async def join(session: dict[str, Any], server: LiveKitServer) -> rtc.Room:
    room = rtc.Room()
    async with asyncio.timeout(60.0):
        await room.connect(server.url, session["token"])
    return room


async def dispatches(server: LiveKitServer, room_name: str) -> int:
    """Asked again where a busy LiveKit says that none of its servers answers."""
    async with LiveKitAPI(server.url, server.key, server.secret) as api, asyncio.timeout(60.0):
        while True:
            try:
                return len(await api.agent_dispatch.list_dispatch(room_name))
            except TwirpError as exc:
                if exc.code != TwirpErrorCode.UNAVAILABLE:
                    raise
            await asyncio.sleep(0.1)


async def test_a_caller_without_an_agent_gets_another_one_sent_for_and_is_given_up_in_the_end(
    reaping: Api, livekit_server: LiveKitServer
) -> None:
    session = await new_session(reaping)
    room_name = session["config"]["livekit_room"]
    room = await join(session, livekit_server)
    left = asyncio.Event()
    room.on("disconnected", lambda *_: left.set())
    try:
        by_token = await dispatches(livekit_server, room_name)

        async def is_sent_for() -> bool:
            return await dispatches(livekit_server, room_name) > by_token

        await eventually(is_sent_for, what="a second dispatch")
        sent = await dispatches(livekit_server, room_name)
        assert await ended(reaping, session) == ("failed", "start_failed")
        async with asyncio.timeout(60.0):
            await left.wait()
    finally:
        await room.disconnect()

    assert sent == by_token + 1
    assert await terminal_events(reaping, session) == ["voice_session.failed"]


async def test_a_caller_whose_agent_is_lost_is_not_left_in_silence(
    reaping: Api, livekit_server: LiveKitServer
) -> None:
    session = await new_session(reaping)
    await aged(reaping, session, 0, is_active=True)
    room = await join(session, livekit_server)
    try:
        assert await ended(reaping, session) == ("failed", "agent_error")
    finally:
        await room.disconnect()


async def test_a_caller_who_came_at_the_last_moment_is_not_expired(
    reaping: Api, livekit_server: LiveKitServer
) -> None:
    session = await new_session(reaping)
    room = await join(session, livekit_server)
    try:
        await aged(reaping, session, 3700, is_active=False)
        assert await ended(reaping, session) == ("failed", "start_failed")
    finally:
        await room.disconnect()


async def test_what_a_dead_agent_left_is_written_by_one_of_them(reaping: Api) -> None:
    mandate = await held(reaping.database, SessionId(UUID((await new_session(reaping))["id"])))
    left = Belongings({"next_index": 1}, OPEN_TURN)
    async with reaping.database.connection() as connection:
        await HoldRepository(connection).renew(mandate.session_id, "job", lease_s=0, left=left)
        await SessionRepository(connection).end_session(mandate.session_id, EndReason.AGENT_ERROR)
        await connection.execute(
            "UPDATE session_holds SET lease_until = now() - interval '1 min' WHERE session_id = $1",
            mandate.session_id,
        )
        await connection.execute(
            "UPDATE sessions SET started_at = now() - interval '2 min',"
            " ended_at = now() - interval '1 min' WHERE id = $1",
            mandate.session_id,
        )

    async def is_written() -> bool:
        async with reaping.database.connection() as connection:
            found = await SessionRepository(connection).get_for_agent(mandate.session_id)
        return found.turn_count == 1

    await eventually(is_written)
