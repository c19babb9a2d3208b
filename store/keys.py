"""API keys: made, found by the hash of their plaintext, never stored in the clear."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import uuid4

import asyncpg

from core.errors import NotFoundError
from store.records import KeyId, KeyRecord, Plan, TenantId, TenantRecord
from store.repository import Repository

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

# `last_used_at` is good to a minute, so that a busy key is not a hot row.
_FIND: Final = """
WITH used AS (
    UPDATE api_keys SET last_used_at = now()
    WHERE hash = $1 AND is_active AND (expires_at IS NULL OR expires_at > now())
      AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
)
SELECT k.id, k.tenant_id, k.name, k.prefix, k.hash, k.permissions, k.scopes, k.allowed_domains,
       k.allowed_models, k.rate_limit_rpm, k.budget_limit, k.budget_used, k.is_active,
       k.expires_at, k.last_used_at, k.created_at,
       t.name AS tenant_name, t.plan AS tenant_plan, t.created_at AS tenant_created_at
FROM api_keys k JOIN tenants t ON t.id = k.tenant_id
WHERE k.hash = $1"""


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


class KeyRepository(Repository):
    """Makes and finds API keys."""

    async def create(self, key: NewKey) -> tuple[KeyRecord, str]:
        """Make a key; the second value is its plaintext, seen here and never again.

        Raises `ConflictError` for an unknown tenant.
        """
        plaintext = _MARK + secrets.token_urlsafe(_RANDOM_BYTES)
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
        return _key_of(row), plaintext

    async def find(self, plaintext: str) -> tuple[KeyRecord, TenantRecord]:
        """The key and its tenant, whether it still counts or not. Raises `NotFoundError`."""
        digest = _hash(plaintext)
        row = await self._row(_FIND, digest)
        if row is None or not hmac.compare_digest(row["hash"], digest):
            raise NotFoundError("no such key")
        tenant = TenantRecord(
            id=TenantId(row["tenant_id"]),
            name=row["tenant_name"],
            plan=Plan(row["tenant_plan"]),
            created_at=row["tenant_created_at"],
        )
        return _key_of(row), tenant


def _hash(plaintext: str) -> bytes:
    return hashlib.sha256(plaintext.encode()).digest()


def _key_of(row: asyncpg.Record) -> KeyRecord:
    fields = {name: row[name] for name in KeyRecord.__dataclass_fields__}
    return KeyRecord(**{**fields, "id": KeyId(row["id"]), "tenant_id": TenantId(row["tenant_id"])})
