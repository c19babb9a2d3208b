"""How a worker's parent process tells its jobs that it is being stopped: a file appears."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOOK_EVERY_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class DrainSign:
    """A file in a folder of the worker's own. Jobs inherit nothing else that they could all wait
    for: each process of the pool is told only of its own job."""

    path: Path

    def raise_(self) -> None:
        """From now on jobs hand their sessions over."""
        self.path.touch()

    async def raised(self) -> None:
        """Wait for it."""
        while not await asyncio.to_thread(self.path.exists):  # noqa: ASYNC110 - another's file
            await asyncio.sleep(LOOK_EVERY_S)
