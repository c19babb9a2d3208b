"""Words that were said before they were told apart by tenant are found at every step."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID, uuid4

import asyncpg
import pytest

from store.migrate import Migration, migrate, migrations

ADD_TENANT = "INSERT INTO tenants (id, name, plan) VALUES ($1, 'Asha''s shop', 'free')"
ADD_SESSION = """
INSERT INTO sessions (id, tenant_id, config, room_name)
VALUES ($1, $2, '{}', gen_random_uuid()::text)"""
ADD_TURN = """
INSERT INTO turns (id, session_id, turn_index, user_transcript, agent_response, interrupted,
                   caller_audio_s, agent_audio_s)
SELECT gen_random_uuid(), $1, n, 'When do you OPEN?', 'At nine.', false, 0, 0
FROM generate_series(1, $2::integer) AS n"""
FOUND = "SELECT count(*) FROM turns WHERE words @@ transcript_query($1, $2)"


def up_to(version: int) -> Sequence[Migration]:
    return [one for one in migrations() if one.version <= version]


async def said(connection: asyncpg.Connection, n: int) -> UUID:
    """So many exchanges of a tenant of their own."""
    tenant_id, session_id = uuid4(), uuid4()
    await connection.execute(ADD_TENANT, tenant_id)
    await connection.execute(ADD_SESSION, session_id, tenant_id)
    await connection.execute(ADD_TURN, session_id, n)
    return tenant_id


async def test_old_words_are_found_before_while_and_after_they_are_written_anew(
    empty_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = next(one.version for one in migrations() if one.name.endswith("_apart_by_tenant"))
    before, both_kinds, after = first - 1, first, first + 2
    steps = {version: up_to(version) for version in (before, both_kinds, after)}

    async def upgrade(version: int) -> None:
        monkeypatch.setattr("store.migrate.migrations", partial(steps.__getitem__, version))
        await migrate(empty_dsn)

    await upgrade(before)
    connection = await asyncpg.connect(empty_dsn)
    try:
        old = await said(connection, 1201)
        for version in (both_kinds, after):
            await upgrade(version)
            new = await said(connection, 2)
            assert await connection.fetchval(FOUND, old, "open ni") == 1201
            assert await connection.fetchval(FOUND, new, "open ni") == 2
            assert await connection.fetchval(FOUND, old, "nine op") == 1201
            assert await connection.fetchval(FOUND, old, "op nine") == 0
    finally:
        await connection.close()
