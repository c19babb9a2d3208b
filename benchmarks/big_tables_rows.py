"""What the big tables hold: one tenant's year, made on the server."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import asyncpg
from pydantic import SecretStr

from benchmarks.api_load_rows import CREATES_PER_TENANT, add_tenant
from benchmarks.bulk_load import bulk_load, timed
from core.setting_groups import DatabaseSettings
from store.pool import Connection, Database
from store.records import TenantId
from store.rollups import RollupRepository

DAYS: Final = 90
_TABLES: Final = ("sessions", "turns", "webhook_deliveries", "ledger")
_SCOPES: Final = "usage:read,webhooks:write,bots:read"
_HOURS_TOLD: Final = 240
_BATCH: Final = 50_000
"""Sessions whose turns are written by one statement."""
_COUNT: Final = """
INSERT INTO session_counts SELECT tenant_id, status, count(*) FROM sessions GROUP BY 1, 2
ON CONFLICT ON CONSTRAINT session_counts_pkey DO UPDATE SET n = excluded.n"""
# `$1` tenant, `$2` how many; the rows lie evenly in the span, their ids say which they are.
_SESSIONS: Final = """
INSERT INTO sessions (id, tenant_id, status, config, room_name, started_at, ended_at, end_reason,
                      turn_count, total_audio_seconds, created_at)
SELECT md5('session' || n)::uuid, $1, 'completed', jsonb_build_object(
           'system_prompt', 'You are a helpful assistant.', 'greeting', 'Hello!',
           'voice', (ARRAY['shubh', 'priya'])[1 + n % 2], 'language', 'en-IN',
           'llm_model', (ARRAY['kimi-k2.5', 'sarvam-105b'])[1 + n % 2], 'tts_provider', 'sarvam',
           'max_duration_seconds', 300, 'stt_model', 'saaras:v3', 'tts_model', 'bulbul:v3'),
       'voice-' || n, at, at + interval '3 minutes', 'caller_hangup', 2, 170.5, at
FROM (SELECT n, now() - n * make_interval(days => $3) / $2::bigint AS at
      FROM generate_series(1, $2::bigint) AS n) _"""
# A turn's words are those that all of them have and its order's: to parse
# both together would cost more than all else.
_TURNS: Final = """
WITH said AS MATERIALIZED (
    SELECT before, after, answer,
           transcript_words($1, concat_ws(' ', before, after, answer)) AS words
    FROM (VALUES ('When do you open on Sundays, and is order', 'ready?',
                  'We open at nine in the morning and close at five.')) AS v (before, after, answer)
)
INSERT INTO turns (id, session_id, turn_index, user_transcript, agent_response, interrupted, stt_ms,
                   first_token_ms, tts_ttfb_ms, first_audio_ms, eou_delay_ms, total_ms, llm_model,
                   language, started_at_ms, ended_at_ms, caller_audio_s, agent_audio_s, created_at,
                   words)
SELECT gen_random_uuid(), s.id, i, concat_ws(' ', before, short, after), answer, false,
       80 + (80 * random())::int, 150 + (300 * random() ^ 3)::int, 90 + (90 * random())::int,
       400 + (900 * random() ^ 3)::int, 200 + (300 * random())::int, 3000 + (3000 * random())::int,
       s.config ->> 'llm_model', 'en-IN', i * 9000, i * 9000 + 6000, 1.8, 3.1,
       s.created_at + i * interval '30 s', words || transcript_words(s.tenant_id, short)
FROM generate_series($3::bigint, $4::bigint) AS n
JOIN sessions s ON s.id = md5('session' || n)::uuid AND s.tenant_id = $1
CROSS JOIN LATERAL (SELECT left(s.id::text, 8) AS short OFFSET 0) AS named
CROSS JOIN generate_series(0, $2::int - 1) AS i
CROSS JOIN said"""
_DELIVERIES: Final = """
INSERT INTO webhook_deliveries (id, tenant_id, session_id, webhook_id, url, event, data, status,
                                attempts, status_code, latency_ms, created_at, delivered_at,
                                next_attempt_at, replay_of)
SELECT gen_random_uuid(), $1, md5('session' || 1 + n % $3::bigint)::uuid, $4,
       'https://example.com/hook', 'voice_session.ended', '{"status": "completed"}',
       CASE WHEN n % 1000 = 0 THEN 'failed' ELSE 'succeeded' END, 1, 200, 35, at,
       CASE WHEN n % 1000 = 0 THEN NULL ELSE at END, NULL, gen_random_uuid()
FROM (SELECT n, now() - (($2::bigint - n) * interval '1 s') AS at
      FROM generate_series(1, $2::bigint) AS n) _"""
_WAITING: Final = """
INSERT INTO webhook_deliveries (id, tenant_id, session_id, webhook_id, url, event, data)
SELECT gen_random_uuid(), w.tenant_id, md5('session' || n)::uuid, w.id, w.url,
       'voice_session.started', jsonb_build_object(
           'session_id', md5('session' || n)::uuid, 'bot_id', NULL, 'llm', 'kimi-k2.5',
           'voice', 'shubh', 'language', 'en-IN', 'status', 'created', 'metadata', NULL)
