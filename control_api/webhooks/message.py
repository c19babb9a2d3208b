"""What a receiver gets: the body, and the headers that prove whose it is.

Two signatures go with each attempt. The older one is an HMAC of the body under the whole secret's
bytes; the one of Standard Webhooks is under the secret's decoded part and covers the id and the
time of the attempt as well, so that a receiver can refuse a replayed request.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from control_api.views import moment
from control_api.webhooks.secrets import SECRET_MARK
from store.outbox import EVENT_KEYS, WebhookEvent

USER_AGENT: Final = "Vaarta-Webhooks/1"
TEST_EVENT: Final = "test"


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery's content; `id` is the same on every attempt."""

    id: UUID
    event: str
    body: bytes

    def headers(self, secret: str, at: datetime) -> dict[str, str]:
        """The headers of an attempt at `at`, signed with `secret`."""
        seconds = str(int(at.timestamp()))
        return {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            "X-CallMissed-Event": self.event,
            "X-CallMissed-Delivery": str(self.id),
            "X-CallMissed-Timestamp": seconds,
            "X-CallMissed-Signature": f"sha256={_hmac(secret.encode(), self.body).hex()}",
            "webhook-id": str(self.id),
            "webhook-timestamp": seconds,
            "webhook-signature": self._standard_signature(secret, seconds),
        }

    def _standard_signature(self, secret: str, seconds: str) -> str:
        key = base64.b64decode(secret.removeprefix(SECRET_MARK))
        signed = b".".join((str(self.id).encode(), seconds.encode(), self.body))
        return f"v1,{base64.b64encode(_hmac(key, signed)).decode()}"


def payload_of(event: WebhookEvent, data: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The body of a session's event, its keys in the contract's order."""
    shown = {key: data[key] for key in EVENT_KEYS[event]}
    return {"event": event.value, "data": shown, "timestamp": moment(at)}


def encode(payload: Mapping[str, Any]) -> bytes:
    """The bytes that are signed and sent."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _hmac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()
