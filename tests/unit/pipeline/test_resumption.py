"""Where a conversation goes on: what was left, told from a snapshot that may be older than it."""

from dataclasses import replace

import pytest

from pipeline.events import Ending
from pipeline.resumption import HARDLY_HEARD_S, PastTurn, ResumePoint
from pipeline.snapshot import AtHand, OpenTurn, Snapshot

AT_HAND = AtHand("a", "Book it.", 5000, heard="It is", played_s=0.5, rest="booked.", is_whole=True)
OPEN = OpenTurn("o", "And then", 8000, 0.5)
SNAPSHOT = Snapshot(taken_at_ms=9000, next_index=2, at_hand=AT_HAND, open_turn=OPEN)
POINT = ResumePoint(SNAPSHOT, [PastTurn("g", 0, "", "Hello.")], elapsed_s=12.0)


def recorded(exchange_id: str) -> ResumePoint:
    """The exchange was recorded after the snapshot was taken."""
    return replace(POINT, past=[*POINT.past, PastTurn(exchange_id, 2, "Book it.", "It is booked.")])


def with_snapshot(**changes: object) -> ResumePoint:
    return replace(POINT, snapshot=replace(SNAPSHOT, **changes))  # type: ignore[arg-type]


def test_indices_go_on_after_the_snapshots_and_the_recorded_ones() -> None:
    assert POINT.turn_index == 2
    assert recorded("a").turn_index == 3


def test_what_is_recorded_is_not_at_hand_and_not_open() -> None:
    assert POINT.at_hand == AT_HAND
    assert recorded("a").at_hand is None
    assert recorded("o").last_words is None


def test_a_reply_that_was_hardly_heard_begins_anew() -> None:
    point = with_snapshot(at_hand=replace(AT_HAND, played_s=HARDLY_HEARD_S - 0.01))
    assert point.at_hand == replace(AT_HAND, heard="", played_s=0.0, rest="It is booked.")


@pytest.mark.parametrize(
    ("sound_from_s", "is_heard_again"), [(None, False), (8.1, False), (8.0, True), (3.0, True)]
)
def test_words_are_recorded_unless_their_sound_is_heard_from_the_beginning(
    sound_from_s: float | None, is_heard_again: bool
) -> None:
    point = replace(POINT, sound_from_s=sound_from_s)
    assert (point.last_words is None) == is_heard_again
    assert (point.heard_again == OPEN) == is_heard_again


def test_a_listening_noise_under_a_reply_is_no_turn() -> None:
    assert with_snapshot(open_turn=replace(OPEN, text="mm-hm")).last_words is None
    alone = with_snapshot(open_turn=replace(OPEN, text="mm-hm"), at_hand=None)
    assert alone.last_words is not None


def test_a_sound_without_words_is_no_turn() -> None:
    assert with_snapshot(open_turn=replace(OPEN, text="")).last_words is None


def test_a_farewell_that_was_heard_ends_it_unless_words_withdrew_it() -> None:
    parting = Ending.AGENT_CLOSED
    assert with_snapshot(parting=parting, open_turn=None).farewell_heard is parting
    assert with_snapshot(parting=parting).farewell_heard is None


def test_a_last_line_that_was_recorded_is_not_owed_any_more() -> None:
    goodbye = replace(AT_HAND, leads_to=Ending.MAX_DURATION)
    point = with_snapshot(winding_down=Ending.MAX_DURATION, at_hand=goodbye)
    assert point.farewell_heard is None
    heard = replace(point, past=recorded("a").past)
    assert heard.farewell_heard is Ending.MAX_DURATION
