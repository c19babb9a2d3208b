"""The repertoire of a session: a folder of the worker's, asked and told without waiting for it."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from agent.equipment.clause_folder import ClauseFolder
from core.setting_groups import AgentSettings
from pipeline.repertoire import Clause

READ_WITHIN_S: Final = 0.05
"""A disk that takes longer is not waited for: the voice is asked."""

T = TypeVar("T")


class RepertoireFolder:
    """Implements `pipeline.repertoire.Repertoire`. One that `is_told` nothing is only asked."""

    def __init__(self, folder: ClauseFolder, *, is_told: bool) -> None:
        self._folder = folder
        self._is_told = is_told
        self._busy: asyncio.Future[Any] | None = None

    @classmethod
    def named(cls, settings: AgentSettings, config: Mapping[str, Any]) -> Self | None:
        """In the folder that the settings name, None where they name none. A session that leaves
        no words behind adds nothing to it."""
        if not settings.repertoire_dir:
            return None
        max_bytes = settings.repertoire_max_mb * 1024 * 1024
        folder = ClauseFolder(Path(settings.repertoire_dir), max_bytes)
        return cls(folder, is_told=config.get("store_transcript", True))

    async def sound_of(self, clause: Clause) -> bytes | None:
        """All of its sound, None where it is not known, or not in time."""
        return await self._within(READ_WITHIN_S, lambda: self._folder.read(clause, self._is_told))

    async def hear(self, clause: Clause, pcm: bytes, *, is_sure: bool = False) -> None:
        """The second time it is kept, and at once where it `is_sure` to be asked for again."""
        if self._is_told:
            await self._within(None, lambda: self._folder.hear(clause, pcm, is_sure=is_sure))

    async def _within(self, timeout_s: float | None, work: Callable[[], T]) -> T | None:
        """The disk is asked for one thing at a time: where it hangs, one thread does."""
        if self._busy is not None and not self._busy.done():
            return None
        busy = asyncio.ensure_future(asyncio.to_thread(work))
        self._busy = busy
        await asyncio.wait([busy], timeout=timeout_s)
        return busy.result() if busy.done() else None
