"""What tests of webhooks begin with: endpoints, sessions that tell, a sender."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from pydantic import SecretStr

from control_api.webhooks.courier import Courier
from control_api.webhooks.sender import Sender, SenderParts
from core.addresses import (
    AddressGuard,
    Lookup,
    Policy,
    SystemLookup,
    anything_goes,
)
from core.rights import Plan
from core.setting_groups import WebhookSettings
from store.deliveries import AttemptRecord, DeliveryRecord, DeliveryRepository, Target
from store.outbox import WebhookEvent, WebhookId
from store.pages import Part
from store.pool import Database
from store.records import EndReason, NewSession, SessionId, SessionRecord, TenantId
from store.sealing import Sealer
from store.secrets import SecretBox
from store.sessions import SessionRepository
from store.tenants import TenantRepository
from store.webhooks import NewWebhook, WebhookRepository
from tests.integration.rows import create_session

BOX: Final = SecretBox(Sealer(SecretStr("a key for tests, of 32 bytes or more")))
QUICK: Final = WebhookSettings(timeout_s=5.0, retry_waits="0.01,0.01,0.01,0.01", poll_s=0.02)


@dataclass(frozen=True)
class Shop:
    """A tenant whose sessions tell of themselves."""

    database: Database
    tenant_id: TenantId

    @classmethod
    async def opened(cls, database: Database) -> "Shop":
        """A new tenant."""
        async with database.connection() as connection:
            tenant = await TenantRepository(connection).add("Asha's shop", Plan.ENTERPRISE)
        return cls(database, tenant.id)

    async def session(
        self, webhook_url: str | None = None, metadata: Mapping[str, Any] | None = None
    ) -> SessionId:
        """A new session."""
        new = NewSession(
            id=SessionId(uuid4()),
            tenant_id=self.tenant_id,
            config={"llm_model": "kimi-k2.5", "voice": "shubh", "language": "en-IN"},
            room_name=f"voice-{uuid4().hex}",
            metadata=None if metadata is None else dict(metadata),
            webhook_url=webhook_url,
        )
        async with self.database.connection() as connection:
            return (await create_session(connection, new)).id

    async def begin(self, session_id: SessionId) -> SessionRecord | None:
        """Mark it active."""
        async with self.database.connection() as connection:
            return await SessionRepository(connection).mark_active(session_id, {})

    async def end(
        self, session_id: SessionId, reason: EndReason = EndReason.CALLER_HANGUP
    ) -> SessionRecord | None:
        """End it."""
        async with self.database.connection() as connection:
            return await SessionRepository(connection).end_session(session_id, reason)

    async def endpoint(self, url: str, *events: WebhookEvent) -> tuple[WebhookId, str]:
        """Register an endpoint, for all events when none is named; its id and secret."""
        webhook_id = WebhookId(uuid4())
        secret = BOX.make(webhook_id)
        new = NewWebhook(
            webhook_id, self.tenant_id, url, events or tuple(WebhookEvent), secret.sealed
        )
        async with self.database.connection() as connection:
            await WebhookRepository(connection).add(new)
        return webhook_id, secret.plaintext

    async def default_secret(self) -> str:
        """The plaintext of the tenant's default secret."""
        async with self.database.connection() as connection:
            kept = await WebhookRepository(connection).default_secret(
                self.tenant_id, BOX.make(self.tenant_id).sealed
            )
        return BOX.open(kept.sealed_secret, self.tenant_id)

    async def deliveries(self, webhook_id: WebhookId | None = None) -> list[DeliveryRecord]:
        """The log, oldest first."""
        async with self.database.connection() as connection:
            target = Target(self.tenant_id, webhook_id)
            listed = await DeliveryRepository(connection).list_page(target, Part(limit=5000))
        return list(reversed(listed.rows))

    async def attempts(self, delivery: DeliveryRecord) -> list[AttemptRecord]:
        """What came of each attempt."""
        target = Target(self.tenant_id, delivery.webhook_id)
        async with self.database.connection() as connection:
            _, attempts = await DeliveryRepository(connection).get(target, delivery.id)
        return attempts

    async def is_told(self, webhook_id: WebhookId | None = None) -> bool:
        """Whether nothing waits any more."""
        return all(one.status != "pending" for one in await self.deliveries(webhook_id))


@asynccontextmanager
async def running_sender(
    database: Database,
    settings: WebhookSettings = QUICK,
    *,
    allows: Policy = anything_goes,
    lookup: Lookup | None = None,
) -> AsyncIterator[Sender]:
    """A sender of the test's own while the block lasts."""
    system = SystemLookup()
    try:
        async with Courier.opened(
            AddressGuard(allows, lookup or system), settings.timeout_s
        ) as courier:
            parts = SenderParts(database, courier, BOX)
            async with Sender.running(parts, settings) as sender:
                yield sender
    finally:
        system.close()
