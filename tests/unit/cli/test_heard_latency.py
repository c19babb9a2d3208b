"""What a response took by its sound."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from cli.heard_latency import HeardResponse, channels_of, heard_responses
from store.records import SessionId, TurnId, TurnRecord
from tests.recorded_sound import Events, recorded, said, windows


def turn(index: int, *, ended_ms: int | None, first_audio_ms: int | None) -> TurnRecord:
    return TurnRecord(
        id=TurnId(uuid4()),
        turn_index=index,
        user_transcript="",
        agent_response="",
        session_id=SessionId(UUID(int=0)),
        created_at=datetime.now(UTC),
        speech_ended_at_ms=ended_ms,
        first_audio_ms=first_audio_ms,
    )


def heard(folder: Path, events: Events, turns: list[TurnRecord]) -> list[HeardResponse]:
    return heard_responses(*channels_of(recorded(folder, events, 9.0)), turns)


def test_what_the_figures_do_not_say_of_a_wait_is_unexplained(tmp_path: Path) -> None:
    events: Events = [*windows(1.0, 0.96), *said(2.5, 1.0), *windows(5.0, 0.96), *said(6.5, 0.5)]
    honest = turn(1, ended_ms=1960, first_audio_ms=540)
    flattered = turn(2, ended_ms=5960, first_audio_ms=340)
    first, second = heard(tmp_path, events, [honest, flattered])

    assert first.heard_ms == pytest.approx(540, abs=30)
    assert first.unexplained_ms == pytest.approx(0, abs=30)
    assert second.unexplained_ms == pytest.approx(200, abs=30)
    assert second.caller_off_ms == pytest.approx(0, abs=30)
    assert second.agent_off_ms == pytest.approx(200, abs=30)


def test_a_turn_without_a_sound_of_either_is_not_measured(tmp_path: Path) -> None:
    events: Events = [*said(0.2, 1.0), *windows(2.0, 0.96), *said(7.0, 0.5)]
    turns = [
        turn(0, ended_ms=None, first_audio_ms=None),
        turn(1, ended_ms=2960, first_audio_ms=500),
        turn(2, ended_ms=6000, first_audio_ms=1000),
    ]
    unanswered, typed = heard(tmp_path, events, turns)

    assert (unanswered.turn_index, unanswered.heard_ms, unanswered.unexplained_ms) == (
        1,
        None,
        None,
    )
    assert (typed.turn_index, typed.heard_ms) == (2, None)
