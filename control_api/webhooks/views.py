"""Endpoints and deliveries as the API shows them: the contract's keys in the contract's order."""

from collections.abc import Sequence
from typing import Any

from control_api.request.json_values import moment
from control_api.webhooks.message import payload_of
from store.deliveries import AttemptRecord, DeliveryRecord
from store.webhooks import DefaultSecret, WebhookRecord


def webhook_view(webhook: WebhookRecord, secret: str) -> dict[str, Any]:
    """An endpoint; `secret` whole when it has just been made, masked ever after."""
    return {
        "id": str(webhook.id),
        "url": webhook.url,
        "events": [event.value for event in webhook.events],
        "is_active": webhook.is_active,
        "secret": secret,
        "created_at": moment(webhook.created_at),
        "updated_at": moment(webhook.updated_at),
    }


def default_secret_view(kept: DefaultSecret, secret: str) -> dict[str, Any]:
    """What deliveries to the sessions' own URLs are signed with."""
    return {"secret": secret, "created_at": moment(kept.created_at)}


def delivery_view(delivery: DeliveryRecord) -> dict[str, Any]:
    """A delivery of a log."""
    return {
        "id": str(delivery.id),
        "webhook_id": _text(delivery.webhook_id),
        "session_id": str(delivery.session_id),
        "url": delivery.url,
        "event": delivery.event.value,
        "status": delivery.status.value,
        "status_code": delivery.status_code,
        "attempts": delivery.attempts,
        "error": delivery.error,
        "latency_ms": delivery.latency_ms,
        "created_at": moment(delivery.created_at),
        "delivered_at": moment(delivery.delivered_at),
        "next_attempt_at": moment(delivery.next_attempt_at),
        "replay_of": _text(delivery.replay_of),
    }


def whole_delivery_view(
    delivery: DeliveryRecord, attempts: Sequence[AttemptRecord]
) -> dict[str, Any]:
    """One delivery, with what was sent and what came of each attempt."""
    return {
        **delivery_view(delivery),
        "payload": payload_of(delivery.event, delivery.data, delivery.occurred_at),
        "attempt_log": [_attempt_view(one) for one in attempts],
    }


def _attempt_view(attempt: AttemptRecord) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "attempted_at": moment(attempt.attempted_at),
        "status_code": attempt.status_code,
        "error": attempt.error,
        "latency_ms": attempt.latency_ms,
    }


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)
