"""The headers that prove to a tenant's server that a request is ours.

Two signatures go with each request. The older one is an HMAC of the body under the whole secret's
bytes; the one of Standard Webhooks is under the secret's decoded part and covers the id and the
time as well, so that a receiver can refuse a request that is sent again.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final
from uuid import UUID

SECRET_MARK: Final = "whsec_"  # noqa: S105 - what every secret begins with


def signed_headers(
    event: str, request_id: UUID, body: bytes, *, secret: str, at: datetime
) -> dict[str, str]:
    """What a POST of `body` at `at` carries."""
    seconds = str(int(at.timestamp()))
    return {
        "Content-Type": "application/json",
        "X-CallMissed-Event": event,
        "X-CallMissed-Delivery": str(request_id),
        "X-CallMissed-Timestamp": seconds,
        "X-CallMissed-Signature": f"sha256={_hmac(secret.encode(), body).hex()}",
        "webhook-id": str(request_id),
        "webhook-timestamp": seconds,
        "webhook-signature": _standard_signature(request_id, seconds, body, secret),
    }


def _standard_signature(request_id: UUID, seconds: str, body: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    signed = b".".join((str(request_id).encode(), seconds.encode(), body))
    return f"v1,{base64.b64encode(_hmac(key, signed)).decode()}"


def _hmac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()