FROM webhooks w CROSS JOIN generate_series(1, $3::int) AS n
WHERE w.tenant_id = $1 AND w.id = ANY($2)"""
_LEDGER: Final = """
INSERT INTO ledger (id, tenant_id, kind, credits, session_id, service, model, output_tokens,
                    created_at)
SELECT gen_random_uuid(), $1, 'charge', -0.05, md5('session' || 1 + n % $3::bigint)::uuid, 'llm',
       'kimi-k2.5', 40, now() - n * interval '90 days' / $2::bigint
FROM generate_series(1, $2::bigint) AS n"""
_AUDIT: Final = """
INSERT INTO audit (tenant_id, actor_kind, actor_id, action, resource)
SELECT $1, 'jwt', 'asha', 'session.end', md5('session' || n)
FROM generate_series(1, $2::int) AS n"""
_WEBHOOK: Final = """
INSERT INTO webhooks (id, tenant_id, url, events, is_active, sealed_secret)
VALUES ($1, $2, 'https://example.com/hook', ARRAY['voice_session.ended'], false, '\\x00')"""


@dataclass(frozen=True)
class Sizes:
    """How many rows; `turns` a session, the ledger has as many rows as there are turns."""

    sessions: int
    turns: int
    deliveries: int


@dataclass(frozen=True)
class Big:
    """The tenant with all of it, and keys of others that may create ten times a minute."""

    tenant_id: TenantId
    key: str
    webhook_id: UUID
    creators: tuple[str, ...]


async def fill(dsn: str, sizes: Sizes, *, creates: int) -> Big:
    """Write it all."""
    database = await Database.open(DatabaseSettings(url=SecretStr(dsn), timeout_s=600.0))
    try:
        n_creators = -(-creates // CREATES_PER_TENANT)
        creators = [(await add_tenant(database, scopes=_SCOPES))[1] for _ in range(n_creators)]
        tenant_id, key = await add_tenant(database, scopes=_SCOPES)
    finally:
        await database.close()
    big = Big(tenant_id, key, uuid4(), tuple(creators))
    connection = await asyncpg.connect(dsn)
    try:
        async with bulk_load(connection, *_TABLES):
            await _write(connection, big, sizes)
    finally:
        await connection.close()
    return big


async def roll_up(dsn: str) -> int:
    """Every hour that is over, without a rest between; how many there were."""
    database = await Database.open(DatabaseSettings(url=SecretStr(dsn), timeout_s=600.0))
    n = 0
    try:
        while True:
            async with database.transaction() as connection:
                if await RollupRepository(connection).roll_next() is None:
                    return n
            n += 1
            if n % _HOURS_TOLD == 0:
                print(f"{n:,} hours rolled up", file=sys.stderr, flush=True)
    finally:
        await database.close()


async def leave_waiting(dsn: str, big: Big, webhook_ids: Sequence[UUID], each: int) -> None:
    """So many deliveries of each endpoint, due now. Of sessions that there are: at least `each`."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_WAITING, big.tenant_id, webhook_ids, each)
    finally:
        await connection.close()


async def explain(dsn: str, statements: Mapping[str, tuple[str, tuple[object, ...]]]) -> list[str]:
    """What Postgres does for each, with its times."""
    connection = await asyncpg.connect(dsn)
    try:
        shown = []
        for name, (statement, arguments) in statements.items():
            plan = f"EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF) {statement}"
            shown += ["", name, *(row[0] for row in await connection.fetch(plan, *arguments))]
        return shown
    finally:
        await connection.close()


async def _write(connection: Connection, big: Big, sizes: Sizes) -> None:
    tenant_id, n_sessions, n_turns = big.tenant_id, sizes.sessions, sizes.sessions * sizes.turns
    with timed(f"{n_sessions:,} sessions"):
        await connection.execute(_SESSIONS, tenant_id, n_sessions, DAYS)
        await connection.execute(_COUNT)
    for first in range(1, n_sessions + 1, _BATCH):
        last = min(first + _BATCH - 1, n_sessions)
        with timed(f"turns of {last:,} sessions"):
            await connection.execute(_TURNS, tenant_id, sizes.turns, first, last)
    with timed(f"{sizes.deliveries:,} deliveries"):
        await connection.execute(_WEBHOOK, big.webhook_id, tenant_id)
        await connection.execute(
            _DELIVERIES, tenant_id, sizes.deliveries, n_sessions, big.webhook_id
        )
    with timed(f"{n_turns:,} charges"):
        await connection.execute(_LEDGER, tenant_id, n_turns, n_sessions)
    await connection.execute(_AUDIT, tenant_id, 100_000)
