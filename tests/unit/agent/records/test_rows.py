"""A turn's events as the row that it becomes."""

from dataclasses import replace
from uuid import UUID

from agent.records.rows import new_turn
from pipeline.events import TurnEnded
from tests.unit.agent.records.test_live_events import NOWHEN, UNMEASURED

GREETING = TurnEnded(
    str(UUID(int=9)), 0, "", "Hello.", False, UNMEASURED, NOWHEN, "en-IN", 0, 900, 0.0, 0.9
)


def test_a_greetings_first_sound_has_its_moment_though_it_answers_nobody() -> None:
    row = new_turn(replace(GREETING, marks={"requested_at": -40, "first_audio_at": 210}), "kimi")

    assert (row.first_audio_at_ms, row.first_audio_ms) == (210, None)


def test_a_sound_from_before_the_start_counts_as_the_start() -> None:
    assert new_turn(replace(GREETING, marks={"first_audio_at": -3}), "kimi").first_audio_at_ms == 0


def test_a_reply_that_made_no_sound_has_no_such_moment() -> None:
    assert new_turn(GREETING, "kimi").first_audio_at_ms is None
