"""Idempotency keys: one effect, one answer, and no key that stays locked."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from store.admission import AdmissionRepository, KeyedAnswer, Verdict
from store.idempotency import Claim, IdempotencyRepository, RequestKey
from store.pool import Connection
from store.records import NewSession, SessionId
from tests.eventually import eventually
from tests.integration.api import SESSIONS, Answer, Api, running_api
from tests.integration.rows import NO_LIMITS
from tests.servers import ApiProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def post(api: Api, key: str, body: Any = None, url: str = SESSIONS) -> Answer:
    headers = {"Idempotency-Key": key}
    return await api.send("POST", url, json={} if body is None else body, headers=headers)


async def run(api: Api, statement: str) -> str:
    async with api.database.connection() as connection:
        return str(await connection.execute(statement, api.tenant_id))


async def test_a_repeated_create_gets_the_first_answer(api: Api) -> None:
    first = await post(api, "a", {"voice": "priya"})

    again = await post(api, "a", {"voice": "priya"})

    assert (again.status, again.body) == (201, first.body)
    assert again.json["token"]
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    read = await api.get(f"{SESSIONS}/{first.json['id']}")
    assert read.json["created_at"] == first.json["created_at"]
    assert await api.row_count() == 1


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ({"voice": "priya", "metadata": {"a": 1}}, {"metadata": {"a": 1.0}, "voice": "priya"}),
        ({"metadata": {"a": "é"}}, {"metadata": {"a": "\u00e9"}}),
    ],
)
async def test_the_same_value_written_otherwise_is_the_same(
    api: Api, first: Any, again: Any
) -> None:
    assert (await post(api, "a", first)).body == (await post(api, "a", again)).body


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ({}, {"voice": "priya"}),
        ({"metadata": {"a": 1}}, {"metadata": {"a": True}}),
        ({"metadata": {"a": 1}}, {"metadata": {"a": "1"}}),
        ({"metadata": {"a": None}}, {"metadata": {}}),
    ],
)
async def test_another_value_is_a_conflict(api: Api, first: Any, other: Any) -> None:
    await post(api, "a", first)

    answer = await post(api, "a", other)

    assert (answer.status, answer.code) == (409, "idempotency_conflict")
    assert await api.row_count() == 1


async def test_a_key_counts_for_one_tenant_and_one_path(api: Api) -> None:
    other = await api.for_new_tenant()
    first = await post(api, "a")

    elsewhere = await post(other, "a")
    path = await api.send(
        "POST",
        "/api/v1/bots",
        json={"name": "b", "system_prompt": "c"},
        headers={"Idempotency-Key": "a", "Authorization": f"Bearer {api.token()}"},
    )

    assert elsewhere.json["id"] != first.json["id"]
    assert path.status == 201


async def test_after_an_error_the_key_is_free_again(api: Api) -> None:
    refused = await post(api, "a", {"llm_model": "gpt-2"})

    answer = await post(api, "a", {"llm_model": "sarvam-30b"})

    assert (refused.status, answer.status) == (422, 201)


async def test_an_answer_whose_key_is_gone_is_no_answer_any_more(api: Api) -> None:
    await post(api, "a")
    await run(api, "UPDATE idempotency_keys SET answer = '\\x00' WHERE tenant_id = $1")

    again = await post(api, "a")

    assert (again.status, again.code) == (409, "conflict")


async def test_an_answer_is_known_again_after_the_key_has_changed(
    api: Api, api_env: dict[str, str]
) -> None:
    first = await post(api, "a", {"voice": "priya"})
    secret = api_env["LIVEKIT_API_SECRET"]
    env = {
        **api_env,
        "DATA_ENCRYPTION_KEY": "a key of thirty-two bytes or more",
        "DATA_ENCRYPTION_EARLIER_KEYS": secret,
    }

    async with running_api(env) as next_api:
        next_api = replace(next_api, tenant_id=api.tenant_id, key=api.key)
        again = await post(next_api, "a", {"voice": "priya"})
        other = await post(next_api, "a", {"voice": "shubh"})

    assert (again.status, again.body) == (201, first.body)
    assert (other.status, other.code) == (409, "idempotency_conflict")


async def test_a_replay_is_no_create(api: Api) -> None:
    for _ in range(15):
        assert (await post(api, "a")).status == 201

    assert (await api.create()).headers["X-RateLimit-Remaining"] == "8"


@pytest.mark.parametrize("key", ["", "x" * 256, "naïve", "tab\there"])
async def test_a_bad_key_is_refused(api: Api, key: str) -> None:
    answer = await post(api, key)

    assert (answer.status, answer.code) == (422, "validation_error")
    assert answer.json["error"]["param"] == "Idempotency-Key"
    assert await api.row_count() == 0


async def test_the_longest_key_is_taken(api: Api) -> None:
    assert (await post(api, "~" * 255)).status == 201


async def test_a_kept_answer_is_unreadable_and_erased_after_a_day(api: Api) -> None:
    created = await post(api, "a")
    async with api.database.connection() as connection:
        kept = await connection.fetchval(
            "SELECT answer FROM idempotency_keys WHERE tenant_id = $1", api.tenant_id
        )
    assert created.json["token"].encode() not in kept
    assert created.json["id"].encode() not in kept

    await run(
        api,
        "UPDATE idempotency_keys SET claimed_at = now() - interval '25 h',"
        " leased_until = now() - interval '25 h' WHERE tenant_id = $1",
    )
    fresh = await post(api, "a")
    async with api.database.connection() as connection:
        await IdempotencyRepository(connection).erase_old()

    assert fresh.json["id"] != created.json["id"]
    assert (await post(api, "a")).body == fresh.body


async def test_erasing_leaves_nothing_that_is_older_than_a_day(api: Api) -> None:
    await post(api, "a")
    await run(
        api,
        "UPDATE idempotency_keys SET claimed_at = now() - interval '25 h',"
        " leased_until = now() - interval '25 h' WHERE tenant_id = $1",
    )

    async with api.database.connection() as connection:
        await IdempotencyRepository(connection).erase_old()

    assert await run(api, "DELETE FROM idempotency_keys WHERE tenant_id = $1") == "DELETE 0"


@pytest.fixture
async def deaf_livekit() -> AsyncIterator[str]:
    """A LiveKit that takes connections and never answers."""
    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: writers.append(writer), "127.0.0.1", 0)
    yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    for writer in writers:
        writer.close()
    server.close()


async def kill(process: ApiProcess, asked: "asyncio.Task[Answer]") -> None:
    os.kill(process.process.pid, signal.SIGKILL)
    with pytest.raises(aiohttp.ClientError):
        await asked


async def test_a_killed_api_leaves_no_locked_key(
    api: Api, api_env: dict[str, str], deaf_livekit: str
) -> None:
    """It dies while LiveKit keeps it waiting: the key is another's once the lease is over."""
    process = await ApiProcess.start(
        {**api_env, "LIVEKIT_URL": deaf_livekit, "LIVEKIT_TIMEOUT_S": "60"}
    )
    asked = asyncio.create_task(post(api, "a", url=f"{process.url}{SESSIONS}"))

    async def is_claimed() -> bool:
        return await run(api, "SELECT 1 FROM idempotency_keys WHERE tenant_id = $1") == "SELECT 1"

    await eventually(is_claimed)
    await kill(process, asked)

    running = await post(api, "a")
    await run(
        api,
        "UPDATE idempotency_keys SET leased_until = leased_until - interval '20 s'"
        " WHERE tenant_id = $1",
    )
    taken_over = await post(api, "a")

    assert (running.status, running.code, running.headers["Retry-After"]) == (409, "conflict", "1")
    assert taken_over.status == 201
    assert await api.row_count() == 1
    process.process.stop()


