"""The headers that prove to a tenant's server that a request is ours.

Two signatures go with each request. The older one is an HMAC of the body under the whole secret's
bytes; the one of Standard Webhooks is under the secret's decoded part and covers the id and the
time as well, so that a receiver can refuse a request that is sent again. Where a rotated secret
still counts, the latter is there once for each; the older one has room for the new secret's alone.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

SECRET_MARK: Final = "whsec_"  # noqa: S105 - what every secret begins with


def signed_headers(
    event: str, request_id: UUID, body: bytes, *, secrets: Sequence[str], at: datetime
) -> dict[str, str]:
    """What a POST of `body` at `at` carries; the first of the `secrets` is the present one."""
    seconds = str(int(at.timestamp()))
    signatures = [_standard_signature(request_id, seconds, body, one) for one in secrets]
    return {
        "Content-Type": "application/json",
        "X-CallMissed-Event": event,
        "X-CallMissed-Delivery": str(request_id),
        "X-CallMissed-Timestamp": seconds,
        "X-CallMissed-Signature": f"sha256={_hmac(secrets[0].encode(), body).hex()}",
        "webhook-id": str(request_id),
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(signatures),
    }


def _standard_signature(request_id: UUID, seconds: str, body: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    signed = b".".join((str(request_id).encode(), seconds.encode(), body))
    return f"v1,{base64.b64encode(_hmac(key, signed)).decode()}"


def _hmac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()
