"""Sessions: begun and ended, each step one conditional statement; found and listed."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Final

import asyncpg

from core.errors import NotFoundError, StaleError
from store.outbox import WebhookEvent, telling
from store.pages import MOST_COUNTED, Listed, ListRepository, Part, Total
from store.records import (
    EndReason,
    SessionId,
    SessionRecord,
    SessionStatus,
    Substitution,
    TenantId,
)
from store.session_filter import SessionFilter

LIVING: Final = frozenset({SessionStatus.CREATED, SessionStatus.ACTIVE})

COLUMNS: Final = """
id, tenant_id, bot_id, status, config, room_name, metadata, webhook_url, started_at, ended_at,
end_reason, turn_count, total_audio_seconds, recoveries, erased_at, created_at, disposition,
sentiment, goal_met, first_sound_ms, cost"""
# Only the constant above is filled into these. A change and the webhooks that tell of it are one
# statement.
_GET: Final = f"SELECT {COLUMNS} FROM sessions WHERE id = $1 AND tenant_id = $2"  # noqa: S608
_GET_FOR_AGENT: Final = f"SELECT {COLUMNS} FROM sessions WHERE id = $1"  # noqa: S608
# Kept by triggers: counting a million rows takes longer than reading the page.
_COUNT: Final = "SELECT sum(n)::bigint FROM session_counts WHERE tenant_id = $1"
_COUNT_STATUS: Final = "SELECT n FROM session_counts WHERE tenant_id = $1 AND status = $2"
WHO_SAID: Final = """
SELECT session_id FROM turns WHERE words @@ transcript_query($1, $2) LIMIT $3"""
_MARK_ACTIVE: Final = f"""
WITH changed AS (
    UPDATE sessions SET status = 'active', started_at = now()
    WHERE id = $1 AND status = 'created' AND epoch = $3 AND may_join($1, $2::jsonb)
    RETURNING {COLUMNS}
), {telling(WebhookEvent.CONNECTED)}
SELECT {COLUMNS} FROM changed"""  # noqa: S608
_END: Final = f"""
WITH changed AS (
    UPDATE sessions SET status = $2, end_reason = $3,
        ended_at = greatest(now() - make_interval(secs => $5), started_at)
    WHERE id = $1 AND status = ANY($4::text[]) AND ($6::integer IS NULL OR epoch = $6)
    RETURNING {COLUMNS}
), {telling(WebhookEvent.ENDED)}
SELECT {COLUMNS} FROM changed"""  # noqa: S608
_END_LIVING: Final = f"""
WITH changed AS (
    UPDATE sessions SET status = $2, end_reason = $3, ended_at = greatest(now(), started_at)
    WHERE tenant_id = $1 AND status IN ('created', 'active')
    RETURNING {COLUMNS}
), {telling(WebhookEvent.ENDED)}
SELECT {COLUMNS} FROM changed"""  # noqa: S608
# What is listed already is not listed again: the statement may be repeated.
_ADD_SUBSTITUTION: Final = """
UPDATE sessions
SET config = CASE
    WHEN config @> jsonb_build_object('substitutions', jsonb_build_array($2::jsonb)) THEN config
    ELSE jsonb_set(
        config, '{substitutions}', coalesce(config -> 'substitutions', '[]') || $2::jsonb) END
