"""What a provider's HTTP statuses mean; the answers' texts are dropped."""

from core.errors import ProviderBusy, ProviderError, ProviderRefused


def from_status(provider: str, status: int) -> ProviderError:
    """The error of an HTTP answer, also to a WebSocket handshake."""
    if status in (408, 429) or status >= 500:
        return ProviderBusy(provider, f"HTTP {status}")
    return ProviderRefused(provider, f"HTTP {status}")
