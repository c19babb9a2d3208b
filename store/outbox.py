"""The outbox: events written with the row that they tell of, and taken up by senders.

A statement that changes a session tells of it in the same breath (`telling`): one delivery to the
session's own URL, one to every registered endpoint that asked for the event. Senders lease due
deliveries, in order per session and target, and settle them with what came of the attempt:

    pending ─lease─▶ leased ─settle─▶ succeeded
       ▲                │ settle ──▶ failed (no attempt left)
       └────────────────┘ settle (retry), release, or the lease ran out
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType
from uuid import UUID, uuid4

from store.records import SessionId, TenantId
from store.repository import Repository

WebhookId = NewType("WebhookId", UUID)
DeliveryId = NewType("DeliveryId", UUID)
LeaseId = NewType("LeaseId", UUID)


class WebhookEvent(StrEnum):
    """What a registered endpoint can ask for; a session's own URL gets its start and its end.

    DISABLED tells of another endpoint of the tenant, at the session whose event it failed at last.
    """

    STARTED = "voice_session.started"
    CONNECTED = "voice_session.connected"
    ENDED = "voice_session.ended"
    FAILED = "voice_session.failed"
    ANALYZED = "voice_session.analyzed"
    DISABLED = "webhook.disabled"


SESSION_EVENTS: Final[Sequence[WebhookEvent]] = tuple(
    one for one in WebhookEvent if one is not WebhookEvent.DISABLED
)
"""What an endpoint gets that asks for nothing in particular."""

# The keys stand in the contract's order, which `jsonb` does not keep: see EVENT_KEYS.
_BEGINNING: Final = """jsonb_build_object(
    'session_id', c.id, 'bot_id', c.bot_id, 'llm', c.config ->> 'llm_model',
    'voice', c.config ->> 'voice', 'language', c.config ->> 'language', 'status', c.status,
    'metadata', c.metadata)"""
_ENDING: Final = """jsonb_build_object(
    'session_id', c.id, 'bot_id', c.bot_id, 'status', c.status, 'end_reason', c.end_reason,
    'duration_seconds', trim_scale(round(extract(epoch FROM c.ended_at - c.started_at), 3)),
    'turn_count', c.turn_count,
    'total_audio_seconds', trim_scale(round(c.total_audio_seconds::numeric, 3)),
    'metadata', c.metadata)"""
# Of a row of `sessions` with what `analyses` has of it.
_ANALYSIS: Final = """jsonb_build_object(
    'session_id', c.id, 'bot_id', c.bot_id, 'status', c.analysis_status, 'summary', c.summary,
    'sentiment', c.sentiment, 'disposition', c.disposition, 'goal_met', c.goal_met,
    'extracted', c.extracted::jsonb, 'model', c.model, 'error', c.error, 'metadata', c.metadata)"""
_BEGINNING_KEYS: Final = (
    "session_id",
    "bot_id",
    "llm",
    "voice",
    "language",
    "status",
    "metadata",
)
_ENDING_KEYS: Final = (
    "session_id",
    "bot_id",
    "status",
    "end_reason",
    "duration_seconds",
    "turn_count",
    "total_audio_seconds",
    "metadata",
)
_ANALYSIS_KEYS: Final = (
    "session_id",
    "bot_id",
    "status",
    "summary",
    "sentiment",
    "disposition",
    "goal_met",
    "extracted",
    "model",
    "error",
    "metadata",
)
EVENT_KEYS: Final = {
    WebhookEvent.STARTED: _BEGINNING_KEYS,
    WebhookEvent.CONNECTED: _BEGINNING_KEYS,
    WebhookEvent.ENDED: _ENDING_KEYS,
    WebhookEvent.FAILED: _ENDING_KEYS,
    WebhookEvent.ANALYZED: _ANALYSIS_KEYS,
    WebhookEvent.DISABLED: ("webhook_id", "url", "failing_since", "disabled_at"),
}

_END_EVENT: Final = """CASE c.status WHEN 'completed' THEN 'voice_session.ended'
    ELSE 'voice_session.failed' END"""
# Whoever deletes a session does not wait for the agent's last turn; its event does, to count it.
_SOON: Final = """now() + CASE WHEN c.end_reason = 'api_delete' AND c.started_at IS NOT NULL
    THEN interval '2 s' ELSE interval '0' END"""


def telling(event: WebhookEvent) -> str:
    """A CTE that tells of the session in the CTE `changed`; ENDED stands for both ends. Only its
    beginning and its end are told to its own URL.

    An endpoint that is deleted meanwhile is passed over, not a reason to fail.
    """
    is_end = event in {WebhookEvent.ENDED, WebhookEvent.FAILED}
    name = _END_EVENT if is_end else f"'{event.value}'"
    data = _ENDING if is_end else _ANALYSIS if event is WebhookEvent.ANALYZED else _BEGINNING
    is_own = is_end or event is WebhookEvent.STARTED
    own = "c.webhook_url IS NOT NULL" if is_own else "false"
    return f"""telling AS (
    INSERT INTO webhook_deliveries
        (id, tenant_id, session_id, webhook_id, url, event, data, next_attempt_at)
    SELECT gen_random_uuid(), c.tenant_id, c.id, t.webhook_id, t.url, {name}, {data}, {_SOON}
    FROM changed c CROSS JOIN LATERAL (
        SELECT NULL::uuid AS webhook_id, c.webhook_url AS url WHERE {own}
        UNION ALL
        SELECT id, url FROM (
            SELECT w.id, w.url FROM webhooks w
            WHERE w.tenant_id = c.tenant_id AND w.is_active AND {name} = ANY(w.events)
            FOR KEY SHARE OF w) subscribed
    ) t
)"""  # noqa: S608 - only constants are filled in


# A delivery waits while one before it, of the same session and target, is not done with. At its
# first lease an ending gets the session's last counts; a later one sends what the first one sent.
#
# `_NOT_DONE` is what `status = 'pending'` says, but not to the planner: it takes an index of the
# pending that was empty a minute ago to be so still, and looks for one row through all of it.
_NOT_DONE: Final = "status NOT IN ('succeeded', 'failed')"
_FREE: Final = "(d.leased_until IS NULL OR d.leased_until <= now())"
_MAY_GO: Final = f"""d.status = 'pending' AND d.next_attempt_at <= now() AND {_FREE}
      AND d.target <> ALL($4::uuid[])
      AND NOT EXISTS (
          SELECT FROM webhooks w WHERE w.id = d.webhook_id AND w.deleted_at IS NOT NULL)
      AND NOT EXISTS (
          SELECT FROM webhook_deliveries e
          WHERE e.session_id = d.session_id AND e.target = d.target
            AND e.{_NOT_DONE} AND e.seq < d.seq)"""  # noqa: S608 - only constants are filled in
_DUE: Final = f"""
WITH due AS (
    SELECT d.id, d.session_id FROM webhook_deliveries d
    WHERE {_MAY_GO} AND d.tenant_id <> ALL($5::uuid[])
    ORDER BY d.next_attempt_at, d.seq LIMIT $1
    FOR UPDATE OF d SKIP LOCKED
)"""  # noqa: S608
# The same where tenants have enough. What is due of theirs, maybe a million, is not read to pass it
# over: from each tenant that has anything to send the index leads to the next.
_DUE_BESIDE: Final = f"""
WITH RECURSIVE senders AS (
    (SELECT tenant_id FROM webhook_deliveries WHERE status = 'pending' ORDER BY tenant_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.tenant_id FROM webhook_deliveries d
            WHERE d.status = 'pending' AND d.tenant_id > s.tenant_id ORDER BY d.tenant_id LIMIT 1)
    FROM senders s WHERE s.tenant_id IS NOT NULL
), found AS MATERIALIZED (
    SELECT one.id FROM senders s CROSS JOIN LATERAL (
        SELECT d.id FROM webhook_deliveries d
        WHERE d.tenant_id = s.tenant_id AND {_MAY_GO}
        ORDER BY d.next_attempt_at, d.seq LIMIT $1) one
    WHERE s.tenant_id <> ALL($5::uuid[])
), due AS (
    SELECT d.id, d.session_id FROM webhook_deliveries d
    WHERE d.id IN (SELECT id FROM found)
      AND d.{_NOT_DONE} AND d.next_attempt_at <= now() AND {_FREE}
    ORDER BY d.next_attempt_at, d.seq LIMIT $1
    FOR UPDATE OF d SKIP LOCKED
)"""  # noqa: S608
_LEASE: Final = """{due}, leased AS (
    UPDATE webhook_deliveries d
    SET lease_id = $2, leased_until = now() + make_interval(secs => $3),
        data = CASE
            WHEN d.lease_id IS NULL AND d.replay_of IS NULL
                 AND d.event IN ('voice_session.ended', 'voice_session.failed')
            THEN d.data || jsonb_build_object(
                'turn_count', s.turn_count,
                'total_audio_seconds', trim_scale(round(s.total_audio_seconds::numeric, 3)))
            ELSE d.data END
    FROM due JOIN sessions s ON s.id = due.session_id
    WHERE d.id = due.id
    RETURNING d.id, d.tenant_id, d.session_id, d.webhook_id, d.target, d.url, d.event, d.data,
              d.attempts, d.occurred_at, d.lease_id, d.seq
)
SELECT l.id, l.tenant_id, l.session_id, l.webhook_id, l.target, l.url, l.event, l.data,
       l.attempts, l.occurred_at, l.lease_id,
       CASE WHEN l.webhook_id IS NULL THEN s.sealed_secret ELSE w.sealed_secret END
           AS sealed_secret,
       CASE WHEN l.webhook_id IS NOT NULL
            THEN CASE WHEN w.rotated_at > now() - interval '24 h' THEN w.previous_sealed_secret END
            WHEN s.created_at > now() - interval '24 h' THEN s.previous_sealed_secret END
           AS previous_sealed_secret
