"""Rows as the API shows them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest

from control_api.catalog.views import model_view, voice_view
from control_api.request.json_values import moment
from control_api.session_views import session_view
from core.catalog import Catalog
from store.records import EndReason, SessionId, SessionRecord, SessionStatus, TenantId

CATALOG = Catalog.load()
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
    shown = session_view(ENDED)

    assert (shown["duration_seconds"], shown["total_audio_seconds"]) == (61.234, 12.346)
    assert (shown["status"], shown["end_reason"]) == ("completed", "caller_hangup")


def test_a_session_that_never_began_has_no_duration() -> None:
    assert session_view(replace(ENDED, started_at=None))["duration_seconds"] is None


def test_the_config_keeps_its_order_whatever_the_database_did() -> None:
    assert list(session_view(ENDED)["config"]) == ["system_prompt", "voice"]


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (None, None),
        (STARTED, "2026-04-19T12:00:00.000Z"),
        (
            datetime(2026, 4, 19, 17, 30, 0, 1500, timezone(timedelta(hours=5.5))),
            "2026-04-19T12:00:00.001Z",
        ),
    ],
)
def test_times_are_utc(at: datetime | None, shown: str | None) -> None:
    assert moment(at) == shown


def test_prices_are_numbers_per_million_tokens() -> None:
    model = CATALOG.model("kimi-k2.5")
    assert model is not None

    shown = model_view(model)

    assert shown["pricing"] == {"input": 57.6, "output": 288}
    assert "successor" not in shown
    assert shown["plans"] == ["free", "starter", "pro", "enterprise"]


def test_a_voice_shows_the_languages_that_it_may_speak() -> None:
    languages = {voice.id: voice_view(voice, CATALOG)["languages"] for voice in CATALOG.voices}

    assert len(languages) == 39
    assert len(languages["shubh"]) == 11
    assert languages["amelia"] == ["en-IN"]
