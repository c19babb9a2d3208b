"""Supervision: parts are started, watched, and ended in order."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final, TypeVar

from cli.dev import guard
from cli.dev.console_log import ConsoleLog
from cli.dev.part import Part, PartDied, PartSpec, StartError
from cli.dev.restarts import MOST_DEATHS, WINDOW_S, Restarts
from core.supervision import stop_tasks

T = TypeVar("T")

# Who uses whom: the worker everything, the API all but the worker, nobody Postgres last.
STOP_ORDER: Final = ("worker", "api", "sandbox", "livekit", "postgres")


@dataclass(frozen=True)
class _Kept:
    """What is done when a part that is kept has died."""

    on_restart: Callable[[Part], None]
    restarts: Restarts = field(default_factory=Restarts)


class Supervisor:
    """Owns every child of `vaarta dev`; `stop_all` leaves none of them.

    A part that ends before `stop_all` is a death; `death` waits for the first one. The death of a
    part that is kept only counts when it comes too often; `restarted` is set at each new start.
    A part that cannot be watched any more, for whatever reason, counts as dead.
    """

    def __init__(self, log: ConsoleLog) -> None:
        self._log = log
        self._parts: list[Part] = []
        self._kept: dict[str, _Kept] = {}
        self._watchers: set[asyncio.Task[None]] = set()
        self.restarted: Final = asyncio.Event()
        self._death: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
        self._guard: asyncio.subprocess.Process | None = None
        self._is_stopping = False

    @property
    def pids(self) -> dict[str, int]:
        """Name → process id of the parts that are watched."""
        return {part.spec.name: part.pid for part in self._parts}

    async def start_guard(self) -> None:
        """Start the process that ends the parts if this one is killed. Call before any part."""
        self._guard = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(Path(guard.__file__)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )

    async def start(self, spec: PartSpec) -> Part:
        """Start and watch a part. Raises `StartError`."""
        part = await self._spawn(spec)
        self._parts.append(part)
        self._watch_over(part)
        return part

    def keep(self, part: Part, on_restart: Callable[[Part], None]) -> None:
        """From now on start it again when it dies; `on_restart` gets the new one, just started."""
        self._kept[part.spec.name] = _Kept(on_restart)

    async def run(self, spec: PartSpec) -> None:
        """Run a tool to its end. Raises `StartError` with its last lines when it fails."""
        part = await self._spawn(spec)
        self._parts.append(part)
        exit_code = await part.wait()
        await self._bury(part)
        self._parts.remove(part)
        if exit_code != 0:
            raise StartError(str(PartDied(spec.name, exit_code, tuple(part.tail))))

    async def ready(
        self, part: Part, check: Callable[[], Awaitable[T | None]], timeout_s: float
    ) -> T:
        """Poll `check` until it gives a value. Raises `PartDied` or `StartError`."""
        died = asyncio.create_task(part.wait())
        try:
            async with asyncio.timeout(timeout_s):
                while (value := await check()) is None:
                    if died.done():
                        await part.drain()
                        raise PartDied(part.spec.name, died.result(), tuple(part.tail))
                    await asyncio.wait([died], timeout=0.05)
                return value
        except TimeoutError as exc:
            raise StartError(f"{part.spec.name} was not ready in {timeout_s:.0f} s") from exc
        finally:
            died.cancel()

    async def death(self) -> BaseException:
        """Wait until a part ends by itself: a `PartDied`, or what became of its watch."""
        return await asyncio.shield(self._death)

    async def stop_all(self) -> None:
        """End every part, users before what they use. Safe to call once only."""
        self._is_stopping = True
        await stop_tasks(self._watchers)
        by_rank = sorted(self._parts, key=_rank_of)
        for _, parts in groupby(by_rank, _rank_of):
            await asyncio.gather(*(part.stop() for part in parts))
        if self._guard is not None:
            await self._dismiss(self._guard)

    def kill_all(self) -> None:
        """The impatient end: SIGKILL to every group, at once."""
        for part in self._parts:
            part.kill()

    async def _spawn(self, spec: PartSpec) -> Part:
        if self._is_stopping:
            raise StartError(f"{spec.name} is not started: everything is being stopped")
        part = Part(spec, self._log.write)
        await part.start()
        self._tell_guard(part.pid)
        return part

    def _watch_over(self, part: Part) -> None:
        watcher = asyncio.create_task(self._watch(part), name=part.spec.name)
        self._watchers.add(watcher)
        watcher.add_done_callback(self._watched)

    def _watched(self, watcher: asyncio.Task[None]) -> None:
        self._watchers.discard(watcher)
        if not watcher.cancelled() and (error := watcher.exception()) is not None:
            self._log.write(watcher.get_name(), f"cannot be watched any more: {error!r}")
            self._give_up(error)

    async def _watch(self, part: Part) -> None:
        exit_code = await part.wait()
        died_at = asyncio.get_running_loop().time()
        kept = self._kept.get(part.spec.name)
        if kept is None:
            await part.drain()
        else:
            await self._bury(part)
        death = PartDied(part.spec.name, exit_code, tuple(part.tail))
        wait_s = kept.restarts.wait_s(died_at) if kept else None
        if kept is None or wait_s is None:
            if kept is not None:
                self._log.write(death.name, f"died {MOST_DEATHS} times within {WINDOW_S:.0f} s")
            self._give_up(death)
            return
        when = f"in {wait_s:g} s" if wait_s else "now"
        self._log.write(part.spec.name, f"{death.how}: it is started again {when}")
        await asyncio.sleep(wait_s)
        try:
            await self._replace(part, kept)
        except StartError as exc:
            self._log.write(part.spec.name, str(exc))
            self._give_up(death)

    async def _replace(self, part: Part, kept: _Kept) -> None:
        again = await self._spawn(part.spec)
        self._parts[self._parts.index(part)] = again
        self._watch_over(again)
        kept.on_restart(again)
        self.restarted.set()

    def _give_up(self, failure: BaseException) -> None:
        if not self._death.done():
            self._death.set_result(failure)

    async def _bury(self, part: Part) -> None:
        """Take over a dead part's last lines and end what it left behind."""
        part.kill()
        await part.drain()
        self._tell_guard(-part.pid)

    def _tell_guard(self, number: int) -> None:
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.write(f"{number}\n".encode())

    async def _dismiss(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(b"done\n")
            await process.stdin.drain()
        process.stdin.close()
        await process.wait()


def stop_rank(name: str) -> int:
    """Where a part comes in the order of ending; a tool that is still running comes first.

    The second worker and those after it are `worker-2` and so on: they end with the first.
    """
    kind = name.partition("-")[0]
    return STOP_ORDER.index(kind) if kind in STOP_ORDER else -1


def _rank_of(part: Part) -> int:
    return stop_rank(part.spec.name)
