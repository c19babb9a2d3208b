"""What a worker's parent process has to tell all of its jobs: a file appears."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOOK_EVERY_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Sign:
    """A file in a folder of the worker's own. Jobs inherit nothing else that they could all wait
    for: each process of the pool is told only of its own job."""

    path: Path

    def show(self) -> None:
        """From now on it can be seen."""
        self.path.touch()

    def hide(self) -> None:
        """And from now on no more."""
        self.path.unlink(missing_ok=True)

    @property
    def is_shown(self) -> bool:
        """Whether it can be seen right now."""
        # A look at a file of this machine's takes microseconds, a thread for it many times that.
        return self.path.exists()

    async def seen(self) -> None:
        """Wait for it."""
        while not self.is_shown:  # noqa: ASYNC110 - another process's file
            await asyncio.sleep(LOOK_EVERY_S)


@dataclass(frozen=True, slots=True)
class Signs:
    """All of them, in the worker's folder."""

    folder: Path

    @property
    def draining(self) -> Sign:
        """The worker is being stopped: sessions are handed over."""
        return Sign(self.folder / "draining")

    @property
    def cut_off(self) -> Sign:
        """LiveKit cannot be reached from here: sessions are left to agents elsewhere."""
        return Sign(self.folder / "cut-off")
