"""Endpoints and the log of deliveries as the API shows them."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from control_api.request.shown import WHERE_ANY, Moment, Shown
from store.deliveries import DeliveryStatus
from store.outbox import WebhookEvent


class Webhook(Shown):
    """An endpoint that events are sent to."""

    id: UUID
    url: str
    events: list[WebhookEvent]
    is_active: bool
    secret: str | None
    """Whole in the answer that made it, masked ever after. Null: it was sealed with a key that this
    server no longer has, nothing is signed with it; rotate it."""
    created_at: Moment
    updated_at: Moment
    failing_since: Annotated[Moment | None, WHERE_ANY] = None
    """Since when deliveries have been given up, and none has succeeded; there only when so."""
    disabled_at: Annotated[Moment | None, WHERE_ANY] = None
    """When it was switched off because that had gone on for days; there only when it was. Switch it
    on with `is_active`."""


class DefaultSecret(Shown):
    """What deliveries to the sessions' own URLs are signed with."""

    secret: str | None
    """Whole in the answer that made it, masked ever after. Null: it was sealed with a key that this
    server no longer has, nothing is signed with it; rotate it."""
    created_at: Moment


class WebhookTest(Shown):
    """What came of a test."""

    success: bool
    status_code: int | None
    latency_ms: int | None = Field(ge=0)
    error: str | None


class Delivery(Shown):
    """One event on its way to one address."""

    id: UUID
    """In X-CallMissed-Delivery and webhook-id, the same at every attempt."""
    webhook_id: UUID | None
    """Null: the session's own URL."""
    session_id: UUID
    url: str
    event: WebhookEvent
    status: DeliveryStatus
    status_code: int | None
    attempts: int = Field(ge=0)
    error: str | None
    latency_ms: int | None = Field(ge=0)
    created_at: Moment
    delivered_at: Moment | None
    next_attempt_at: Moment | None
    replay_of: UUID | None


class Attempt(Shown):
    """One attempt of a delivery."""

    number: int = Field(ge=1)
    attempted_at: Moment
    status_code: int | None
    error: str | None
    latency_ms: int | None = Field(ge=0)


class Payload(Shown):
    """What is sent."""

    event: WebhookEvent
    data: dict[str, Any]
    timestamp: Moment


class WholeDelivery(Delivery):
    """A delivery with what was sent and what came of each attempt."""

    payload: Payload
    attempt_log: list[Attempt]
