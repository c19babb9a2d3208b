"""A way between LiveKit and its participants on which each packet of their media takes its time.

livekit-server tells participants an address that is not its own, where this listens:

    participant ─ 127.0.0.2 ─▶ some time later, in order ─▶ livekit-server ─ 127.0.0.1
                └────────────────── signalling, at once ──▶
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

MEDIA_ADDRESS: Final = "127.0.0.2"
"""All of 127.0.0.0/8 is this machine, on Linux."""
_SERVER_ADDRESS: Final = "127.0.0.1"

Address = tuple[str | Any, int]


class SlowMedia:
    """Carries datagrams both ways; use `before`."""

    def __init__(self, port: int, delay_s: float) -> None:
        self.port = port
        self.delay_s = delay_s
        self.front: asyncio.DatagramTransport
        self.to_server: dict[Address, asyncio.Task[asyncio.DatagramTransport]] = {}

    @classmethod
    @asynccontextmanager
    async def before(cls, port: int, *, delay_s: float) -> AsyncIterator["SlowMedia"]:
        """In front of a server's UDP port until the end of the block."""
        media, loop = cls(port, delay_s), asyncio.get_running_loop()
        media.front, _ = await loop.create_datagram_endpoint(
            lambda: _Front(media), local_addr=(MEDIA_ADDRESS, port)
        )
        try:
            yield media
        finally:
            media.front.close()
            for opening in media.to_server.values():
                (await opening).close()

    def carry(self, packet: bytes, participant: Address) -> None:
        """To the server, by a socket that is this participant's alone."""
        if participant not in self.to_server:
            self.to_server[participant] = asyncio.ensure_future(self._open(participant))
        opening = self.to_server[participant]
        asyncio.get_running_loop().call_later(self.delay_s, _send, opening, packet)

    async def _open(self, participant: Address) -> asyncio.DatagramTransport:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Back(self, participant), remote_addr=(_SERVER_ADDRESS, self.port)
        )
        return transport


def _send(opening: asyncio.Task[asyncio.DatagramTransport], packet: bytes) -> None:
    if opening.done():  # long before, if there was to be a delay
        opening.result().sendto(packet)


class _Front(asyncio.DatagramProtocol):
    def __init__(self, media: SlowMedia) -> None:
        self._media = media

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._media.carry(data, addr)


class _Back(asyncio.DatagramProtocol):
    def __init__(self, media: SlowMedia, participant: Address) -> None:
        self._media = media
        self._participant = participant

    def datagram_received(self, data: bytes, addr: Address) -> None:
        loop, media = asyncio.get_running_loop(), self._media
        loop.call_later(media.delay_s, media.front.sendto, data, self._participant)