FROM leased l
LEFT JOIN webhooks w ON w.id = l.webhook_id
LEFT JOIN webhook_default_secrets s ON s.tenant_id = l.tenant_id
ORDER BY l.seq"""
_LEASE_DUE: Final = _LEASE.format(due=_DUE)
_LEASE_BESIDE: Final = _LEASE.format(due=_DUE_BESIDE)
_MOMENT: Final = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""
_SETTLE: Final = f"""
WITH outcome AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::integer[], $5::text[],
                         $6::integer[], $7::double precision[])
        AS o (id, lease_id, attempted_at, status_code, error, latency_ms, retry_in_s)
), settled AS (
    UPDATE webhook_deliveries d
    SET attempts = d.attempts + 1, status_code = o.status_code, error = o.error,
        latency_ms = o.latency_ms, leased_until = NULL,
        status = CASE WHEN o.error IS NULL THEN 'succeeded'
                      WHEN o.retry_in_s IS NULL THEN 'failed' ELSE 'pending' END,
        delivered_at = CASE WHEN o.error IS NULL THEN now() END,
        next_attempt_at = CASE WHEN o.error IS NOT NULL
                               THEN now() + make_interval(secs => o.retry_in_s) END
    FROM outcome o
    WHERE d.id = o.id AND d.lease_id = o.lease_id AND d.leased_until IS NOT NULL
    RETURNING d.id, d.attempts, d.webhook_id, d.session_id, d.status
), judged AS (
    SELECT webhook_id, bool_or(status = 'succeeded') AS is_reached,
           (array_agg(session_id))[1] AS session_id
    FROM settled
    WHERE webhook_id IS NOT NULL AND status <> 'pending' GROUP BY webhook_id
), marked AS (
    UPDATE webhooks w
    SET failing_since = CASE WHEN NOT j.is_reached THEN coalesce(w.failing_since, now()) END,
        is_active = j.is_reached OR w.failing_since IS NULL,
        disabled_at = CASE WHEN NOT j.is_reached AND w.failing_since IS NOT NULL THEN now() END
    FROM judged j
    WHERE w.id = j.webhook_id AND w.is_active
      AND CASE WHEN j.is_reached THEN w.failing_since IS NOT NULL
               ELSE w.failing_since IS NULL OR w.failing_since < now() - $8::interval END
    RETURNING w.id, w.tenant_id, w.url, w.failing_since, w.disabled_at, j.session_id
), told AS (
    INSERT INTO webhook_deliveries (id, tenant_id, session_id, webhook_id, url, event, data)
    SELECT gen_random_uuid(), m.tenant_id, m.session_id, w.id, w.url, 'webhook.disabled',
           jsonb_build_object('webhook_id', m.id, 'url', m.url,
                              'failing_since', {_MOMENT.format("m.failing_since")},
                              'disabled_at', {_MOMENT.format("m.disabled_at")})
    FROM marked m JOIN webhooks w ON w.tenant_id = m.tenant_id AND w.id <> m.id
    WHERE m.disabled_at IS NOT NULL AND w.is_active AND 'webhook.disabled' = ANY(w.events)
), noted AS (
    INSERT INTO audit (tenant_id, actor_kind, actor_id, action, resource)
    SELECT tenant_id, 'system', 'webhooks', 'webhook.disable', id::text FROM marked
    WHERE disabled_at IS NOT NULL
), kept AS (
    INSERT INTO webhook_attempts
        (delivery_id, number, attempted_at, status_code, error, latency_ms)
    SELECT s.id, s.attempts, o.attempted_at, o.status_code, o.error, o.latency_ms
    FROM settled s JOIN outcome o USING (id)
)
SELECT (SELECT count(*) FROM settled) AS n,
       ARRAY(SELECT id FROM marked WHERE disabled_at IS NOT NULL) AS disabled"""  # noqa: S608
_RELEASE: Final = """
UPDATE webhook_deliveries SET leased_until = NULL
WHERE (id, lease_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))"""


MOST_COUNTED: Final = 10_000
_BACKLOG: Final = """
SELECT count(*) AS n,
       coalesce(extract(epoch FROM now() - min(next_attempt_at)), 0)::float8 AS oldest_s
