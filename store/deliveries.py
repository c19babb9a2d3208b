"""The log of deliveries: what was sent, or waits, and what came of each attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from core.errors import NotFoundError
from store.outbox import DeliveryId, WebhookEvent, WebhookId
from store.pages import Listed, ListRepository, Order, Part
from store.records import SessionId, TenantId

_COLUMNS: Final = """
id, webhook_id, session_id, url, event, data, occurred_at, status, status_code, attempts, error,
latency_ms, created_at, delivered_at, next_attempt_at, replay_of"""
# Only constants are filled into these. A tenant's own id is the target of what goes to the
# URLs of its sessions.
_ORDER: Final = Order(("seq",), ("bigint",))
_GET: Final = f"""
SELECT {_COLUMNS} FROM webhook_deliveries WHERE id = $1 AND target = $2"""  # noqa: S608
_ATTEMPTS: Final = """
SELECT number, attempted_at, status_code, error, latency_ms
FROM webhook_attempts WHERE delivery_id = $1 ORDER BY number"""
# To where the endpoint is by now; a session's own URL never changes.
_REPLAY: Final = f"""
INSERT INTO webhook_deliveries
    (id, tenant_id, session_id, webhook_id, url, event, data, occurred_at, replay_of)
SELECT $3, d.tenant_id, d.session_id, d.webhook_id, coalesce(w.url, d.url), d.event, d.data,
       d.occurred_at, d.id
FROM webhook_deliveries d LEFT JOIN webhooks w ON w.id = d.webhook_id
WHERE d.id = $1 AND d.target = $2
RETURNING {_COLUMNS}"""  # noqa: S608


class DeliveryStatus(StrEnum):
    """Whether a delivery is still to be made, was made, or was given up."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A delivery. `status_code`, `error` and `latency_ms` are the last attempt's.

    `webhook_id` None: it goes to the session's own URL. `next_attempt_at` None: it is done with.
    """

    id: DeliveryId
    webhook_id: WebhookId | None
    session_id: SessionId
    url: str
    event: WebhookEvent
    data: dict[str, Any]
    occurred_at: datetime
    status: DeliveryStatus
    status_code: int | None
    attempts: int
    error: str | None
    latency_ms: int | None
    created_at: datetime
    delivered_at: datetime | None
    next_attempt_at: datetime | None
    replay_of: DeliveryId | None


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One attempt; `number` counts from 1."""

    number: int
    attempted_at: datetime
    status_code: int | None
    error: str | None
    latency_ms: int


@dataclass(frozen=True, slots=True)
class Target:
    """Whose log: an endpoint's, or, without one, that of the tenant's sessions' own URLs."""

    tenant_id: TenantId
    webhook_id: WebhookId | None = None

    @property
    def id(self) -> UUID:
        """The `target` of its deliveries."""
        return self.webhook_id or self.tenant_id


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """What all of the listed deliveries have; None does not narrow them down."""

    session_id: SessionId | None = None
    status: DeliveryStatus | None = None

    def condition(self, target: Target) -> tuple[str, Sequence[Any]]:
        """The condition on `webhook_deliveries`, and the arguments that it takes from `$1` on."""
        given = {"session_id": self.session_id, "status": self.status}
        known = {"target": target.id, **{k: v for k, v in given.items() if v is not None}}
        parts = [f"{name} = ${n}" for n, name in enumerate(known, start=1)]
        return " AND ".join(parts), list(known.values())


_ALL: Final = DeliveryFilter()


class DeliveryRepository(ListRepository):
    """Reads the log and asks for replays. An endpoint must be known to be the tenant's."""

    async def list_page(
        self, target: Target, part: Part, wanted: DeliveryFilter = _ALL
    ) -> Listed[DeliveryRecord]:
        """Part of the deliveries that the filter matches, newest first."""
        where, arguments = wanted.condition(target)
        source = f"webhook_deliveries WHERE {where}"
        statement = f"SELECT {_COLUMNS}, seq FROM {source}"  # noqa: S608
        rows, end = await self._part(statement, arguments, part, _ORDER)
        total = await self._total(source, arguments)
        return Listed([_found(row) for row in rows], total, end)

    async def get(
        self, target: Target, delivery_id: DeliveryId
    ) -> tuple[DeliveryRecord, list[AttemptRecord]]:
        """The delivery and its attempts so far, in order. Raises `NotFoundError`."""
        delivery = _found(await self._row(_GET, delivery_id, target.id))
        attempts = [AttemptRecord(**row) for row in await self._rows(_ATTEMPTS, delivery_id)]
        return delivery, attempts

    async def replay(self, target: Target, delivery_id: DeliveryId) -> DeliveryRecord:
        """A new delivery of the same event, to be made now. Raises `NotFoundError`."""
        return _found(await self._row(_REPLAY, delivery_id, target.id, uuid4()))


def _found(row: asyncpg.Record | None) -> DeliveryRecord:
    if row is None:
        raise NotFoundError("no such delivery")
    fields = {name: row[name] for name in DeliveryRecord.__dataclass_fields__}
    return DeliveryRecord(
        **{
            **fields,
            "event": WebhookEvent(row["event"]),
            "status": DeliveryStatus(row["status"]),
        }
    )
