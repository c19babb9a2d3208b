"""A schema with rows in it is brought up to date while the release before goes on writing."""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid4

import asyncpg
import pytest

from store.migrate import Migration, migrate, migrations

RELEASED: Final = 39
"""The last migration of the release before this one."""
N_WRITERS: Final = 3
ADD_TENANT: Final = "INSERT INTO tenants (id, name, plan) VALUES ($1, 'Shop', 'enterprise')"
ADMIT: Final = """
SELECT verdict FROM admit_session($1, NULL, NULL, 1000000, 0.0, '{"free": 1}'::jsonb)"""
ADD_SESSIONS: Final = """
INSERT INTO sessions (id, tenant_id, config, room_name, metadata, webhook_url)
SELECT gen_random_uuid(), $1, '{"llm_model": "kimi-k2.5", "voice": "shubh", "language": "en-IN"}',
       'voice-' || gen_random_uuid(), '{}', 'https://shop.example/calls'
FROM generate_series(1, $2::int) RETURNING id"""
ADD_TURNS: Final = """
INSERT INTO turns (id, session_id, turn_index, user_transcript, agent_response, interrupted, stt_ms,
                   first_token_ms, first_audio_ms, total_ms, llm_model, started_at_ms, ended_at_ms,
                   caller_audio_s, agent_audio_s)
SELECT gen_random_uuid(), id, n, 'When do you open?', 'We open at nine.', false, 120, 210, 480,
       3900, 'kimi-k2.5', n * 9000, n * 9000 + 6000, 1.8, 3.1
FROM unnest($1::uuid[]) AS id, generate_series(0, 9) AS n"""
ADD_DELIVERIES: Final = """
INSERT INTO webhook_deliveries (id, tenant_id, session_id, url, event, data)
SELECT gen_random_uuid(), $1, id, 'https://shop.example/calls', 'voice_session.started', '{}'
FROM unnest($2::uuid[]) AS id"""
END_SESSIONS: Final = """
UPDATE sessions SET status = 'completed', end_reason = 'caller_hangup', started_at = now(),
                    ended_at = now() WHERE id = ANY ($1::uuid[])"""
COUNTED: Final = """
SELECT (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM turns) AS turns,
       (SELECT count(*) FROM webhook_deliveries) AS deliveries"""


async def call(connection: asyncpg.Connection, tenant_id: UUID, n_sessions: int = 1) -> None:
    """What the release before writes of so many calls, from admission to end."""
    async with connection.transaction():
        assert await connection.fetchval(ADMIT, tenant_id) == "admitted"
        added = await connection.fetch(ADD_SESSIONS, tenant_id, n_sessions)
        sessions = [row["id"] for row in added]
        await connection.execute(ADD_DELIVERIES, tenant_id, sessions)
    await connection.execute(ADD_TURNS, sessions)
    await connection.execute(END_SESSIONS, sessions)


async def test_the_release_before_goes_on_writing_while_its_rows_are_brought_up_to_date(
    empty_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = migrations()
    await migrate_with([one for one in newest if one.version <= RELEASED], empty_dsn, monkeypatch)
    connections = [await asyncpg.connect(empty_dsn) for _ in range(N_WRITERS)]
    tenant_ids = [uuid4() for _ in connections]
    for connection, tenant_id in zip(connections, tenant_ids, strict=True):
        await connection.execute(ADD_TENANT, tenant_id)
        await call(connection, tenant_id, n_sessions=500)
    is_over = asyncio.Event()

    async def serve(connection: asyncpg.Connection, tenant_id: UUID) -> int:
        """How many calls it wrote; the last one began when the upgrade was over."""
        n_written, was_over = 0, False
        while not was_over:
            was_over = is_over.is_set()
            await call(connection, tenant_id)
            n_written += 1
        return n_written

    try:
        async with asyncio.TaskGroup() as group:
            serving = [
                group.create_task(serve(*each))
                for each in zip(connections, tenant_ids, strict=True)
            ]
            applied = await migrate_with(newest, empty_dsn, monkeypatch)
            is_over.set()
        written = 500 * N_WRITERS + sum(task.result() for task in serving)
        counted = await connections[0].fetchrow(COUNTED)
    finally:
        for connection in connections:
            await connection.close()

    assert applied == [one.name for one in newest if one.version > RELEASED]
    assert dict(counted) == {"sessions": written, "turns": 10 * written, "deliveries": written}


async def migrate_with(
    known: Sequence[Migration], dsn: str, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """As a release that has these files."""
    monkeypatch.setattr("store.migrate.migrations", lambda: known)
    return await migrate(dsn)