async def test_a_create_that_outlives_its_api_is_replayed(
    api: Api, api_env: dict[str, str]
) -> None:
    """It dies once its statement is under way: session and answer are there, or neither is."""
    process = await ApiProcess.start(api_env)
    async with api.database.transaction() as connection:
        await connection.execute("LOCK TABLE create_windows")
        asked = asyncio.create_task(post(api, "a", url=f"{process.url}{SESSIONS}"))
        await eventually(lambda: someone_waits(connection))
        await kill(process, asked)

    async def is_made() -> bool:
        return await api.row_count() == 1

    await eventually(is_made)
    again = await post(api, "a")

    assert again.headers["Idempotent-Replayed"] == "true"
    assert await api.row_count() == 1
    process.process.stop()


@pytest.mark.parametrize("until", ["- interval '1 s'", "+ interval '1 h'"])
async def test_who_lost_the_key_creates_nothing(api: Api, until: str) -> None:
    """The claim is asked for in the statement that creates, however long a request took, or how far
    the clock was set back meanwhile."""
    new = NewSession(
        id=SessionId(uuid4()),
        tenant_id=api.tenant_id,
        config={},
        room_name=f"voice-{uuid4().hex}",
    )
    async with api.database.connection() as connection:
        keys = IdempotencyRepository(connection)
        wanted = RequestKey(api.tenant_id, SESSIONS, "a", b"body")
        lost = await keys.claim(wanted)
        assert isinstance(lost, Claim)
        await run(
            api,
            f"UPDATE idempotency_keys SET leased_until = now() {until} WHERE tenant_id = $1",
        )
        assert isinstance(await keys.claim(wanted), Claim)
        keyed = KeyedAnswer(lost.id, 201, b"sealed", lost.at)
        decision = await AdmissionRepository(connection).create(new, NO_LIMITS, keyed)
        await keys.keep(lost.id, 201, b"sealed")

    assert decision.verdict is Verdict.CLAIM_LOST
    assert await api.row_count() == 0
    assert (await post(api, "a")).code == "idempotency_conflict"


async def someone_waits(connection: Connection) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    return int(await connection.fetchval(waiting)) > 0
