"""Sarvam's recognition sockets, through the `sarvamai` client.

Its own parsing mistypes or refuses messages that the service is known to send, so the inner
socket is handed out and its JSON is read tolerantly by the protocols.
"""

import asyncio
import functools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sarvamai import AsyncSarvamAI
from sarvamai.core.api_error import ApiError
from sarvamai.environment import SarvamAIEnvironment
from websockets.exceptions import WebSocketException

from core.catalog import Language
from core.errors import ProviderClosed, ProviderTimeout
from core.setting_groups import SarvamSettings
from pipeline.providers.http_errors import from_status

PROVIDER: Final = "sarvam-stt"


class Transport(Protocol):
    """The part of a WebSocket that is used."""

    async def send(self, message: str | bytes) -> None:
        """Send one frame."""

    async def recv(self) -> str | bytes:
        """The next frame; raises `ConnectionClosed`."""
        ...


@dataclass(frozen=True, slots=True)
class RecognitionOptions:
    """What a session wants recognised."""

    language: Language
    model: str


@functools.lru_cache(maxsize=2)
def client_of(settings: SarvamSettings) -> AsyncSarvamAI:
    """The client, one a process: making it reads certificates, which takes 30 ms. Its sockets are
    each its user's; it keeps nothing open itself."""
    environment = SarvamAIEnvironment(
        base=settings.api_url, creative=f"{settings.api_url}/dubbing", production=settings.ws_url
    )
    key = settings.api_key.get_secret_value()
    return AsyncSarvamAI(api_subscription_key=key, environment=environment)


@asynccontextmanager
async def opened(channel: Any, timeout_s: float) -> AsyncIterator[Transport]:
    """Open the client's channel in time, its errors translated; the inner socket is what we use."""
    try:
        async with asyncio.timeout(timeout_s):
            socket = await channel.__aenter__()
    except ApiError as exc:
        raise from_status(PROVIDER, exc.status_code or 0) from None
    except TimeoutError as exc:
        raise ProviderTimeout(PROVIDER, "handshake") from exc
    except (OSError, WebSocketException) as exc:
        raise ProviderClosed(PROVIDER, f"no connection: {type(exc).__name__}") from None
    try:
        yield socket._websocket
    finally:
        await channel.__aexit__(None, None, None)


def parse(message: str | bytes) -> dict[str, Any]:
    """The message's object; anything else, which the protocol does not have, reads as empty."""
    try:
        data = json.loads(message)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
