"""Tenants."""

from decimal import Decimal
from typing import Final
from uuid import uuid4

import asyncpg

from core.errors import NotFoundError
from store.ledger import LedgerRepository
from store.records import Plan, TenantId, TenantRecord
from store.repository import Repository

_ADD: Final = """
INSERT INTO tenants (id, name, plan) VALUES ($1, $2, $3)
RETURNING id, name, plan, created_at"""
_GET: Final = "SELECT id, name, plan, created_at FROM tenants WHERE id = $1"


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
        row = await self._row(_GET, tenant_id)
        if row is None:
            raise NotFoundError("no such tenant")
        return tenant_of(row)


def tenant_of(row: asyncpg.Record) -> TenantRecord:
    """A row with the tenant's columns, as a record."""
    return TenantRecord(
        id=TenantId(row["id"]),
        name=row["name"],
        plan=Plan(row["plan"]),
        created_at=row["created_at"],
    )