WHERE id = $1 AND epoch = $3
RETURNING id"""


_ALL: Final = SessionFilter()


class SessionRepository(ListRepository):
    """Begins, ends and finds sessions."""

    async def get(self, tenant_id: TenantId, session_id: SessionId) -> SessionRecord:
        """The tenant's session. Raises `NotFoundError`, also for another tenant's."""
        return _found(await self._row(_GET, session_id, tenant_id))

    async def get_for_agent(self, session_id: SessionId) -> SessionRecord:
        """The session of any tenant: an agent knows only its id. Raises `NotFoundError`."""
        return _found(await self._row(_GET_FOR_AGENT, session_id))

    async def list_page(
        self, tenant_id: TenantId, part: Part, wanted: SessionFilter = _ALL
    ) -> Listed[SessionRecord]:
        """Part of the sessions that the filter matches, newest first.

        A filter whose matches are not counted needs a transaction.
        """
        if not wanted.is_counted:
            # What is rare in one tenant is frequent in another: no plan serves both.
            await self._row("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")
        wanted = await self._narrowed(tenant_id, wanted)
        where, arguments = wanted.condition(tenant_id)
        statement = f"SELECT {COLUMNS} FROM sessions WHERE {where}"  # noqa: S608
        rows, end = await self._part(statement, arguments, part)
        total = await self._total_of(tenant_id, wanted)
        return Listed([session_of(row) for row in rows], total, end)

    async def _narrowed(self, tenant_id: TenantId, wanted: SessionFilter) -> SessionFilter:
        """With the sessions that have the words, where these are few, in the place of the words.

        No planner knows how many say a word that is only begun: sessions that are walked through
        until fifty have said it are all of them where nobody has. Where many have, fifty are soon
        found.
        """
        if wanted.words is None:
            return wanted
        said = await self._rows(WHO_SAID, tenant_id, wanted.words, MOST_COUNTED + 1)
        if len(said) > MOST_COUNTED:
            return wanted
        return replace(wanted, words=None, ids=tuple({row["session_id"] for row in said}))

    async def _total_of(self, tenant_id: TenantId, wanted: SessionFilter) -> Total:
        given = wanted.given.keys()
        if not given:
            count = await self._row(_COUNT, tenant_id)
        elif given == {"status"}:
            count = await self._row(_COUNT_STATUS, tenant_id, wanted.status)
        else:
            where, arguments = wanted.condition(tenant_id)
            return await self._total(f"sessions WHERE {where}", arguments)
        return Total((count[0] if count else None) or 0)

    async def mark_active(
        self, session_id: SessionId, places: Mapping[str, int], *, epoch: int = 0
    ) -> SessionRecord | None:
        """Caller and agent are both in the room. None when it was active or ended already, it has
        another epoch, or the tenant has no place left: `places` are its plan's sessions at once,
        by plan."""
        row = await self._row(_MARK_ACTIVE, session_id, dict(places), epoch)
        return None if row is None else session_of(row)

    async def end_session(
        self,
        session_id: SessionId,
        reason: EndReason,
        *,
        only_from: frozenset[SessionStatus] = LIVING,
        ended_s_ago: float = 0.0,
        epoch: int | None = None,
    ) -> SessionRecord | None:
        """End it with `reason` and its status; the first end wins, None for every later one.

        `ended_s_ago` is how long it had been over before that was certain: a caller who left
        might have come back. With an `epoch`, nothing happens once another holds the session.
        """
        statuses = [one.value for one in only_from]
        row = await self._row(
            _END, session_id, reason.status.value, reason.value, statuses, ended_s_ago, epoch
        )
        return None if row is None else session_of(row)

    async def end_living(self, tenant_id: TenantId, reason: EndReason) -> list[SessionRecord]:
        """End every session of the tenant that has not ended; those that this ends."""
        rows = await self._rows(_END_LIVING, tenant_id, reason.status.value, reason.value)
        return [session_of(row) for row in rows]

    async def add_substitution(
        self, session_id: SessionId, entry: Substitution, *, epoch: int = 0
    ) -> None:
        """Tell in the session's config what it is served instead of what was asked for.

        Raises `StaleError`.
        """
        if await self._row(_ADD_SUBSTITUTION, session_id, asdict(entry), epoch) is None:
            raise StaleError("the session has another epoch")


def _found(row: asyncpg.Record | None) -> SessionRecord:
    if row is None:
        raise NotFoundError("no such session")
    return session_of(row)


def session_of(row: asyncpg.Record) -> SessionRecord:
    """A row with `COLUMNS`, and maybe more, as a record."""
    reason = row["end_reason"]
    fields = {
        **{name: row[name] for name in SessionRecord.__dataclass_fields__},
        "status": SessionStatus(row["status"]),
        "end_reason": None if reason is None else EndReason(reason),
    }
    return SessionRecord(**fields)