FROM (SELECT next_attempt_at FROM webhook_deliveries
      WHERE status = 'pending' AND next_attempt_at <= now()
        AND (leased_until IS NULL OR leased_until <= now())
      ORDER BY next_attempt_at, seq LIMIT $1) due"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Deliveries that wait for a sender, at most `MOST_COUNTED`, and since when the oldest does."""

    n: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class LeasedDelivery:
    """A delivery that this process alone may attempt now; `attempts` came before it.

    `sealed_secret` is None where the tenant's default secret is wanted and there is none yet; the
    previous one is there for a day after a rotation.
    """

    id: DeliveryId
    tenant_id: TenantId
    session_id: SessionId
    webhook_id: WebhookId | None
    target: UUID
    url: str
    event: WebhookEvent
    data: dict[str, Any]
    attempts: int
    occurred_at: datetime
    lease_id: LeaseId
    sealed_secret: bytes | None
    previous_sealed_secret: bytes | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt. `error` None is success; `retry_in_s` None gives the delivery up."""

    delivery_id: DeliveryId
    lease_id: LeaseId
    attempted_at: datetime
    latency_ms: int
    status_code: int | None = None
    error: str | None = None
    retry_in_s: float | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """How many attempts counted, and which endpoints have failed for too long by now."""

    n: int
    disabled: Sequence[WebhookId]


@dataclass(frozen=True, slots=True)
class Crowding:
    """Who has as many deliveries under way as it may."""

    targets: Sequence[UUID] = ()
    tenants: Sequence[TenantId] = ()


_NOBODY: Final = Crowding()


class OutboxRepository(Repository):
    """Leases deliveries to senders and settles them."""

    async def lease(
        self, limit: int, *, lease_s: float, but: Crowding = _NOBODY
    ) -> list[LeasedDelivery]:
        """Up to `limit` due deliveries, none of those in `but`, for `lease_s` seconds.

        No other sender gets them before the lease has run out.
        """
        left_out = (list(but.targets), list(but.tenants))
        statement = _LEASE_BESIDE if but.tenants else _LEASE_DUE
        rows = await self._rows(statement, limit, uuid4(), lease_s, *left_out)
        return [LeasedDelivery(**{**row, "event": WebhookEvent(row["event"])}) for row in rows]

    async def backlog(self) -> Backlog:
        """What is due and not under way, counted so far."""
        row = await self._row(_BACKLOG, MOST_COUNTED)
        assert row is not None, "an aggregate always answers"
        return Backlog(row["n"], row["oldest_s"])

    async def settle(
        self, outcomes: Sequence[Outcome], *, disable_after: timedelta | None = None
    ) -> Settled:
        """Record attempts; one whose lease went to another does not count.

        Endpoints are disabled that have had deliveries given up for longer than `disable_after`,
        and none that succeeded; others of the tenant are told.
        """
        ordered = sorted(outcomes, key=lambda one: one.delivery_id)
        columns = (
            [getattr(one, name) for one in ordered]
            for name in (
                "delivery_id",
                "lease_id",
                "attempted_at",
                "status_code",
                "error",
                "latency_ms",
                "retry_in_s",
            )
        )
        row = await self._row(_SETTLE, *columns, disable_after)
        assert row is not None, "counts always answer"
        return Settled(row["n"], row["disabled"])

    async def release(self, deliveries: Sequence[LeasedDelivery]) -> None:
        """Give back what was not attempted to its end, for another sender to take up at once."""
        ids = [one.id for one in deliveries]
        await self._rows(_RELEASE, ids, [one.lease_id for one in deliveries])
