"""Sessions that are over, put straight into the database: more than a test could ever hold."""

from typing import Final

import asyncpg

from tests.e2e.account import Account
from tests.e2e.system import System

# One a minute, the newest first. `config` is that of a real session.
_SESSIONS: Final = """
INSERT INTO sessions (id, tenant_id, status, config, room_name, started_at, ended_at, end_reason,
                      turn_count, total_audio_seconds, created_at)
SELECT gen_random_uuid(), $1, 'completed', $2::jsonb || jsonb_build_object('voice', 'ritu'),
       'past-' || gen_random_uuid(), at, at + interval '40 s', 'caller_hangup', 2, 12.5, at
FROM (SELECT now() - make_interval(mins => n) AS at FROM generate_series(1, $3) AS n) AS moments"""
_TURNS: Final = """
INSERT INTO turns (id, session_id, turn_index, user_transcript, agent_response, interrupted, stt_ms,
                   first_token_ms, tts_ttfb_ms, first_audio_ms, eou_delay_ms, total_ms, llm_model,
                   language, started_at_ms, ended_at_ms, speech_ended_at_ms, llm_requested_at_ms,
                   tts_requested_at_ms, caller_audio_s, agent_audio_s, created_at)
SELECT gen_random_uuid(), id, 1, 'When are you open?', 'From nine to six.', false, 90,
       150 + n, 80, 400 + n, 210, 2400 + n, 'local', 'en-IN', 2000, 6000 + n, 3600, 3690,
       3850 + n, 1.6, 2.0, created_at
FROM (SELECT id, created_at, row_number() OVER (ORDER BY created_at DESC)::integer AS n
      FROM sessions WHERE tenant_id = $1 AND status = 'completed') AS past"""


async def add_past(system: System, account: Account, count: int) -> None:
    """So many sessions of the account, with one turn each, the older the slower."""
    session = await account.create()
    await account.delete(session["id"])
    connection = await asyncpg.connect(system.dsn)
    try:
        config = await connection.fetchval(
            "SELECT config::text FROM sessions WHERE tenant_id = $1", account.tenant_id
        )
        await connection.execute(_SESSIONS, account.tenant_id, config, count)
        await connection.execute(_TURNS, account.tenant_id)
    finally:
        await connection.close()
