"""Bots from before they had versions, and of a release that knows of none."""

from functools import partial
from uuid import UUID, uuid4

import asyncpg
import pytest

from store.migrate import migrate, migrations

ADD_TENANT = "INSERT INTO tenants (id, name, plan) VALUES ($1, 'Asha''s shop', 'free')"
ADD_BOT = """
INSERT INTO bots (id, tenant_id, name, system_prompt, config)
VALUES ($1, $2, 'till', 'Sell tea.', '{"voice": "shubh"}')"""
SERVING = """
SELECT v.number, v.system_prompt, v.config ->> 'voice' AS voice, v.published_by_kind AS by
FROM bots b JOIN bot_versions v ON v.bot_id = b.id AND v.number = b.version WHERE b.id = $1"""


async def add_bot(connection: asyncpg.Connection, tenant_id: UUID) -> UUID:
    """As the release before does it."""
    bot_id = uuid4()
    await connection.execute(ADD_BOT, bot_id, tenant_id)
    return bot_id


async def test_whatever_release_made_a_bot_it_serves_as_its_first_version(
    empty_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = next(one.version for one in migrations() if one.name.endswith("create_bot_versions"))
    known = migrations()

    async def upgrade(version: int) -> None:
        files = [one for one in known if one.version <= version]
        monkeypatch.setattr("store.migrate.migrations", partial(list, files))
        await migrate(empty_dsn)

    await upgrade(created - 1)
    connection = await asyncpg.connect(empty_dsn)
    try:
        tenant_id = uuid4()
        await connection.execute(ADD_TENANT, tenant_id)
        bots = [await add_bot(connection, tenant_id)]
        for version in (created, created + 1, known[-1].version):
            await upgrade(version)
            bots.append(await add_bot(connection, tenant_id))

        for bot_id in bots:
            serving = await connection.fetchrow(SERVING, bot_id)
            assert tuple(serving) == (1, "Sell tea.", "shubh", None)
    finally:
        await connection.close()
