"""What a provider's HTTP statuses mean; the answers' texts are dropped."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from core.errors import ProviderBusy, ProviderDenied, ProviderError, ProviderRefused

_DENIALS: Final = (401, 402, 403, 404, 405, 410)
_PASSING: Final = (408, 409, 425, 429)
_QUOTA_MARKS: Final = ("quota", "billing", "credit")
"""In the code of a 429 that no wait heals: `insufficient_quota`, `exceeded_current_quota_error`."""
_MODERATION_MARKS: Final = ("reasons", "flagged_input")
"""In the metadata of a 403 that is about what was said."""


def from_status(
    provider: str, status: int, error: object = None, *, retry_after: str = ""
) -> ProviderError:
    """The error of an HTTP answer, also to a WebSocket handshake.

    `error` is the body's own error object, where there is one.
    """
    reason = f"HTTP {status}"
    details = error if isinstance(error, Mapping) else {}
    if status == 429 and _is_out_of_quota(details):
        return ProviderDenied(provider, f"{reason}, out of quota")
    if status in _PASSING or status >= 500:
        return ProviderBusy(provider, reason, wait_s=seconds_of(retry_after))
    if status in _DENIALS and not _is_moderation(details):
        return ProviderDenied(provider, reason)
    return ProviderRefused(provider, reason)


def seconds_of(retry_after: str) -> float | None:
    """A `Retry-After`, seconds or a date, as seconds from now; None where it says nothing."""
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def _is_out_of_quota(details: Mapping[str, Any]) -> bool:
    codes = f"{details.get('code')} {details.get('type')}".casefold()
    return any(mark in codes for mark in _QUOTA_MARKS)


def _is_moderation(details: Mapping[str, Any]) -> bool:
    metadata = details.get("metadata")
    return isinstance(metadata, Mapping) and any(mark in metadata for mark in _MODERATION_MARKS)
