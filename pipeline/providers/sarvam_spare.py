"""A socket that is open before it is needed, so that a reply does not pay for a handshake.

opening ─▶ waiting, read all the time ─take─▶ a reply ─offer─▶ waiting
   ▲            └─ gone, or speaks unasked ─┐
   └──────── at once, or later each time ◀──┘
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

from core.errors import ProviderClosed, ProviderError
from core.supervision import Tasks, see_ended, stop_tasks
from pipeline.providers.sarvam_socket import Closings, Frame, Socket

log = logging.getLogger(__name__)

SETTLED_S: Final = 10.0
"""One that lived for so long is made anew at once, another later each time."""
LONGEST_WAIT_S: Final = 20.0
PONG_WITHIN_S: Final = 0.3
"""Where a socket has just broken, the network may have gone with it: the spare is asked first."""


class Spare:
    """At most one socket. `is_stray` tells whether a frame means that it is not as good as new."""

    def __init__(
        self,
        connect: Callable[[], Coroutine[Any, Any, Socket]],
        is_stray: Callable[[Frame], bool],
        tasks: Tasks,
    ) -> None:
        self._connect = connect
        self._is_stray = is_stray
        self._tasks = tasks
        self._opening: asyncio.Task[Socket] | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._closings = Closings()

    def warm(self) -> None:
        """Have one, from now on."""
        if self._keeping is None or self._keeping.done():
            self._keeping = self._tasks.start("voice-spare", self._keep(self._opening))

    def offer(self, socket: Socket) -> None:
        """Keep this one in place of another."""
        self.drop()
        self._opening = asyncio.create_task(_itself(socket), name="voice-spare-ready")
        self.warm()

    def drop(self) -> None:
        """Have none."""
        if (opening := self._let_go()) is not None:
            self._closings.start(_close(opening))

    async def take(self, *, must_answer: bool = False) -> Socket:
        """The spare, or where it cannot be had a new one. Raises `ProviderError`."""
        keeping, opening = self._keeping, self._let_go()
        if opening is None:
            return await self._connect()
        try:
            if keeping is not None:  # it reads the socket to its last moment
                await see_ended([keeping], within_s=PONG_WITHIN_S)
            socket = await asyncio.shield(opening)
            is_read = keeping is not None and not keeping.done()
            if (
                not is_read
                and socket.is_open
                and (not must_answer or await socket.answers(PONG_WITHIN_S))
            ):
                return socket
        except ProviderError as exc:
            log.info("voice.spare_missing", extra={"reason": exc.reason})
        except asyncio.CancelledError:
            self._closings.start(_close(opening))
            raise
        self._closings.start(_close(opening))
        return await self._connect()

    def close_later(self, socket: Socket) -> None:
        """Close a socket that nobody needs, in the background."""
        self._closings.start(socket.close())

    async def close(self) -> None:
        """Have none, and wait until all are closed."""
        self.drop()
        await self._closings.over()

    def _let_go(self) -> asyncio.Task[Socket] | None:
        """Whose it is now has to read it."""
        keeping, self._keeping = self._keeping, None
        if keeping is not None:
            keeping.cancel()
        opening, self._opening = self._opening, None
        return opening

    async def _keep(self, opening: asyncio.Task[Socket] | None) -> None:
        wait_s = 0.0
        while True:
            if opening is None:
                await asyncio.sleep(wait_s)
                opening = asyncio.create_task(self._connect(), name="voice-spare-opening")
            self._opening = opening
            await asyncio.wait([opening])
            lived_s = await self._watch(opening)
            self._opening = opening = None
            wait_s = 0.0 if lived_s >= SETTLED_S else min(2 * wait_s + 0.5, LONGEST_WAIT_S)

    async def _watch(self, opening: asyncio.Task[Socket]) -> float:
        """Read it until it is of no more use; how old it was."""
        try:
            socket = opening.result()
        except ProviderError as exc:
            log.info("voice.spare_missing", extra={"reason": exc.reason})
            return 0.0
        try:
            while not self._is_stray(await socket.receive()):
                pass
            raise ProviderClosed("voice", "spoke unasked")
        except ProviderError as exc:
            log.info("voice.spare_lost", extra={"reason": exc.reason})
        self.close_later(socket)
        return socket.age_s


async def _itself(socket: Socket) -> Socket:
    return socket


async def _close(opening: asyncio.Task[Socket]) -> None:
    """Close it wherever it is on its way."""
    await stop_tasks([opening])
    if opening.done() and not opening.cancelled() and opening.exception() is None:
        await opening.result().close()
