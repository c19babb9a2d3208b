"""API keys in a real Postgres."""

import asyncio
import hashlib
import re
import time
from uuid import uuid4

import pytest

from core.errors import ConflictError, NotFoundError
from core.rights import Plan
from store.keys import KeyRepository, NewKey
from store.pool import Database
from store.records import TenantId, TenantRecord
from store.tenants import TenantRepository
from store.windows import RequestWindow


@pytest.fixture
async def tenant(database: Database) -> TenantRecord:
    async with database.connection() as connection:
        return await TenantRepository(connection).add("Asha's shop", Plan.STARTER)


async def test_a_key_is_found_by_its_plaintext_with_its_tenant(
    database: Database, tenant: TenantRecord
) -> None:
    async with database.connection() as connection:
        keys = KeyRepository(connection)
        made, plaintext = await keys.create(NewKey(tenant_id=tenant.id, name="till"))
        used = await keys.use(plaintext)

    assert re.fullmatch(r"cm_live_[A-Za-z0-9_-]{43}", plaintext)
    assert (used.key.id, used.key.name, used.tenant) == (made.id, "till", tenant)
    assert (used.key.permissions, used.key.scopes, used.key.is_active) == ("*", "", True)


async def test_the_database_holds_the_hash_and_a_prefix_only(
    database: Database, tenant: TenantRecord
) -> None:
    async with database.connection() as connection:
        _, plaintext = await KeyRepository(connection).create(
            NewKey(tenant_id=tenant.id, name="till")
        )
        row = await connection.fetchrow("SELECT * FROM api_keys")

    assert row["hash"] == hashlib.sha256(plaintext.encode()).digest()
    assert row["prefix"] == plaintext[:12]
    assert not [name for name, value in row.items() if value == plaintext]


async def test_using_a_key_notes_when(database: Database, tenant: TenantRecord) -> None:
    async with database.connection() as connection:
        keys = KeyRepository(connection)
        _, plaintext = await keys.create(NewKey(tenant_id=tenant.id, name="till"))
        before = (await keys.use(plaintext)).key
        after = (await keys.use(plaintext)).key

    assert before.last_used_at is None
    assert after.last_used_at is not None


async def test_an_unknown_key_is_not_found(database: Database) -> None:
    async with database.connection() as connection:
        with pytest.raises(NotFoundError):
            await KeyRepository(connection).use("cm_live_" + "a" * 43)


async def test_a_key_needs_a_tenant(database: Database) -> None:
    async with database.connection() as connection:
        with pytest.raises(ConflictError) as refused:
            await KeyRepository(connection).create(NewKey(tenant_id=TenantId(uuid4()), name="till"))

    assert refused.value.rule == "api_keys_tenant_known"


async def test_requests_of_one_minute_are_counted_by_many_at_once(
    database: Database, tenant: TenantRecord
) -> None:
    async with database.connection() as connection:
        _, plaintext = await KeyRepository(connection).create(
            NewKey(tenant_id=tenant.id, name="till")
        )

    async def use() -> RequestWindow | None:
        async with database.connection() as connection:
            return (await KeyRepository(connection).use(plaintext)).window

    began_at = time.monotonic()
    windows = await asyncio.gather(*(use() for _ in range(40)))
    took_s = time.monotonic() - began_at

    assert sorted(one.n_requests for one in windows if one) == list(range(1, 41))
    assert all(59.5 - took_s < one.reset_s <= 60.5 for one in windows if one)


@pytest.mark.parametrize("ago", ["61 s", "-1 h"])
async def test_a_new_minute_counts_from_one(
    database: Database, tenant: TenantRecord, ago: str
) -> None:
    """Also after the database's clock was set back."""
    async with database.connection() as connection:
        keys = KeyRepository(connection)
        _, plaintext = await keys.create(NewKey(tenant_id=tenant.id, name="till"))
        await keys.use(plaintext)
        await connection.execute(
            f"UPDATE key_windows SET n_requests = 99, started_at = now() - interval '{ago}'"
        )

        assert (await keys.use(plaintext)).window == RequestWindow(1, 60.0)
