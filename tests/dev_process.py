"""`vaarta dev` as a child process of a test, with every process that it started in view."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import psutil

from tests.eventually import eventually
from tests.servers import ROOT, livekit_server_binary

READY_S: Final = 240.0
EXIT_S: Final = 60.0
KEPT: Final = ("PATH", "HOME", "LANG", "TMPDIR")


class DevProcess:
    """One run in `folder`, its sandbox scripted. `kill` whatever is left of it at the end."""

    def __init__(
        self,
        folder: Path,
        *,
        log: str,
        env: Mapping[str, str],
        workers: int = 1,
        has_engines: bool = False,
    ) -> None:
        """With engines the sandbox hears, answers and speaks in place of a script.

        Raises `MissingServer` where there is no livekit-server.
        """
        self.ready_file: Final = folder / "ready.json"
        self._output: Final = folder / log
        self._seen: set[int] = set()
        script = folder / "sandbox.toml"
        script.touch()
        scripted = () if has_engines else ("--script", str(script))
        options = (
            *("--data-dir", str(folder / "data"), "--ready-file", str(self.ready_file)),
            *("--workers", str(workers)),
        )
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        with self._output.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "dev", *options, *scripted],
                cwd=ROOT,
                env={**kept, "LIVEKIT_SERVER_BIN": str(livekit_server_binary()), **env},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def output(self) -> str:
        """Everything it said so far."""
        return self._output.read_text(errors="replace")

    async def said(self, text: str) -> None:
        """Wait until it said `text`. Raises `AssertionError` with its output."""
        await self._until(lambda: text in self.output(), repr(text))
        self._look()

    async def ready(self) -> dict[str, Any]:
        """Wait for the ready file and read it. Raises `AssertionError` with the output."""
        await self._until(self.ready_file.exists, "ready file")
        self._look()
        content: dict[str, Any] = json.loads(self.ready_file.read_text())
        return content

    async def pids(self) -> dict[str, int]:
        """Those of the ready file, as it is now."""
        self._look()
        pids: dict[str, int] = json.loads(self.ready_file.read_text())["pids"]
        return pids

    async def exit_code(self) -> int:
        """Wait for its end."""
        return await asyncio.to_thread(self._process.wait, EXIT_S)

    async def nothing_is_left(self) -> bool:
        """Whether none of the processes that were seen exists."""
        return all(map(_is_gone, self._seen))

    def kill(self) -> None:
        """For a test that failed: the guard ends the parts."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(EXIT_S)

    def _look(self) -> None:
        children = psutil.Process(self.pid).children(recursive=True)
        self._seen |= {child.pid for child in children}

    async def _until(self, condition: Callable[[], bool], what: str) -> None:
        async def holds() -> bool:
            assert self._process.poll() is None, f"it ended early:\n{self.output()}"
            return condition()

        try:
            await eventually(holds, deadline_s=READY_S, what=what)
        except AssertionError as exc:
            raise AssertionError(f"{exc}\n{self.output()}") from exc


def _is_gone(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
