"""What Sarvam's refusals mean. Their texts are dropped: a failed handshake's holds the API key."""

from typing import Final

from core.errors import ProviderBusy, ProviderClosed, ProviderError, ProviderRefused

_CLOSES_REFUSING: Final = {1003: "key, quota or rate limit", 4000: "a value was rejected"}
_CLOSE_BUSY: Final = 1013
_BUSY_CODES: Final = {"model_unavailable", "backend_unavailable"}


def from_close(provider: str, code: int | None) -> ProviderError:
    """The error of a socket that the server closed."""
    if code in _CLOSES_REFUSING:
        return ProviderRefused(provider, f"closed with {code}: {_CLOSES_REFUSING[code]}")
    if code == _CLOSE_BUSY:
        return ProviderBusy(provider, f"closed with {code}")
    return ProviderClosed(provider, f"closed with {code}")


def from_event(provider: str, code: object, status: object = None) -> ProviderError:
    """The error of an in-band error message. Codes are the provider's vocabulary, not text."""
    shown = str(code)[:40] if code is not None else "no code"
    is_busy = shown in _BUSY_CODES or status in (408, 429, 500, 503) or shown in ("429", "503")
    kind = ProviderBusy if is_busy else ProviderRefused
    return kind(provider, f"error event {shown}")
