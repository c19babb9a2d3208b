"""A command that runs beside tests and measurements, with what it wrote."""

import asyncio
import os
import signal
import subprocess
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Self

ROOT: Final = Path(__file__).parent.parent
_SHOWN_CHARACTERS: Final = 8_000
_STOP_S: Final = 10.0


class ChildProcess:
    """A running command whose output is kept. Its owner calls `stop`."""

    def __init__(self, name: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.name: Final = name
        self._process: Final = process
        self._log: Final = log

    @classmethod
    def start(
        cls, command: Sequence[str], *, name: str, env: Mapping[str, str] | None = None
    ) -> Self:
        """Start it in the repository's folder, in a process group of its own.

        `env` is added to what a process needs to run at all; nothing else is inherited.
        """
        handle, path = tempfile.mkstemp(prefix=f"vaarta-{name}-", suffix=".log")
        kept = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE")
        base = {key: os.environ[key] for key in kept if key in os.environ}
        with os.fdopen(handle, "wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**base, "PYTHONUNBUFFERED": "1", **(env or {})},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return cls(name, process, Path(path))

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._process.poll()

    def written(self) -> str:
        """All that it wrote."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def output(self) -> str:
        """The end of what it wrote."""
        return self.written()[-_SHOWN_CHARACTERS:]

    async def wait_for_port(self, port: int, *, deadline_s: float = 120.0) -> None:
        """Return once something listens. Raises `AssertionError` with the output otherwise."""
        await self.wait_for(lambda: _listens(port), f"port {port}", deadline_s=deadline_s)

    async def wait_for_output(self, text: str, *, deadline_s: float = 120.0) -> None:
        """Return once it wrote `text`. Raises `AssertionError` with the output otherwise."""

        async def is_written() -> bool:
            return text in self.written()

        await self.wait_for(is_written, repr(text), deadline_s=deadline_s)

    async def wait_for(
        self, condition: Callable[[], Awaitable[bool]], what: str, *, deadline_s: float
    ) -> None:
        """Return once `await condition()` is true, unless the process ends before."""
        try:
            async with asyncio.timeout(deadline_s):
                while not await condition():
                    assert self.is_running, f"{self.name} ended early:\n{self.output()}"
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"{self.name}: no {what}:\n{self.output()}") from None

    def terminate(self) -> None:
        """Send SIGTERM and do not wait."""
        self._process.terminate()

    async def wait(self, *, deadline_s: float = 60.0) -> int:
        """The exit code, once it has ended by itself. Raises `AssertionError`."""
        try:
            return await asyncio.to_thread(self._process.wait, deadline_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} did not end:\n{self.output()}") from None

    def stop(self) -> int:
        """SIGTERM, then SIGKILL after ten seconds; returns the exit code."""
        if self.is_running:
            self._process.terminate()
        try:
            code = self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            code = self._process.wait(_STOP_S)
        self._log.unlink(missing_ok=True)
        return code


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
