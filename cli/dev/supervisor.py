"""Supervision: parts are started, watched, and ended in order."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

from cli.dev import guard
from cli.dev.console_log import ConsoleLog
from cli.dev.part import Part, PartDied, PartSpec, StartError

T = TypeVar("T")

# Who uses whom: the worker everything, the API all but the worker, nobody Postgres last.
STOP_ORDER: Final = ("worker", "api", "sandbox", "livekit", "postgres")


class Supervisor:
    """Owns every child of `vaarta dev`; `stop_all` leaves none of them.

    A part that ends before `stop_all` is a death; `death` waits for the first one.
    """

    def __init__(self, log: ConsoleLog) -> None:
        self._log = log
        self._parts: list[Part] = []
        self._watchers: set[asyncio.Task[None]] = set()
        self._death: asyncio.Future[PartDied] = asyncio.get_running_loop().create_future()
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
        watcher = asyncio.create_task(self._watch(part))
        self._watchers.add(watcher)
        watcher.add_done_callback(self._watchers.discard)
        return part

    async def run(self, spec: PartSpec) -> None:
        """Run a tool to its end. Raises `StartError` with its last lines when it fails."""
        part = await self._spawn(spec)
        exit_code = await part.wait()
        part.kill()
        await part.drain()
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

    async def death(self) -> PartDied:
        """Wait until a part ends by itself."""
        return await asyncio.shield(self._death)

    async def stop_all(self) -> None:
        """End every part, users before what they use. Safe to call once only."""
        self._is_stopping = True
        for part in sorted(self._parts, key=lambda part: stop_rank(part.spec.name)):
            await part.stop()
        for watcher in list(self._watchers):
            await watcher
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
        self._parts.append(part)
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.write(f"{part.pid}\n".encode())
        return part

    async def _watch(self, part: Part) -> None:
        exit_code = await part.wait()
        if self._is_stopping:
            return
        await part.drain()
        if not self._death.done():
            self._death.set_result(PartDied(part.spec.name, exit_code, tuple(part.tail)))

    async def _dismiss(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(b"done\n")
            await process.stdin.drain()
        process.stdin.close()
        await process.wait()


def stop_rank(name: str) -> int:
    """Where a part comes in the order of ending; a tool that is still running comes first."""
    return STOP_ORDER.index(name) if name in STOP_ORDER else -1
