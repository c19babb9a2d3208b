"""One socket to a speech service of Sarvam, from its opening to its end.

    post ─▶ sent in order ┐
    receive ◀─ frames ────┼─ gone: closed, cut, no pong, no answer in time ─▶ receive raises why
    ping, keep-alive ─────┘

Whoever holds it receives at all times, also while it is idle: that is how its end is noticed.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Final, Protocol

from core.errors import ProviderClosed, ProviderError, ProviderTimeout
from core.supervision import STOP_S, see_ended, stop_tasks, tell_end
from pipeline.clock import now
from pipeline.providers.sarvam_errors import NoAnswer

KEEP_ALIVE_S: Final = 20.0
"""The services close sockets that are idle for 60 s, recognition by some reports after 20."""
PING_EVERY_S: Final = 10.0
PONG_WITHIN_S: Final = 5.0
SEND_WITHIN_S: Final = 5.0
CLOSE_WITHIN_S: Final = 1.0
"""For the closing handshake, and once more for what is left of a cut connection."""
OVER_WITHIN_S: Final = 2 * STOP_S + 2 * CLOSE_WITHIN_S
"""The longest that a closing takes: an opening that is called off, then the socket itself."""
OUTGOING_FRAMES: Final = 1000
"""About half a minute of the caller's sound. A full queue means a dead connection."""

Frame = str | bytes


class Wire(Protocol):
    """The part of a WebSocket that is used. All but `abort` raise `ProviderError` once it ended.

    `is_accepted` tells whether the service has taken our key: some refuse it only by a close.
    """

    is_accepted: bool

    async def send(self, frame: Frame) -> None:
        """Send one frame."""

    async def recv(self) -> Frame:
        """The next frame; cancelling loses none."""
        ...

    async def ping(self) -> None:
        """Return when the other side has answered."""

    async def close(self) -> None:
        """Close it, however long the other side takes."""

    def abort(self) -> None:
        """Cut it."""


class Socket:
    """Owns its wire, and two tasks until `close`. `keep_alive` is sent when nothing else is."""

    def __init__(self, wire: Wire, provider: str, keep_alive: Sequence[Frame]) -> None:
        self._wire = wire
        self._provider = provider
        self._keep_alive = keep_alive
        self._failure: ProviderError | None = None
        self._is_lost = self._is_closing = False
        self._opened_at = self._heard_at = now()
        self._overdue: asyncio.TimerHandle | None = None
        self._outgoing: asyncio.Queue[Frame] = asyncio.Queue(OUTGOING_FRAMES)
        self._tasks = [self._start("send", self._send_all()), self._start("ping", self._ping())]

    @property
    def is_open(self) -> bool:
        """Whether it is of use, as far as is known."""
        return self._failure is None and not self._is_lost

    @property
    def age_s(self) -> float:
        """Seconds since it was open."""
        return now() - self._opened_at

    def post(self, *frames: Frame) -> None:
        """Send these after what was posted before, without waiting."""
        for frame in frames:
            if not self.is_open:
                return
            try:
                self._outgoing.put_nowait(frame)
            except asyncio.QueueFull:
                self.fail(ProviderClosed(self._provider, "the connection takes no more"))

    async def receive(self) -> Frame:
        """The next frame. Raises `ProviderError` when it is gone."""
        try:
            frame = await self._wire.recv()
        except ProviderError as exc:
            self.fail(exc)
        if self._failure is not None:
            raise self._failure
        self._heard_at = now()
        return frame

    def expect_by(self, moment: float | None) -> None:
        """It is given up as mute unless this is called again before `moment`; None: nothing is
        owed."""
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None
        if moment is not None:
            mute = NoAnswer(self._provider, "no answer in time")
            self._overdue = asyncio.get_running_loop().call_at(moment, self.fail, mute)

    def fail(self, reason: ProviderError) -> None:
        """Cut it: it is of no use, for the first reason that was given."""
        if self._failure is None:
            self._failure = reason
            self._wire.abort()

    async def answers(self, within_s: float) -> bool:
        """Whether the other side is there, asked now."""
        try:
            return await self._has_pong(within_s)
        except ProviderError:
            return False

    async def close(self) -> None:
        """Be rid of it, within 2 s whatever the other side does. Idempotent."""
        if self._is_closing:
            return
        self._is_closing = True
        self.expect_by(None)
        self._failure = self._failure or ProviderClosed(self._provider, "closed by us")
        await stop_tasks(self._tasks)
        closing = self._start("close", self._wire.close())
        try:
            await asyncio.wait([closing], timeout=CLOSE_WITHIN_S)
        finally:
            self._wire.abort()
            await stop_tasks([closing], within_s=CLOSE_WITHIN_S)

    async def _send_all(self) -> None:
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE_S):
                    frames: Sequence[Frame] = [await self._outgoing.get()]
            except TimeoutError:
                frames = self._keep_alive
            try:
                async with asyncio.timeout(SEND_WITHIN_S):
                    for frame in frames:
                        await self._wire.send(frame)
            except TimeoutError:
                self.fail(ProviderClosed(self._provider, "the connection takes no more"))
                return
            except ProviderError:  # told by `receive`, after what came before it
                self._is_lost = True
                return

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_EVERY_S)
            try:
                if await self._has_pong(PONG_WITHIN_S):
                    continue
                self.fail(ProviderTimeout(self._provider, "no pong"))
            except ProviderError:
                self._is_lost = True
            return

    async def _has_pong(self, within_s: float) -> bool:
        """Whether a ping is answered, or anything else is heard meanwhile."""
        asked_at = now()
        try:
            async with asyncio.timeout(within_s):
                await self._wire.ping()
        except TimeoutError:
            return self._heard_at > asked_at
        return True

    def _start(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=f"{self._provider}-{name}")
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            tell_end(task.get_name(), error)
            self.fail(ProviderClosed(self._provider, "broken"))


class Closings:
    """Sockets that are closed in the background; `over` waits for the last, which takes no time
    to speak of."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, closing: Coroutine[Any, Any, None]) -> None:
        """Begin to close one."""
        task = asyncio.create_task(closing, name="socket-close")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def over(self) -> None:
        """Return when all are closed, or were given up as hanging."""
        await see_ended(self._tasks, within_s=OVER_WITHIN_S)
