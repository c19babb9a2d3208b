"""Sessions as the API shows them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from control_api.request.json_text import compact
from control_api.sessions.answers import Session
from store.records import EndReason, SessionId, SessionRecord, SessionStatus, TenantId

STARTED = datetime(2026, 4, 19, 12, 0, tzinfo=UTC)
ENDED = SessionRecord(
    id=SessionId(uuid4()),
    tenant_id=TenantId(uuid4()),
    bot_id=None,
    status=SessionStatus.COMPLETED,
    config={"voice": "shubh", "system_prompt": "Be kind."},
    room_name="voice-1",
    metadata=None,
    webhook_url=None,
    started_at=STARTED,
    ended_at=STARTED + timedelta(seconds=61.2345),
    end_reason=EndReason.CALLER_HANGUP,
    turn_count=3,
    recoveries=0,
    total_audio_seconds=12.3456789,
    created_at=STARTED - timedelta(seconds=2),
)


def test_durations_are_numbers_of_seconds() -> None:
    shown = json.loads(compact(Session.of(ENDED)))

    assert (shown["duration_seconds"], shown["total_audio_seconds"]) == (61.234, 12.346)
    assert (shown["status"], shown["end_reason"]) == ("completed", "caller_hangup")


def test_a_session_that_never_began_has_no_duration() -> None:
    assert Session.of(replace(ENDED, started_at=None)).duration_seconds is None


def test_the_config_keeps_its_order_whatever_the_database_did() -> None:
    assert list(json.loads(compact(Session.of(ENDED)))["config"]) == ["system_prompt", "voice"]
