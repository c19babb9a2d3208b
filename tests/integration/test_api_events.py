"""Live events over HTTP: followed, resumed elsewhere, bounded for slow readers."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from itertools import cycle
from uuid import UUID, uuid4

import aiohttp
import pytest
import pytest_asyncio

from control_api.events.stream import message
from store.events import EventKind, EventRepository, NewEvent
from store.records import EndReason, NewTurn, SessionId, TurnId
from store.sessions import SessionRepository
from store.turns import TurnRepository
from tests.eventually import eventually
from tests.integration.api import SESSIONS, Api, running_api
from tests.integration.sse import Message, stream
from tests.servers import ApiProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")


def url_of(session_id: str) -> str:
    return f"{SESSIONS}/{session_id}/events"


async def new_session(api: Api, *, is_active: bool = True) -> str:
    created = await api.create()
    assert created.status == 201, created.json
    session_id: str = created.json["id"]
    if is_active:
        async with api.database.connection() as connection:
            await SessionRepository(connection).mark_active(_id(session_id), {})
    return session_id


def _id(session_id: str) -> SessionId:
    return SessionId(UUID(session_id))


def said(*texts: str) -> list[NewEvent]:
    return [NewEvent(EventKind.TRANSCRIPT, {"text": text}) for text in texts]


async def tell(
    api: Api, session_id: str, events: Sequence[NewEvent], *, agent_left: bool = False
) -> None:
    async with api.database.connection() as connection:
        await EventRepository(connection).tell(
            _id(session_id), events, write_id=uuid4(), agent_left=agent_left
        )


async def add_turn(api: Api, session_id: str, index: int) -> TurnId:
    turn = NewTurn(
        id=TurnId(uuid4()), turn_index=index, user_transcript="Tea?", agent_response="Yes."
    )
    async with api.database.connection() as connection:
        await TurnRepository(connection).add_turn(_id(session_id), turn)
    return turn.id


async def end(api: Api, session_id: str) -> None:
    async with api.database.connection() as connection:
        await SessionRepository(connection).end_session(_id(session_id), EndReason.CALLER_HANGUP)


def numbers(messages: Sequence[Message]) -> list[int | None]:
    return [message.id for message in messages]


async def test_a_session_is_followed_from_its_first_event_to_its_end(api: Api) -> None:
    session_id = await new_session(api)
    await tell(api, session_id, [NewEvent(EventKind.STATE, {"status": "active"})])
    async with stream(api.http, url_of(session_id), api.key) as events:
        assert events.response.headers["Content-Type"] == "text/event-stream"
        assert events.response.headers["Cache-Control"] == "no-store"
        assert await events.take(1) == [Message(1, "state", {"status": "active"})]
        await tell(api, session_id, said("Tea, please\u2028नमस्ते\n"))
        (second,) = await events.take(1)
        turn_id = await add_turn(api, session_id, 0)
        await tell(api, session_id, [NewEvent(EventKind.TURN, turn_id=turn_id)], agent_left=True)
        await end(api, session_id)
        turn, last = await events.rest()

    transcript = await api.get(f"{SESSIONS}/{session_id}/transcript")
    session = await api.get(f"{SESSIONS}/{session_id}")
    assert second == Message(2, "transcript", {"text": "Tea, please\u2028नमस्ते\n"})
    assert turn == Message(3, "turn", transcript.json[0])
    assert last == Message(4, "end", session.json)


async def test_a_session_that_ended_before_it_began_has_its_end(api: Api) -> None:
    session_id = await new_session(api, is_active=False)
    async with stream(api.http, url_of(session_id), api.key) as events:
        deleted = await api.send("DELETE", f"{SESSIONS}/{session_id}")
        (last,) = await events.rest()

    assert deleted.status == 204
    assert (last.id, last.event, last.data["end_reason"]) == (1, "end", "api_delete")


async def test_resuming_gives_what_came_after_and_nothing_twice(api: Api) -> None:
    session_id = await new_session(api)
    await tell(api, session_id, said(*(f"{n}" for n in range(1, 121))), agent_left=True)
    await end(api, session_id)
    heard: list[Message] = []
    for after in (0, 50, 100, 120):
        async with stream(api.http, url_of(session_id), api.key, after=after) as events:
            heard = await events.rest()
            assert numbers(heard) == list(range(after + 1, 122))

    assert [message.event for message in heard] == ["end"]


async def test_who_had_the_end_is_told_not_to_come_back(api: Api) -> None:
    session_id = await new_session(api, is_active=False)
    await end(api, session_id)
    async with stream(api.http, url_of(session_id), api.key) as events:
        (last,) = await events.rest()
    for after in (last.id, 10**9):
        async with stream(api.http, url_of(session_id), api.key, after=after) as events:
            assert events.response.status == 204


async def test_the_end_stays_when_the_events_are_gone(api: Api) -> None:
    session_id = await new_session(api)
    await tell(api, session_id, said("a", "b"), agent_left=True)
    await end(api, session_id)
    async with api.database.connection() as connection:
        await connection.execute(
            "UPDATE sessions SET started_at = started_at - interval '301 s',"
            " ended_at = ended_at - interval '301 s' WHERE id = $1",
            _id(session_id),
        )
        await EventRepository(connection).purge(1000)
    async with stream(api.http, url_of(session_id), api.key, after=1) as events:
        (last,) = await events.rest()

    assert (last.id, last.event) == (3, "end")


@pytest.mark.parametrize("given", ["x", "-1", "1.5", "", "9" * 11, "1,2"])
async def test_an_id_that_is_none_is_refused(api: Api, given: str) -> None:
    session_id = await new_session(api, is_active=False)
    refused = await api.get(url_of(session_id), headers={"Last-Event-ID": given})

    assert (refused.status, refused.json["error"]["param"]) == (422, "Last-Event-ID")


async def test_another_tenants_session_reads_as_unknown(api: Api) -> None:
    session_id = await new_session(api)
    other = await api.for_new_tenant()

    for path in (url_of(session_id), url_of(str(uuid4())), url_of("x")):
        assert (await other.get(path)).code == "not_found"
    assert (await api.get(url_of(session_id), headers={"Authorization": None})).status == 401


async def test_head_does_not_stay(api: Api) -> None:
    session_id = await new_session(api)
    answer = await api.send("HEAD", url_of(session_id))

    assert (answer.status, answer.body) == (200, b"")


@pytest_asyncio.fixture(loop_scope="session")
async def quick(api_env: dict[str, str]) -> AsyncIterator[Api]:
    """An API of its own whose streams comment often and are few."""
    env = {"EVENTS_COMMENT_INTERVAL_S": "0.05", "EVENTS_MAX_STREAMS": "2"}
    async with running_api({**api_env, **env, "EVENTS_WRITE_TIMEOUT_S": "0.3"}) as running:
        yield running


async def test_a_silent_stream_is_kept_alive_by_comments(quick: Api) -> None:
    session_id = await new_session(quick)
    async with stream(quick.http, url_of(session_id), quick.key) as events:
        comments = [await events.next() for _ in range(3)]
        await tell(quick, session_id, said("a"))
        (event,) = await events.take(1)

    assert comments == [Message(None, ": still here")] * 3
    assert event.id == 1


async def test_a_process_serves_so_many_streams_and_no_more(quick: Api) -> None:
    session_id = await new_session(quick)
    url = url_of(session_id)
    async with stream(quick.http, url, quick.key), stream(quick.http, url, quick.key):
        refused = await quick.get(url)
        assert (refused.status, refused.code) == (503, "service_unavailable")
        assert "Retry-After" in refused.headers

    async def is_served() -> bool:
        async with stream(quick.http, url, quick.key) as events:
            return events.response.status == 200

    await eventually(is_served, what="a stream after the others left")


async def test_who_is_gone_leaves_a_quiet_streams_place_at_once(api_env: dict[str, str]) -> None:
    env = {"EVENTS_COMMENT_INTERVAL_S": "3600", "EVENTS_MAX_STREAMS": "1"}
    async with running_api({**api_env, **env}) as api:
        for url in (url_of(await new_session(api)), f"{SESSIONS}/events"):

            async def is_served(url: str = url) -> bool:
                async with stream(api.http, url, api.key) as events:
                    return events.response.status == 200

            for _ in range(3):
                await eventually(is_served, what="a stream after the last one was left")


async def test_a_reader_that_takes_nothing_is_cut_off_and_may_resume(quick: Api) -> None:
    session_id = await new_session(quick)
    url = url_of(session_id)
    for _ in range(40):
        await tell(quick, session_id, said(*("x" * 20_000 for _ in range(10))))
    connection = socket.create_connection(("127.0.0.1", quick.port))
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        head = f"GET {url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {quick.key}\r\n\r\n"
        connection.sendall(head.encode())

        async def is_cut() -> bool:
            async with (
                stream(quick.http, url, quick.key) as one,
                stream(quick.http, url, quick.key) as other,
            ):
                return one.response.status == other.response.status == 200

        await eventually(is_cut, what="the slow reader's place is free")
    finally:
        connection.close()
    heard: list[Message] = []

    async def is_resumed() -> bool:
        async with stream(quick.http, url, quick.key, after=250) as events:
            if events.response.status == 200:
                heard.extend(await events.take(150))
            return bool(heard)

    await eventually(is_resumed, what="a stream, once the places of the two are free")
    assert numbers(heard) == list(range(251, 401))


async def test_a_stream_goes_on_at_another_process_without_loss(
    api: Api, api_env: dict[str, str]
) -> None:
    """Readers hop between three processes, one of which is killed, while an agent tells."""
    session_id = await new_session(api)
    async with AsyncExitStack() as stack:
        processes = []
        for _ in range(3):
            process = await ApiProcess.start(api_env)
            stack.callback(process.process.stop)
            processes.append(process)
        http = await stack.enter_async_context(aiohttp.ClientSession())

        async def agent() -> None:
            for n in range(60):
                await tell(api, session_id, said(f"{n}", f"{n}+"))
            turn_id = await add_turn(api, session_id, 0)
            turn = [NewEvent(EventKind.TURN, turn_id=turn_id)]
            await tell(api, session_id, turn, agent_left=True)
            await end(api, session_id)

        async def reader(hop_after: int) -> list[Message]:
            heard: list[Message] = []
            for at in cycle(processes):
                if heard and heard[-1].event == "end":
                    break
                last = heard[-1].id if heard else None
                try:
                    await hop(at, last, heard, hop_after)
                except aiohttp.ClientError:
                    continue
            return heard

        async def hop(
            at: ApiProcess, last: int | None, heard: list[Message], hop_after: int
        ) -> None:
            url = f"{at.url}{url_of(session_id)}"
            async with stream(http, url, api.key, after=last) as events:
                for _ in range(hop_after):
                    message = await events.next()
                    if message is None:
                        return
                    if message.id is not None:
                        heard.append(message)

        async def killer() -> None:
            await asyncio.to_thread(processes[2].process.stop)

        readers = [reader(hop_after) for hop_after in (1, 7, 1000)]
        heard, *_ = await asyncio.gather(asyncio.gather(*readers), agent(), killer())

    for messages in heard:
        assert numbers(messages) == list(range(1, 123))
        assert [message.event for message in messages[-2:]] == ["turn", "end"]


async def test_streams_end_when_the_process_is_told_to_stop(api_env: dict[str, str]) -> None:
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(running_api(api_env))
        session_id = await new_session(running)
        process = await ApiProcess.start(api_env)
        stack.callback(process.process.stop)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        async with (
            stream(http, f"{process.url}{url_of(session_id)}", running.key) as events,
            stream(http, f"{process.url}{SESSIONS}/events", running.key) as sessions,
        ):
            process.process.terminate()
            assert await events.rest() == []
            assert await sessions.rest() == []
        assert await process.process.wait() == 0


async def test_a_process_that_is_about_to_stop_sends_its_clients_on_without_loss(
    api: Api, api_env: dict[str, str]
) -> None:
    """What is told until the stream ends is in it, all else at the process that they go on at."""
    session_id = await new_session(api)
    url = url_of(session_id)
    async with AsyncExitStack() as stack:
        process = await ApiProcess.start({**api_env, "API_DRAIN_S": "3"})
        stack.callback(process.process.stop)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        async with stream(http, process.url + url, api.key) as events:
            await tell(api, session_id, said("before"))
            (first,) = await events.take(1)
            process.process.terminate()
            await process.process.wait_for_output("api.stopping")
            async with http.get(f"{process.url}/readyz") as ready:
                assert (ready.status, ready.headers["Connection"]) == (503, "close")
                assert (await ready.json())["checks"]["process"] == "draining"
            async with stream(http, process.url + url, api.key, after=1) as refused:
                assert refused.response.status == 503
                assert refused.response.headers["Retry-After"] == "1"
            async with stream(http, process.url + SESSIONS, api.key) as listed:
                assert listed.response.status == 200
            await tell(api, session_id, said("while it drains"))
            heard = [first, *await events.rest()]
        assert await process.process.wait() == 0
    await tell(api, session_id, said("after"))
    async with stream(api.http, url, api.key, after=heard[-1].id) as events:
        heard += await events.take(3 - len(heard))

    assert [one.data["text"] for one in heard] == ["before", "while it drains", "after"]


async def test_a_second_signal_does_not_wait_for_balancers(api_env: dict[str, str]) -> None:
    process = await ApiProcess.start({**api_env, "API_DRAIN_S": "600", "API_STOP_TIMEOUT_S": "900"})
    try:
        process.process.terminate()
        await process.process.wait_for_output("api.stopping")
        process.process.terminate()
        assert await process.process.wait() == 0
    finally:
        process.process.stop()


async def test_streams_say_when_to_come_back_and_not_all_at_the_same_time(api: Api) -> None:
    url = url_of(await new_session(api))
    waits = set()
    for _ in range(4):
        async with stream(api.http, url, api.key) as events:
            await tell(api, url.split("/")[-2], said("a"))
            await events.take(1)
            waits.add(events.retry_ms)

    assert len(waits) > 1
    assert all(wait and 500 <= wait <= 2500 for wait in waits)


async def test_messages_are_one_line_of_data() -> None:
    told = message(7, "transcript", {"text": "a\nb\r\u2028\ud800"}).decode()
    assert told.split("\n") == [
        "id: 7",
        "event: transcript",
        'data: {"text":"a\\nb\\r\u2028\\ud800"}',
        "",
        "",
    ]
