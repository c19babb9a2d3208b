"""A part: one supervised child process and everything it starts."""

import asyncio
import contextlib
import os
import signal
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from core.errors import VaartaError

TAIL_LINES: Final = 20
LINE_BYTES: Final = 64 * 1024
PUMP_TIMEOUT_S: Final = 1.0


class StartError(VaartaError):
    """`vaarta dev` cannot go on; the message says why and what to do."""


class PartDied(StartError):
    """A part ended by itself. The message holds exit and last lines, `how` the exit only."""

    def __init__(self, name: str, exit_code: int, tail: tuple[str, ...]) -> None:
        exit_ = f"signal {_name_of(-exit_code)}" if exit_code < 0 else f"exit code {exit_code}"
        last = "".join(f"\n    {line}" for line in tail)
        told = f"; its last lines:{last}" if tail else "; it said nothing"
        self.name: Final = name
        self.how: Final = f"ended by itself ({exit_})"
        super().__init__(f"{name} {self.how}{told}")


def _name_of(number: int) -> str:
    """Real-time signals have no names of their own."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


@dataclass(frozen=True)
class StopStep:
    """A signal to the part's first process and the seconds it may take afterwards."""

    signal: signal.Signals
    wait_s: float


@dataclass(frozen=True)
class Identity:
    """The user that a part runs as when the command itself runs as root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class PartSpec:
    """How to run a part. `stop` is climbed step by step; SIGKILL to the group comes last.

    The lines of a quiet one are only kept for the report of its failure.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    stop: tuple[StopStep, ...] = (StopStep(signal.SIGTERM, 5.0),)
    identity: Identity | None = None
    is_quiet: bool = False


class _Child(asyncio.subprocess.SubprocessStreamProtocol):
    """Knows when the process is over; `Process.wait` also waits for whoever holds its pipes."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(limit=LINE_BYTES, loop=loop)
        self.is_over: Final = asyncio.Event()

    def process_exited(self) -> None:
        super().process_exited()
        self.is_over.set()


class Part:
    """A running child in a process group of its own; its lines go to `on_line`."""

    def __init__(self, spec: PartSpec, on_line: Callable[[str, str], None]) -> None:
        self.spec: Final = spec
        self.tail: Final[deque[str]] = deque(maxlen=TAIL_LINES)
        self._on_line = on_line
        self._listeners: list[Callable[[str], None]] = []
        self._process: asyncio.subprocess.Process | None = None
        self._is_over = asyncio.Event()
        self._pumps: list[asyncio.Task[None]] = []

    @property
    def pid(self) -> int:
        """Also the number of its process group."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Raises `StartError` when the program cannot be run."""
        spec = self.spec
        who = spec.identity
        loop = asyncio.get_running_loop()
        try:
            transport, child = await loop.subprocess_exec(
                _Child,
                *spec.argv,
                env=dict(spec.env),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
                user=who.uid if who else None,
                group=who.gid if who else None,
                extra_groups=[] if who else None,
            )
        except OSError as exc:
            raise StartError(f"{spec.name}: cannot run {spec.argv[0]}: {exc.strerror}") from exc
        self._process = asyncio.subprocess.Process(transport, child, loop)
        self._is_over = child.is_over
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        streams = (self._process.stdout, self._process.stderr)
        self._pumps = [asyncio.create_task(self.pump(stream)) for stream in streams]

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with each line from now on."""
        self._listeners.append(listener)

    async def wait(self) -> int:
        """Wait for the first process to end and give its exit code (negative: a signal).

        Others of its group may live on.
        """
        assert self._process is not None
        await self._is_over.wait()
        assert self._process.returncode is not None
        return self._process.returncode

    async def stop(self) -> None:
        """End the whole group: asked as `spec.stop` says, killed after its last step."""
        for step in self.spec.stop:
            if await self._ends_after(step):
                break
        self.kill()
        await self.wait()
        await self.drain()

    def kill(self) -> None:
        """SIGKILL to the group; nothing happens when it is gone."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def drain(self) -> None:
        """Take over the last lines. A descendant may hold the pipe open, so not for ever."""
        if self._pumps:
            await asyncio.wait(self._pumps, timeout=PUMP_TIMEOUT_S)
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def pump(self, stream: asyncio.StreamReader) -> None:
        """Split into lines; one longer than `LINE_BYTES` is cut into several."""
        rest = b""
        while chunk := await stream.read(LINE_BYTES):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LINE_BYTES:
                lines.append(rest)
                rest = b""
            for line in lines:
                self._take(line)
        if rest:
            self._take(rest)

    async def _ends_after(self, step: StopStep) -> bool:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(step.signal)
        try:
            async with asyncio.timeout(step.wait_s):
                await self._is_over.wait()
        except TimeoutError:
            return False
        return True

    def _take(self, raw: bytes) -> None:
        line = raw.decode("utf-8", "replace").rstrip()
        if not line:
            return
        self.tail.append(line)
        if not self.spec.is_quiet:
            self._on_line(self.spec.name, line)
        for listener in self._listeners:
            listener(line)
