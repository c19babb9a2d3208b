"""API keys: made, found and counted by the hash of their plaintext, which is never stored."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import uuid4

import asyncpg

from core.errors import NotFoundError
from core.rights import Plan
from store.pages import Listed, ListRepository, Part
from store.records import KeyId, KeyRecord, TenantId, TenantRecord
from store.windows import COUNT_MORE, RequestWindow

_MARK: Final = "cm_live_"
_RANDOM_BYTES: Final = 32  # 43 url-safe characters
_SHOWN_CHARACTERS: Final = len(_MARK) + 4

_COLUMNS: Final = """
id, tenant_id, name, prefix, hash, permissions, scopes, allowed_domains, allowed_models,
rate_limit_rpm, budget_limit, budget_used, is_active, expires_at, last_used_at, created_at"""
_ADD: Final = f"""
INSERT INTO api_keys (id, tenant_id, name, prefix, hash, permissions, scopes, allowed_domains,
                      allowed_models, rate_limit_rpm, budget_limit, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING {_COLUMNS}"""  # noqa: S608 - only a constant is filled in

_GET: Final = f"""
SELECT {_COLUMNS} FROM api_keys
WHERE id = $1 AND tenant_id = $2 AND revoked_at IS NULL"""  # noqa: S608
_OF_TENANT: Final = "api_keys WHERE tenant_id = $1 AND revoked_at IS NULL"
_LIST: Final = f"SELECT {_COLUMNS} FROM {_OF_TENANT}"  # noqa: S608
# What may be changed, and to a column's name only what stands here becomes.
_CHANGEABLE: Final = (
    "name",
    "permissions",
    "scopes",
    "allowed_domains",
    "allowed_models",
    "rate_limit_rpm",
    "budget_limit",
    "is_active",
    "expires_at",
)
_ROTATE: Final = f"""
UPDATE api_keys SET hash = $3, prefix = $4
WHERE id = $1 AND tenant_id = $2 AND revoked_at IS NULL RETURNING {_COLUMNS}"""  # noqa: S608
_REVOKE: Final = """
UPDATE api_keys SET is_active = false, revoked_at = now()
WHERE id = $1 AND tenant_id = $2 AND revoked_at IS NULL RETURNING id"""

# `last_used_at` is good to a minute, so that a busy key's logged row is not a hot one; the minute
# at hand is counted in a row of its own.
_USE: Final = f"""
WITH found AS (
    SELECT k.id, k.tenant_id, k.name, k.prefix, k.hash, k.permissions, k.scopes,
           k.allowed_domains, k.allowed_models, k.rate_limit_rpm, k.budget_limit, k.budget_used,
           k.is_active, k.expires_at, k.last_used_at, k.created_at,
           k.is_active AND (k.expires_at IS NULL OR k.expires_at > now()) AS counts,
           t.name AS tenant_name, t.plan AS tenant_plan, t.created_at AS tenant_created_at,
           t.suspended_at AS tenant_suspended_at
    FROM api_keys k JOIN tenants t ON t.id = k.tenant_id
    WHERE k.hash = $1
), used AS (
    UPDATE api_keys k SET last_used_at = now() FROM found
    WHERE k.id = found.id AND found.counts
      AND (found.last_used_at IS NULL OR found.last_used_at < now() - interval '1 minute')
), counted AS (
    INSERT INTO key_windows AS w (key_id, started_at, n_requests)
    SELECT id, now(), $2 FROM found WHERE counts
    ON CONFLICT (key_id) {COUNT_MORE}
)
SELECT * FROM found LEFT JOIN counted ON true"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class UsedKey:
    """A key that came with a request; `window` is None when the key counts no more."""

    key: KeyRecord
    tenant: TenantRecord
    window: RequestWindow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key about to be made. The four lists are csv; `*` is everything."""

    tenant_id: TenantId
    name: str
    permissions: str = "*"
    scopes: str = ""
    allowed_domains: str = "*"
    allowed_models: str = "*"
    rate_limit_rpm: int | None = None
    budget_limit: Decimal | None = None
    expires_at: datetime | None = None


class KeyRepository(ListRepository):
    """Makes, finds, changes and revokes API keys; a revoked one is nowhere to be found."""

    async def create(self, key: NewKey) -> tuple[KeyRecord, str]:
        """Make a key; the second value is its plaintext, seen here and never again.

        Raises `ConflictError` for an unknown tenant.
        """
        plaintext = _new_plaintext()
        row = await self._row(
            _ADD,
            uuid4(),
            key.tenant_id,
            key.name,
            plaintext[:_SHOWN_CHARACTERS],
            _hash(plaintext),
            key.permissions,
            key.scopes,
            key.allowed_domains,
            key.allowed_models,
            key.rate_limit_rpm,
            key.budget_limit,
            key.expires_at,
        )
        return _found(row), plaintext

    async def get(self, tenant_id: TenantId, key_id: KeyId) -> KeyRecord:
        """The tenant's key. Raises `NotFoundError`, also for another tenant's."""
        return _found(await self._row(_GET, key_id, tenant_id))

    async def list_page(self, tenant_id: TenantId, part: Part) -> Listed[KeyRecord]:
        """Part of the tenant's keys, newest first."""
        rows, end = await self._part(_LIST, [tenant_id], part)
        total = await self._total(_OF_TENANT, [tenant_id])
        return Listed([_key_of(row) for row in rows], total, end)

    async def change(
        self, tenant_id: TenantId, key_id: KeyId, changes: Mapping[str, object]
    ) -> KeyRecord:
        """The key with the fields in `changes`; None clears a limit. Raises `NotFoundError`."""
        names = [name for name in _CHANGEABLE if name in changes]
        if not names:
            return await self.get(tenant_id, key_id)
        columns = ", ".join(f"{name} = ${n}" for n, name in enumerate(names, start=3))
        statement = f"""
UPDATE api_keys SET {columns}
WHERE id = $1 AND tenant_id = $2 AND revoked_at IS NULL RETURNING {_COLUMNS}"""  # noqa: S608
        values = [changes[name] for name in names]
        return _found(await self._row(statement, key_id, tenant_id, *values))

    async def rotate(self, tenant_id: TenantId, key_id: KeyId) -> tuple[KeyRecord, str]:
        """Give the key a new plaintext, the second value; the old one is worth nothing at once.

        Raises `NotFoundError`.
        """
        plaintext = _new_plaintext()
        shown = plaintext[:_SHOWN_CHARACTERS]
        row = await self._row(_ROTATE, key_id, tenant_id, _hash(plaintext), shown)
        return _found(row), plaintext

    async def revoke(self, tenant_id: TenantId, key_id: KeyId) -> None:
        """End the key for good. Raises `NotFoundError`."""
        if await self._row(_REVOKE, key_id, tenant_id) is None:
            raise NotFoundError("no such key")

    async def use(self, plaintext: str, n: int = 1) -> UsedKey:
        """The key of `n` requests, which are counted. Raises `NotFoundError`."""
        digest = _hash(plaintext)
        row = await self._row(_USE, digest, n)
        if row is None or not hmac.compare_digest(row["hash"], digest):
            raise NotFoundError("no such key")
        tenant = TenantRecord(
            id=TenantId(row["tenant_id"]),
            name=row["tenant_name"],
            plan=Plan(row["tenant_plan"]),
            created_at=row["tenant_created_at"],
            suspended_at=row["tenant_suspended_at"],
        )
        n_requests = row["n_requests"]
        window = None if n_requests is None else RequestWindow(n_requests, row["reset_s"])
        return UsedKey(_key_of(row), tenant, window)


def _new_plaintext() -> str:
    return _MARK + secrets.token_urlsafe(_RANDOM_BYTES)


def _hash(plaintext: str) -> bytes:
    return hashlib.sha256(plaintext.encode()).digest()


def _found(row: asyncpg.Record | None) -> KeyRecord:
    if row is None:
        raise NotFoundError("no such key")
    return _key_of(row)


def _key_of(row: asyncpg.Record) -> KeyRecord:
    fields = {name: row[name] for name in KeyRecord.__dataclass_fields__}
    return KeyRecord(**{**fields, "id": KeyId(row["id"]), "tenant_id": TenantId(row["tenant_id"])})
