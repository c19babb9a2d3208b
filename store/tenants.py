"""Tenants: made, found, their plan changed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import uuid4

import asyncpg

from core.errors import NotFoundError
from core.rights import Plan
from store import retention
from store.ledger import LedgerRepository
from store.records import TenantId, TenantRecord
from store.repository import Repository
from store.retention import Retention
from store.windows import COUNT_MORE, RequestWindow

COLUMNS: Final = "id, name, plan, suspended_at, erased_at, created_at"
# Only the constant above is filled into these.
_ADD: Final = f"""
INSERT INTO tenants (id, name, plan) VALUES ($1, $2, $3)
RETURNING {COLUMNS}"""  # noqa: S608
_GET: Final = f"SELECT {COLUMNS} FROM tenants WHERE id = $1"  # noqa: S608
_USE: Final = f"""
WITH found AS (
    SELECT {COLUMNS} FROM tenants WHERE id = $1 AND erased_at IS NULL
), counted AS (
    INSERT INTO subject_windows AS w (tenant_id, subject, started_at, n_requests)
    SELECT id, $2, now(), $3 FROM found
    ON CONFLICT (tenant_id, subject) {COUNT_MORE}
)
SELECT * FROM found CROSS JOIN counted"""  # noqa: S608 - a constant
_SET_PLAN: Final = f"""
UPDATE tenants SET plan = $2 WHERE id = $1 RETURNING {COLUMNS}"""  # noqa: S608
# Sessions and keys are counted for the tenants of the page alone.
_ACCOUNTS: Final = f"""
SELECT {retention.COLUMNS}, t.id, t.name, t.plan, t.suspended_at, t.erased_at, t.created_at,
       t.balance,
       (SELECT count(*) FROM api_keys k
        WHERE k.tenant_id = t.id AND k.revoked_at IS NULL) AS n_keys,
       (SELECT coalesce(sum(n), 0)::bigint FROM session_counts c
        WHERE c.tenant_id = t.id AND c.status IN ('created', 'active')) AS n_living,
       (SELECT coalesce(sum(n), 0)::bigint FROM session_counts c
        WHERE c.tenant_id = t.id) AS n_sessions
FROM tenants t LEFT JOIN tenant_retention ON tenant_id = t.id
WHERE $1::uuid IS NULL OR t.id = $1
ORDER BY t.created_at DESC, t.id DESC LIMIT $2 OFFSET $3"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Account:
    """A tenant as its operator sees it: credits, keys that were not revoked, sessions, of which
    `n_living` have not ended, and what it wants to be kept for fewer days."""

    tenant: TenantRecord
    balance: Decimal
    n_keys: int
    n_living: int
    n_sessions: int
    retention: Retention


class TenantRepository(Repository):
    """Creates and finds tenants."""

    async def add(self, name: str, plan: Plan, credits: Decimal = Decimal(0)) -> TenantRecord:
        """Create a tenant and grant it `credits`.

        Raises `ConflictError` for an empty or overlong name.
        """
        async with self._connection.transaction():
            tenant = tenant_of(await self._row(_ADD, uuid4(), name, plan.value))
            if credits:
                await LedgerRepository(self._connection).grant(tenant.id, credits)
        return tenant

    async def get(self, tenant_id: TenantId) -> TenantRecord:
        """The tenant. Raises `NotFoundError`."""
        return tenant_of(_found(await self._row(_GET, tenant_id)))

    async def use(
        self, tenant_id: TenantId, subject: str, n: int = 1
    ) -> tuple[TenantRecord, RequestWindow]:
        """The tenant of `n` requests of a person, which are counted. Raises `NotFoundError`."""
        row = _found(await self._row(_USE, tenant_id, subject, n))
        return tenant_of(row), RequestWindow(row["n_requests"], row["reset_s"])

    async def set_plan(self, tenant_id: TenantId, plan: Plan) -> TenantRecord:
        """Change what it pays for; sessions at hand go on. Raises `NotFoundError`."""
        return tenant_of(_found(await self._row(_SET_PLAN, tenant_id, plan.value)))

    async def account(self, tenant_id: TenantId) -> Account:
        """The tenant's. Raises `NotFoundError`."""
        return _account_of(_found(await self._row(_ACCOUNTS, tenant_id, 1, 0)))

    async def accounts(self, limit: int, offset: int) -> list[Account]:
        """A page of everybody's, newest first."""
        return [_account_of(row) for row in await self._rows(_ACCOUNTS, None, limit, offset)]


def _found(row: asyncpg.Record | None) -> asyncpg.Record:
    if row is None:
        raise NotFoundError("no such tenant")
    return row


def _account_of(row: asyncpg.Record) -> Account:
    return Account(
        tenant_of(row),
        row["balance"],
        row["n_keys"],
        row["n_living"],
        row["n_sessions"],
        Retention.of(row),
    )


def tenant_of(row: asyncpg.Record) -> TenantRecord:
    """A row with the tenant's columns, as a record."""
    return TenantRecord(
        id=TenantId(row["id"]),
        name=row["name"],
        plan=Plan(row["plan"]),
        created_at=row["created_at"],
        suspended_at=row["suspended_at"],
        erased_at=row["erased_at"],
    )
