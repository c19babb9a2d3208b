"""Registered endpoints and default secrets; secrets come and go sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from core.errors import NotFoundError
from store.caps import LOCK_TENANT, require_room
from store.outbox import WebhookEvent, WebhookId
from store.pages import Listed, ListRepository, Part
from store.records import TenantId

_COLUMNS: Final = """
id, tenant_id, url, events, is_active, sealed_secret, created_at, updated_at, failing_since,
disabled_at,
CASE WHEN rotated_at > now() - interval '24 h' THEN previous_sealed_secret END
    AS previous_sealed_secret"""
# Only the constant above is filled into these.
_ADD: Final = f"""
INSERT INTO webhooks (id, tenant_id, url, events, is_active, sealed_secret)
VALUES ($1, $2, $3, $4, $5, $6)
RETURNING {_COLUMNS}"""  # noqa: S608
_THIS: Final = "id = $1 AND tenant_id = $2 AND deleted_at IS NULL"
_GET: Final = f"SELECT {_COLUMNS} FROM webhooks WHERE {_THIS}"  # noqa: S608
_OF_TENANT: Final = "webhooks WHERE tenant_id = $1 AND deleted_at IS NULL"
_LIST: Final = f"SELECT {_COLUMNS} FROM {_OF_TENANT}"  # noqa: S608
_CHANGE: Final = f"""
UPDATE webhooks
SET url = coalesce($3, url), events = coalesce($4::text[], events),
    is_active = coalesce($5, is_active), sealed_secret = coalesce($6, sealed_secret),
    previous_sealed_secret = CASE WHEN $6 IS NULL THEN previous_sealed_secret
                                  ELSE sealed_secret END,
    rotated_at = CASE WHEN $6 IS NULL THEN rotated_at ELSE now() END,
    failing_since = CASE WHEN $5 OR $3 IS NOT NULL THEN NULL ELSE failing_since END,
    disabled_at = CASE WHEN $5 THEN NULL ELSE disabled_at END,
    updated_at = now()
WHERE {_THIS}
RETURNING {_COLUMNS}"""  # noqa: S608
# Nobody finds it any more, nothing is sent to it; the rows go in `store.pruning`.
_DELETE: Final = f"""
UPDATE webhooks SET deleted_at = now(), is_active = false WHERE {_THIS} RETURNING id"""  # noqa: S608
# The first of two that come at once is kept; both get the one that is kept.
_DEFAULT_SECRET: Final = """
INSERT INTO webhook_default_secrets AS s (tenant_id, sealed_secret) VALUES ($1, $2)
ON CONFLICT (tenant_id) DO UPDATE SET sealed_secret = s.sealed_secret
RETURNING sealed_secret, created_at,
    CASE WHEN created_at > now() - interval '24 h' THEN previous_sealed_secret END
        AS previous_sealed_secret"""  # noqa: S105 - a statement
_ROTATE_DEFAULT_SECRET: Final = """
INSERT INTO webhook_default_secrets AS s (tenant_id, sealed_secret) VALUES ($1, $2)
ON CONFLICT (tenant_id) DO UPDATE
SET sealed_secret = excluded.sealed_secret, created_at = now(),
    previous_sealed_secret = s.sealed_secret
RETURNING sealed_secret, created_at, previous_sealed_secret"""  # noqa: S105 - a statement


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An endpoint about to be registered."""

    id: WebhookId
    tenant_id: TenantId
    url: str
    events: Sequence[WebhookEvent]
    sealed_secret: bytes
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """What an endpoint is to be from now on; None leaves it."""

    url: str | None = None
    events: Sequence[WebhookEvent] | None = None
    is_active: bool | None = None
    sealed_secret: bytes | None = None


@dataclass(frozen=True, slots=True)
class WebhookRecord:
    """A registered endpoint. `previous_sealed_secret` signs as well, for a day after a rotation.
    `failing_since`: deliveries have been given up since then, and none has succeeded."""

    id: WebhookId
    tenant_id: TenantId
    url: str
    events: tuple[WebhookEvent, ...]
    is_active: bool
    sealed_secret: bytes
    created_at: datetime
    updated_at: datetime
    previous_sealed_secret: bytes | None
    failing_since: datetime | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class DefaultSecret:
    """What deliveries to the URLs of a tenant's sessions are signed with; the previous one for a
    day after a rotation."""

    sealed_secret: bytes
    created_at: datetime
    previous_sealed_secret: bytes | None


class WebhookRepository(ListRepository):
    """Registers, changes and finds endpoints; keeps default secrets."""

    async def require_room(self, tenant_id: TenantId, most: int | None) -> None:
        """Keep a place for one more until the transaction ends. Raises `CapReached`."""
        await self._row(LOCK_TENANT, tenant_id)
        total = await self._total(_OF_TENANT, [tenant_id])
        require_room("webhook endpoints", most, total.n)

    async def add(self, webhook: NewWebhook) -> WebhookRecord:
        """Register an endpoint. Raises `ConflictError` for an unknown tenant."""
        return _found(
            await self._row(
                _ADD,
                webhook.id,
                webhook.tenant_id,
                webhook.url,
                list(webhook.events),
                webhook.is_active,
                webhook.sealed_secret,
            )
        )

    async def get(self, tenant_id: TenantId, webhook_id: WebhookId) -> WebhookRecord:
        """The tenant's endpoint. Raises `NotFoundError`, also for another tenant's."""
        return _found(await self._row(_GET, webhook_id, tenant_id))

    async def list_page(self, tenant_id: TenantId, part: Part) -> Listed[WebhookRecord]:
        """Part of the tenant's endpoints, newest first."""
        rows, end = await self._part(_LIST, [tenant_id], part)
        total = await self._total(_OF_TENANT, [tenant_id])
        return Listed([_found(row) for row in rows], total, end)

    async def change(
        self, tenant_id: TenantId, webhook_id: WebhookId, change: WebhookChange
    ) -> WebhookRecord:
        """The endpoint as changed. Raises `NotFoundError`."""
        events = None if change.events is None else list(change.events)
        row = await self._row(
            _CHANGE,
            webhook_id,
            tenant_id,
            change.url,
            events,
            change.is_active,
            change.sealed_secret,
        )
        return _found(row)

    async def delete(self, tenant_id: TenantId, webhook_id: WebhookId) -> None:
        """Forget the endpoint, what waits for it and its log. Raises `NotFoundError`."""
        if await self._row(_DELETE, webhook_id, tenant_id) is None:
            raise NotFoundError("no such webhook")

    async def default_secret(self, tenant_id: TenantId, fresh: bytes) -> DefaultSecret:
        """The tenant's default secret; `fresh` becomes it where there was none."""
        return _secret_of(await self._row(_DEFAULT_SECRET, tenant_id, fresh))

    async def rotate_default_secret(self, tenant_id: TenantId, fresh: bytes) -> DefaultSecret:
        """Make `fresh` the tenant's default secret."""
        return _secret_of(await self._row(_ROTATE_DEFAULT_SECRET, tenant_id, fresh))


def _found(row: asyncpg.Record | None) -> WebhookRecord:
    if row is None:
        raise NotFoundError("no such webhook")
    return WebhookRecord(**{**row, "events": tuple(map(WebhookEvent, row["events"]))})


def _secret_of(row: asyncpg.Record | None) -> DefaultSecret:
    assert row is not None
    return DefaultSecret(**row)
