"""A worker's disk with recordings, and the store that they are brought into."""

from pathlib import Path
from typing import Any
from uuid import UUID

from yarl import URL

from agent.recording.delivery import Deliverer
from agent.recording.pieces import PieceFolder
from agent.records.rows import Mandate
from store.object_folder import ObjectFolder
from store.records import EndReason, SessionId
from store.sessions import SessionRepository
from tests.integration.api import SESSIONS, Answer, Api
from tests.recorded_sound import Events, recorded, said, windows


class Studio:
    """A worker's disk, and what brings what is on it into the API's store."""

    def __init__(self, api: Api, folder: Path) -> None:
        self.api = api
        self.folder = PieceFolder(folder / "waiting", 10**9)
        self.store = Path(api.settings.recording.store)
        self.objects = ObjectFolder(self.store)
        self.deliverer = Deliverer(api.database, self.objects, self.folder)

    async def session(self, *, is_over: bool = True) -> SessionId:
        session_id = SessionId(UUID((await self.api.create(record=True)).json["id"]))
        async with self.api.database.connection() as connection:
            sessions = SessionRepository(connection)
            await sessions.mark_active(session_id, {})
            if is_over:
                await sessions.end_session(session_id, EndReason.CALLER_HANGUP)
        return session_id

    def leave(self, session_id: SessionId, *, epoch: int = 1, begins_s: float = 0.0) -> bytes:
        """A second of the caller, then one of the agent, in a piece of four."""
        events: Events = [*windows(begins_s + 0.5, 0.96), *said(begins_s + 2.0, 1.0)]
        return recorded(
            self.folder.path,
            events,
            begins_s + 4.0,
            begins_s=begins_s,
            mandate=Mandate(session_id, epoch),
        )

    async def stored(self) -> SessionId:
        """A session that is over, with its recording in the store."""
        session_id = await self.session()
        self.leave(session_id)
        await self.deliverer.look()
        return session_id

    async def get(self, session_id: SessionId, **options: Any) -> Answer:
        return await self.api.get(f"{SESSIONS}/{session_id}/recording", **options)

    async def hear(self, url: str, **headers: str) -> Answer:
        """What the link gives to somebody without a key."""
        given = {"Authorization": None, **headers}
        return await self.api.get(URL(url).raw_path_qs, headers=given)
