"""Snapshots: written in bounds, read without trust."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pipeline.events import Ending
from pipeline.metering import Usage
from pipeline.ports import ToolCall
from pipeline.rounds import rounds_to_json
from pipeline.snapshot import AtHand, OpenTurn, Snapshot, Unheard
from pipeline.spending import Spent
from pipeline.tool_use import Called

ID = "0d1b2f6e-9a31-4e0e-8a1c-1f6b5a1f7c11"
OTHER_ID = "7c6f8f2a-51b7-4a2d-bb0e-6e3f0f0b9d22"
AT_HAND = AtHand(
    id=ID,
    caller_text="Book a table.",
    started_at_ms=5100,
    caller_audio_s=1.25,
    n_discarded=2,
    used=Spent(80, 12, 40),
    discarded=Spent(160, 9),
    is_announced=True,
    heard="It is booked",
    played_s=1.5,
    rest="for eight.",
    before_calls="for",
    is_whole=True,
    leads_to=Ending.AGENT_CLOSED,
    is_owed=True,
    rounds=rounds_to_json([[Called(ToolCall("1", "book_table", "{}"), "booked")]]),
    tools_s=0.5,
    marks={"speech_ended_at": 6400, "voice_asked_at": -20},
)
FULL = Snapshot(
    taken_at_ms=9000,
    next_index=3,
    at_hand=AT_HAND,
    open_turn=OpenTurn(OTHER_ID, "mm-hm", 8700, 0.25),
    unheard=Unheard("Are you still there?", Ending.NO_INPUT),
    n_failed=1,
    n_idle_prompts=2,
    n_overruns=2,
    n_wordless_overruns=1,
    has_spoken=True,
    parting=Ending.AGENT_CLOSED,
    winding_down=Ending.BUDGET_EXHAUSTED,
    unbilled=Usage(100, 20, 300, 4.5, 50, 10, Decimal("700.125")),
)


def stored(snapshot: Snapshot) -> Any:
    """As a database gives it back."""
    return json.loads(json.dumps(snapshot.to_json(), allow_nan=False))


@pytest.mark.parametrize("snapshot", [Snapshot(), FULL, replace(FULL, at_hand=None)])
def test_what_was_written_is_read_again(snapshot: Snapshot) -> None:
    assert Snapshot.from_json(stored(snapshot)) == snapshot


@pytest.mark.parametrize(
    "garbage", [None, "", "{}", 7, [], [FULL.to_json()], {"at_hand": 3}, {"version": "x"}]
)
def test_garbage_is_an_empty_snapshot(garbage: object) -> None:
    assert Snapshot.from_json(garbage) == Snapshot()


@pytest.mark.parametrize("bad", [None, "x", -3, [], {}, True, 1e300, float("nan"), {"id": "x"}])
def test_any_key_may_hold_anything(bad: object) -> None:
    for key in FULL.to_json():
        Snapshot.from_json({**stored(FULL), key: bad}).to_json()
    for part in ("at_hand", "open_turn", "unheard", "unbilled"):
        values = stored(FULL)[part]
        for key in values:
            read = Snapshot.from_json({**stored(FULL), part: {**values, key: bad}})
            assert read.next_index == 3
            json.dumps(read.to_json(), allow_nan=False)


def test_keys_that_are_missing_or_unknown_are_no_harm() -> None:
    for key in FULL.to_json():
        less = {name: value for name, value in stored(FULL).items() if name != key}
        assert Snapshot.from_json({**less, "mood": "good"}).taken_at_ms in (0, 9000)
    bare = Snapshot.from_json({"at_hand": {"id": ID, "caller_text": "Hello?"}})
    assert bare.at_hand == AtHand(ID, "Hello?", 0)


def test_an_exchange_under_no_id_is_none() -> None:
    read = Snapshot.from_json({"at_hand": {"caller_text": "Hello?"}, "open_turn": {"id": "me"}})
    assert read == Snapshot()


def test_an_ending_of_another_version_is_none() -> None:
    assert Snapshot.from_json({"winding_down": "moved_house"}).winding_down is None


@pytest.mark.parametrize("char", ["x", "क", '"', "\0", "\ud800"])
def test_a_snapshot_is_bounded_and_every_database_takes_it(char: str) -> None:
    long = char * 100_000
    called = [Called(ToolCall(str(n), "look_up", "{}"), long) for n in range(8)]
    at_hand = replace(
        AT_HAND,
        caller_text=long,
        heard=long,
        rest=long,
        before_calls=long,
        rounds=rounds_to_json([called] * 5),
    )
    made = replace(FULL, at_hand=at_hand, open_turn=OpenTurn(OTHER_ID, long, 0, 0.0)).to_json()
    text = json.dumps(made, ensure_ascii=False)
    assert "\\u0000" not in text
    assert len(text.encode()) <= 64 * 1024


def test_the_callers_sound_is_owed_from_the_beginning_of_what_they_are_saying() -> None:
    assert FULL.unheard_from_ms == 8500
    assert replace(FULL, open_turn=None).unheard_from_ms == 8800
