"""API keys in a real Postgres."""

import hashlib
import re
from uuid import uuid4

import pytest

from core.errors import ConflictError, NotFoundError
from store.keys import KeyRepository, NewKey
from store.pool import Database
from store.records import Plan, TenantId, TenantRecord
from store.tenants import TenantRepository


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
        found, owner = await keys.find(plaintext)

    assert re.fullmatch(r"cm_live_[A-Za-z0-9_-]{43}", plaintext)
    assert (found.id, found.name, owner) == (made.id, "till", tenant)
    assert (found.permissions, found.scopes, found.is_active) == ("*", "", True)


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
        before, _ = await keys.find(plaintext)
        after, _ = await keys.find(plaintext)

    assert before.last_used_at is None
    assert after.last_used_at is not None


async def test_an_unknown_key_is_not_found(database: Database) -> None:
    async with database.connection() as connection:
        with pytest.raises(NotFoundError):
            await KeyRepository(connection).find("cm_live_" + "a" * 43)


async def test_a_key_needs_a_tenant(database: Database) -> None:
    async with database.connection() as connection:
        with pytest.raises(ConflictError) as refused:
            await KeyRepository(connection).create(NewKey(tenant_id=TenantId(uuid4()), name="till"))

    assert refused.value.rule == "api_keys_tenant_known"
