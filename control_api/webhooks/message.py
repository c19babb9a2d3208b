"""What a receiver gets: the body, and the headers that prove whose it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from control_api.webhooks.answers import Payload
from core.signing import signed_headers
from store.outbox import EVENT_KEYS, WebhookEvent

USER_AGENT: Final = "Vaarta-Webhooks/1"
TEST_EVENT: Final = "test"


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery's content; `id` is the same on every attempt."""

    id: UUID
    event: str
    body: bytes

    def headers(self, secrets: Sequence[str], at: datetime) -> dict[str, str]:
        """The headers of an attempt at `at`, signed with `secrets`, the present one first."""
        signed = signed_headers(self.event, self.id, self.body, secrets=secrets, at=at)
        return {"User-Agent": USER_AGENT, **signed}


def payload_of(event: WebhookEvent, data: Mapping[str, Any], at: datetime) -> Payload:
    """The body of a session's event, its keys in the contract's order."""
    shown = {key: data[key] for key in EVENT_KEYS[event]}
    return Payload.model_construct(event=event, data=shown, timestamp=at)
