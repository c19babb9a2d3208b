"""Connections to Sarvam as they are opened, `websockets` below and our errors above.

Recognition's are opened by the `sarvamai` client, whose parsing mistypes or refuses messages that
the service is known to send: its inner connection is what we use. The voice's are opened without
it (see docs/decisions/0017).
"""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from sarvamai import AsyncSarvamAI
from sarvamai.core.api_error import ApiError
from sarvamai.environment import SarvamAIEnvironment
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from core.errors import ProviderClosed, ProviderError, ProviderTimeout
from core.setting_groups import SarvamSettings
from pipeline.providers.http_errors import from_status
from pipeline.providers.sarvam_errors import from_close
from pipeline.providers.sarvam_socket import Frame
from pipeline.providers.tls import socket_trust

# Below that level it writes every header and frame: keys, and what people said.
logging.getLogger("websockets").setLevel(logging.INFO)

MAX_MESSAGE_BYTES: Final = 4 << 20
"""Of one message: the library's own bound, 1 MiB, is 16 s of a voice."""


class WebSocket:
    """Implements `Wire` on a connection of `websockets`, which `leave` closes."""

    def __init__(self, provider: str, connection: Any, leave: Callable[[], Awaitable[Any]]) -> None:
        self.is_accepted = True
        self._provider = provider
        self._connection = connection
        self._leave = leave

    async def send(self, frame: Frame) -> None:
        """Send one frame; waits while the network takes no more."""
        try:
            await self._connection.send(frame)
        except ConnectionClosed as exc:
            raise self._error(exc) from None

    async def recv(self) -> Frame:
        """The next frame."""
        try:
            frame: Frame = await self._connection.recv()
        except ConnectionClosed as exc:
            raise self._error(exc) from None
        return frame

    async def ping(self) -> None:
        """Return when the other side has answered."""
        try:
            await asyncio.shield(await self._connection.ping())
        except ConnectionClosed as exc:
            raise self._error(exc) from None

    async def close(self) -> None:
        """Close it by the protocol, however long the other side takes."""
        await self._leave()

    def abort(self) -> None:
        """Cut it."""
        self._connection.transport.abort()

    def _error(self, exc: ConnectionClosed) -> ProviderError:
        code = exc.rcvd.code if exc.rcvd else None
        return from_close(self._provider, code, is_accepted=self.is_accepted)


@functools.lru_cache(maxsize=2)
def client_of(settings: SarvamSettings) -> AsyncSarvamAI:
    """The client, one a process: making it reads certificates, which takes 30 ms. Its sockets are
    each its user's; it keeps nothing open itself."""
    environment = SarvamAIEnvironment(
        base=settings.api_url, creative=f"{settings.api_url}/dubbing", production=settings.ws_url
    )
    key = settings.api_key.get_secret_value()
    return AsyncSarvamAI(api_subscription_key=key, environment=environment)


def preload() -> None:
    """Load what the client loads when it is made and first asked for recognition: 0.1 s in which
    nothing else runs."""
    client = AsyncSarvamAI(api_subscription_key="none")
    assert client.speech_to_text_realtime_streaming
    assert client.speech_to_text_streaming


async def dial(
    channel: AbstractAsyncContextManager[Any], provider: str, timeout_s: float
) -> WebSocket:
    """Open a channel of the client in time. Raises `ProviderError`."""
    try:
        async with asyncio.timeout(timeout_s):
            socket = await channel.__aenter__()
    except ApiError as exc:
        raise from_status(provider, exc.status_code or 0) from None
    except TimeoutError:
        raise ProviderTimeout(provider, "handshake") from None
    except (OSError, WebSocketException) as exc:
        raise ProviderClosed(provider, f"no connection: {type(exc).__name__}") from None
    return WebSocket(provider, socket._websocket, lambda: channel.__aexit__(None, None, None))


async def dial_directly(settings: SarvamSettings, address: str, provider: str) -> WebSocket:
    """Open a connection without the client. Raises `ProviderError`."""
    url = f"{settings.ws_url}{address}"
    try:
        async with asyncio.timeout(settings.connect_timeout_s):
            connection = await _Connect(
                url,
                additional_headers=settings.headers,
                ssl=socket_trust() if url.startswith("wss:") else None,
                compression=None,
                proxy=None,
                open_timeout=None,
                ping_interval=None,
                close_timeout=None,
                max_size=MAX_MESSAGE_BYTES,
            )
    except InvalidStatus as exc:
        raise from_status(provider, exc.response.status_code) from None
    except TimeoutError:
        raise ProviderTimeout(provider, "handshake") from None
    except (OSError, WebSocketException) as exc:
        raise ProviderClosed(provider, f"no connection: {type(exc).__name__}") from None
    return WebSocket(provider, connection, connection.close)


class _Connect(connect):
    """Follows no redirect: the key would go with it."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc
