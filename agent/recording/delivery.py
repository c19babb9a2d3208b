"""Pieces that jobs left on this machine → the store of recordings.

    piece, its job gone ─▶ announced ─▶ put ─▶ stored ─▶ put together with the session's others
                             └─ nobody wants it any more: removed

A piece stays on the disk until all of that is done, and each step may be done again: what a store
or a database that is away has no time for is tried at the next look, by whoever looks then.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from agent.recording.joining import Piece, duration_s, joined
from agent.recording.pieces import LeftPiece, PieceFolder
from core.errors import StorageUnavailable, StoreUnavailable
from core.log import log_context
from core.metrics import RECORDINGS
from core.settings import Settings
from core.supervision import Health, kept_up, looked
from store.objects import Objects, opened_objects
from store.pool import Database
from store.recordings import NewRecording, RecordingRepository
from store.records import SessionId

log = logging.getLogger(__name__)

PAUSE_S: Final = 1.0


class Deliverer:
    """Delivers the pieces of one folder; `run` it, or `look` once."""

    def __init__(self, database: Database, objects: Objects, folder: PieceFolder) -> None:
        self._database = database
        self._objects = objects
        self._folder = folder
        self._set_aside: set[Path] = set()
        self._is_refused = False

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings, health: Health) -> AsyncIterator[None]:
        """One that looks in the background, where the settings name a folder."""
        folder = PieceFolder.named(settings)
        if folder is None:
            yield
            return
        database = await Database.open_thrifty(settings.database, 1)
        try:
            async with opened_objects(settings.recording) as objects:
                deliverer = cls(database, objects, folder)
                async with kept_up("deliverer", deliverer.run, health=health):
                    yield
        finally:
            await database.close()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            looked("deliverer")
            await asyncio.sleep(PAUSE_S)

    async def look(self) -> None:
        """Deliver every piece whose job is gone; what stands in one's way keeps none of the
        others waiting."""
        files = await asyncio.to_thread(self._folder.files)
        was_refused, self._is_refused = self._is_refused, False
        for path in sorted(set(files) - self._set_aside):
            try:
                await self._deliver(path)
            except (StoreUnavailable, StorageUnavailable) as exc:
                if not was_refused and not self._is_refused:
                    extra = {"file": path.name, "error": type(exc).__name__, "reason": str(exc)}
                    log.warning("recording.waiting", extra=extra)
                self._is_refused = True
            except (OSError, ValueError) as exc:
                self._set_aside.add(path)
                extra = {"file": path.name, "error": type(exc).__name__}
                log.error("recording.unusable", extra=extra)

    async def _deliver(self, path: Path) -> None:
        left = await asyncio.to_thread(LeftPiece.take, path)
        if left is None:
            return
        try:
            with log_context(session=str(left.session_id)):
                await self._store(left)
            await asyncio.to_thread(left.remove)
        finally:
            left.let_go()

    async def _store(self, left: LeftPiece) -> None:
        data = await asyncio.to_thread(left.data)
        piece = await asyncio.to_thread(Piece.read, data)
        if piece is None:
            return  # its job ended before there was a sound in it
        new = NewRecording(
            session_id=left.session_id,
            name=left.path.name.removeprefix(f"{left.session_id}-"),
            epoch=left.epoch,
            is_playable=piece.is_whole,
            duration_ms=round(1000 * duration_s(piece)),
        )
        is_stored = await self._put(new, data)
        RECORDINGS.labels("stored" if is_stored else "refused").inc()
        if is_stored:
            await self._put_together(left.session_id)
            log.info("recording.stored", extra={"bytes": len(data), "ms": new.duration_ms})

    async def _put(self, new: NewRecording, data: bytes) -> bool:
        """False where nobody wants it any more; then the store has it no longer."""
        async with self._database.connection() as connection:
            key = await RecordingRepository(connection).announce(new)
        if key is None:
            return False
        await self._objects.put(key, data)
        async with self._database.transaction() as connection:
            is_kept = await RecordingRepository(connection).keep(key)
        if not is_kept:
            await self._objects.delete(key)
        return is_kept

    async def _put_together(self, session_id: SessionId) -> None:
        """One recording of all pieces that are stored by now, where one alone is none."""
        async with self._database.connection() as connection:
            records = await RecordingRepository(connection).pieces(session_id)
        if len(records) == 1 and records[0].is_playable:
            return
        found = [(one.epoch, await self._objects.get(one.key)) for one in records]
        data = await asyncio.to_thread(_joined, found)
        whole = Piece.read(data)
        assert whole is not None, "of pieces in which something is heard"
        new = NewRecording(
            session_id=session_id,
            name=f"whole-{len(records)}.ogg",
            n_pieces=len(records),
            duration_ms=round(1000 * duration_s(whole)),
        )
        await self._put(new, data)


def _joined(found: Sequence[tuple[int | None, bytes]]) -> bytes:
    """What one job kept in two places is in the order in which it was heard."""
    pieces = [(epoch, Piece.read(data)) for epoch, data in found]
    heard = [(epoch or 0, one) for epoch, one in pieces if one is not None]
    return joined([one for _, one in sorted(heard, key=lambda of: (of[0], of[1].first))])
