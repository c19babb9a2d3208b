"""What the API's load runs on: tenants that may create, one with a great many sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid4

import asyncpg
from pydantic import SecretStr

from core.rights import Plan
from core.setting_groups import DatabaseSettings
from store.keys import KeyRepository, NewKey
from store.pool import Database
from store.records import TenantId
from store.tenants import TenantRepository

CREATES_PER_TENANT: Final = 10
"""More in a minute are refused."""
_NO_LIMIT_RPM: Final = 2**31 - 1
_TURNS: Final = 20
_SESSIONS: Final = """
INSERT INTO sessions (id, tenant_id, status, config, room_name, started_at, ended_at, end_reason,
                      turn_count, total_audio_seconds, created_at)
SELECT gen_random_uuid(), $1, 'completed', $2::jsonb, 'voice-' || gen_random_uuid(),
       moment, moment + interval '3 minutes', 'caller_hangup', 12, 170.5, moment
FROM (SELECT now() - make_interval(secs => n) AS moment FROM generate_series(1, $3::int) AS n) _"""
_ONE_SESSION: Final = "SELECT id FROM sessions WHERE tenant_id = $1 LIMIT 1"
_ADD_TURNS: Final = """
INSERT INTO turns (id, session_id, turn_index, user_transcript, agent_response, interrupted, stt_ms,
                   first_token_ms, first_audio_ms, total_ms, llm_model, started_at_ms, ended_at_ms,
                   caller_audio_s, agent_audio_s)
SELECT gen_random_uuid(), $1, n, 'When do you open on Sundays?',
       'We open at nine in the morning and close at five.', false, 120, 210, 480, 3900, 'kimi-k2.5',
       n * 9000, n * 9000 + 6000, 1.8, 3.1
FROM generate_series(0, $2::int - 1) AS n"""
ADD_TURNS_TO_ALL: Final = """
INSERT INTO turns (id, session_id, turn_index, user_transcript, agent_response, interrupted, stt_ms,
                   first_token_ms, first_audio_ms, total_ms, llm_model, started_at_ms, ended_at_ms,
                   caller_audio_s, agent_audio_s)
SELECT gen_random_uuid(), id, 100 + n, 'When do you open on Sundays?',
       'We open at nine in the morning and close at five.', false, 120, 210, 480, 3900, 'kimi-k2.5',
       n * 9000, n * 9000 + 6000, 1.8, 3.1
FROM sessions, generate_series(1, $1::int) AS n"""
"""So many to every session, whoever's it is."""
_EXPLAIN: Final = """
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF)
SELECT * FROM sessions WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT 200"""


@dataclass(frozen=True)
class Rows:
    """`creators`: a key for each ten creates; `reader`: the key of the tenant with many rows."""

    creators: Sequence[str]
    reader: str
    session_id: UUID
    plan: Sequence[str]


async def fill(dsn: str, *, creates: int, sessions: int) -> Rows:
    """Write it all. `plan` is what Postgres does for a page of 200 of the large tenant's list."""
    database = await Database.open(DatabaseSettings(url=SecretStr(dsn), timeout_s=600.0))
    try:
        creators = [await add_tenant(database) for _ in range(-(-creates // CREATES_PER_TENANT))]
        tenant_id, reader = await add_tenant(database)
    finally:
        await database.close()
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_SESSIONS, tenant_id, _CONFIG, sessions)
        session_id = await connection.fetchval(_ONE_SESSION, tenant_id)
        await connection.execute(_ADD_TURNS, session_id, _TURNS)
        await connection.execute("VACUUM (ANALYZE) sessions")
        plan = [row[0] for row in await connection.fetch(_EXPLAIN, tenant_id)]
    finally:
        await connection.close()
    return Rows([key for _, key in creators], reader, session_id, plan)


async def add_tenant(database: Database, *, scopes: str = "") -> tuple[TenantId, str]:
    """One with room for everything, and a key of it that is never told to wait."""
    async with database.transaction() as connection:
        tenant = await TenantRepository(connection).add(
            f"Load {uuid4().hex}", Plan.ENTERPRISE, Decimal(1_000_000)
        )
        new = NewKey(tenant_id=tenant.id, name="load", scopes=scopes, rate_limit_rpm=_NO_LIMIT_RPM)
        _, plaintext = await KeyRepository(connection).create(new)
        return tenant.id, plaintext


_CONFIG: Final = """{"system_prompt": "You are a helpful assistant.", "voice": "shubh",
"language": "en-IN", "llm_model": "kimi-k2.5", "tts_provider": "sarvam",
"max_duration_seconds": 300, "livekit_room": "voice-0", "greeting": "Hello!",
"stt_model": "saaras:v3", "tts_model": "bulbul:v3"}"""
