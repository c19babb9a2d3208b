"""What Sarvam's refusals mean. Their texts are dropped: a failed handshake's holds the API key."""

from typing import Final

from core.errors import (
    ProviderBusy,
    ProviderClosed,
    ProviderError,
    ProviderRefused,
    ProviderTimeout,
)

_KEY_OR_QUOTA: Final = 1003
_REJECTED: Final = 4000
_BUSY: Final = 1013
_BUSY_CODES: Final = {"model_unavailable", "backend_unavailable", "rate_limit_exceeded_error"}
_BUSY_STATUSES: Final = {"408", "429", "500", "503"}


class NoAnswer(ProviderTimeout):
    """The socket is open, and nothing comes of what it was asked."""


def from_close(provider: str, code: int | None, *, is_accepted: bool = True) -> ProviderError:
    """The error of a socket that ended with `code`, None where it was cut.

    The same code stands for a bad key and for a quota; once the key was accepted it is the quota,
    and that heals.
    """
    if code == _KEY_OR_QUOTA:
        kind = ProviderBusy if is_accepted else ProviderRefused
        return kind(provider, f"closed with {code}: key, quota or rate limit")
    if code == _REJECTED:
        return ProviderRefused(provider, f"closed with {code}: a value was rejected")
    if code == _BUSY:
        return ProviderBusy(provider, f"closed with {code}")
    return ProviderClosed(provider, "cut" if code is None else f"closed with {code}")


def from_event(provider: str, code: object, status: object = None) -> ProviderError:
    """The error of an in-band error message. Codes are the provider's vocabulary, not text."""
    shown = str(code)[:40] if code is not None else "no code"
    is_busy = shown in _BUSY_CODES or bool({shown, str(status)} & _BUSY_STATUSES)
    kind = ProviderBusy if is_busy else ProviderRefused
    return kind(provider, f"error event {shown}")
