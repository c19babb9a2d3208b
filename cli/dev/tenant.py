"""The development tenant: made once, its API key kept as long as the database knows it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid4

import jwt

from cli.dev.state import DevState
from core.errors import NotFoundError
from core.rights import Plan, Role, Scope
from core.setting_groups import DatabaseSettings
from store.keys import KeyRepository, NewKey
from store.ledger import LedgerRepository
from store.pool import Connection, Database
from store.records import TenantId
from store.tenants import TenantRepository

TENANT_NAME: Final = "dev"
SCOPES: Final = ",".join(Scope)
CREDITS: Final = Decimal(1_000_000)
"""More than a machine of one's own uses up; granted again when less than a tenth is left."""
JWT_LIFE: Final = timedelta(days=1)


async def ensure_tenant(database: DatabaseSettings, state: DevState) -> DevState:
    """The state with a tenant and a key that this database accepts. Raises `StoreError`."""
    pool = await Database.open(database)
    try:
        async with pool.transaction() as connection:
            if (known := await _known_tenant(connection, state)) is not None:
                await _top_up(connection, known)
                return state
            tenant = await TenantRepository(connection).add(TENANT_NAME, Plan.ENTERPRISE, CREDITS)
            wanted = NewKey(tenant_id=tenant.id, name="vaarta dev", scopes=SCOPES)
            _, plaintext = await KeyRepository(connection).create(wanted)
            return replace(state, tenant_id=str(tenant.id), api_key=plaintext)
    finally:
        await pool.close()


async def _known_tenant(connection: Connection, state: DevState) -> TenantId | None:
    """The state's tenant, if its key still counts in this database."""
    if state.api_key is None or state.tenant_id is None:
        return None
    try:
        used = await KeyRepository(connection).use(state.api_key)
    except NotFoundError:
        return None
    is_good = used.key.is_active and used.key.expires_at is None
    return used.tenant.id if is_good and used.tenant.id == UUID(state.tenant_id) else None


async def _top_up(connection: Connection, tenant_id: TenantId) -> None:
    ledger = LedgerRepository(connection)
    if await ledger.balance(tenant_id) < CREDITS / 10:
        await ledger.grant(tenant_id, CREDITS)


def owner_jwt(secret: str, tenant_id: str) -> str:
    """A JWT of the tenant's owner, good for `JWT_LIFE`."""
    issued = datetime.now(UTC)
    claims = {
        "sub": "vaarta-dev",
        "tenant_id": tenant_id,
        "role": Role.OWNER.value,
        "iat": issued,
        "exp": issued + JWT_LIFE,
        "jti": str(uuid4()),
    }
    return jwt.encode(claims, secret, algorithm="HS256")
