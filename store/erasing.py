"""Erases what was said in a session, and what was given with it; times and costs stay."""

from typing import Final

from core.errors import ConflictError
from store.recordings import DISCARD_OF_SESSION
from store.records import SessionId, SessionRecord, TenantId
from store.repository import Repository
from store.sessions import COLUMNS, session_of

# In the config only what somebody wrote goes; the voice, the model and the like stay.
_ERASE: Final = f"""
UPDATE sessions
SET erased_at = coalesce(erased_at, now()), metadata = NULL, disposition = NULL, sentiment = NULL,
    goal_met = NULL,
    config = (config || '{{"system_prompt": "", "greeting": ""}}') - ARRAY['tools', 'analysis']
WHERE id = $1 AND tenant_id = $2 AND ended_at IS NOT NULL
RETURNING {COLUMNS}"""  # noqa: S608 - only a constant is filled in
# The trigger on turns leaves nothing of an erased session's words.
_TURNS: Final = "UPDATE turns SET user_transcript = '', agent_response = '' WHERE session_id = $1"
_EVENTS: Final = "DELETE FROM session_events WHERE session_id = $1"
# An agent that has not heard of the end yet tells nothing into a closed feed, and leaves nothing in
# an emptied hold.
_CLOSE_FEED: Final = """
INSERT INTO session_feeds AS f (session_id, last_number, is_closed, is_purged)
VALUES ($1, 1, true, true)
ON CONFLICT (session_id) DO UPDATE
SET is_closed = true, is_purged = true,
    last_number = CASE WHEN f.is_closed THEN f.last_number ELSE f.last_number + 1 END"""
_HOLD: Final = """
UPDATE session_holds SET memory = NULL, open_turn = NULL, is_emptied = true
WHERE session_id = $1"""
_ANALYSIS: Final = "DELETE FROM analyses WHERE session_id = $1"
_ANALYSIS_TOLD: Final = """
UPDATE webhook_deliveries
SET data = data || '{"summary": null, "sentiment": null, "disposition": null, "goal_met": null,
                     "extracted": null}'
WHERE session_id = $1 AND event = 'voice_session.analyzed'"""
_DELIVERIES: Final = """
UPDATE webhook_deliveries SET data = jsonb_set(data, '{metadata}', 'null')
WHERE session_id = $1 AND data ->> 'metadata' IS NOT NULL"""

_STATEMENTS: Final = (
    _TURNS,
    _CLOSE_FEED,
    _EVENTS,
    _HOLD,
    _DELIVERIES,
    _ANALYSIS,
    _ANALYSIS_TOLD,
    DISCARD_OF_SESSION,
)


class ErasingRepository(Repository):
    """Erases sessions. Call it in a transaction."""

    async def erase(self, tenant_id: TenantId, session_id: SessionId) -> SessionRecord:
        """The session without its words; one that was erased before stays as it is.

        Raises `ConflictError` for one that has not ended, or is not the tenant's.
        """
        row = await self._row(_ERASE, session_id, tenant_id)
        if row is None:
            raise ConflictError("sessions_erased_has_ended")
        for statement in _STATEMENTS:
            await self._row(statement, session_id)
        return session_of(row)
