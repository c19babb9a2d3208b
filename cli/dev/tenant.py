"""The development tenant: made once, its API key kept as long as the database knows it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import jwt

from cli.dev.state import DevState
from core.errors import NotFoundError
from core.settings import DatabaseSettings
from store.keys import KeyRepository, NewKey
from store.pool import Connection, Database
from store.records import Plan, TenantId
from store.tenants import TenantRepository

TENANT_NAME: Final = "dev"
SCOPES: Final = "bots:read,bots:write,webhooks:write,usage:read"
JWT_LIFE: Final = timedelta(days=1)


async def ensure_tenant(database: DatabaseSettings, state: DevState) -> DevState:
    """The state with a tenant and a key that this database accepts. Raises `StoreError`."""
    pool = await Database.open(database)
    try:
        async with pool.transaction() as connection:
            if await _is_good(connection, state):
                return state
            tenant = await TenantRepository(connection).add(TENANT_NAME, Plan.ENTERPRISE)
            wanted = NewKey(tenant_id=tenant.id, name="vaarta dev", scopes=SCOPES)
            _, plaintext = await KeyRepository(connection).create(wanted)
            return replace(state, tenant_id=str(tenant.id), api_key=plaintext)
    finally:
        await pool.close()


async def _is_good(connection: Connection, state: DevState) -> bool:
    if state.api_key is None or state.tenant_id is None:
        return False
    try:
        key, tenant = await KeyRepository(connection).find(state.api_key)
    except NotFoundError:
        return False
    return key.is_active and key.expires_at is None and tenant.id == TenantId(UUID(state.tenant_id))


def owner_jwt(secret: str, tenant_id: str) -> str:
    """A JWT of the tenant's owner, good for `JWT_LIFE`."""
    issued = datetime.now(UTC)
    claims = {
        "sub": "vaarta-dev",
        "tenant_id": tenant_id,
        "role": "owner",
        "iat": issued,
        "exp": issued + JWT_LIFE,
        "jti": str(uuid4()),
    }
    return jwt.encode(claims, secret, algorithm="HS256")
