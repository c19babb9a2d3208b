"""What a call counts as whose greeting was heard, was not, or came to a caller that was held up."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.greeting import LATE_S, METRIC, note
from benchmarks.greeting_caller import CallSeen
from benchmarks.result import Tally

BOOT_AT = 1_700_000_000.0
TOLD: dict[str, Any] = {"offered_at": BOOT_AT + 100.2, "attended_ms": 210, "sounded_ms": 220}
SEEN = CallSeen(
    connect_started_at=100.0,
    joined_at=100.1,
    agent_joined_at=100.3,
    agent_track_at=100.43,
    heard_at=100.47,
    held_up_s=0.005,
)


LATE_AT = 100.42 + LATE_S + 0.01


def noted(seen: CallSeen) -> Tally:
    tally = Tally()
    note(seen, TOLD, tally, BOOT_AT)
    return tally


def test_every_moment_is_told_since_the_caller_began_to_connect() -> None:
    tally = noted(SEEN)

    told = {name: samples[0] for name, samples in tally.samples_ms.items() if samples}
    assert told == {
        "caller joined": 100.0,
        "agent: offered": 200.0,
        "agent: attended": 410.0,
        "agent: sounded": 420.0,
        "caller sees agent": 300.0,
        "caller has track": 430.0,
        METRIC: 470.0,
    }
    assert not tally.errors
    assert not tally.discards


def test_a_greeting_that_a_caller_could_hear_and_did_not_is_an_error() -> None:
    tally = noted(replace(SEEN, heard_at=None))

    assert dict(tally.errors) == {"no greeting": 1}
    assert tally.samples_ms[METRIC] == []


def test_a_caller_without_the_agents_track_heard_no_greeting() -> None:
    tally = noted(replace(SEEN, agent_track_at=None, heard_at=None))

    assert dict(tally.errors) == {"no greeting": 1}


@pytest.mark.parametrize("heard_at", [None, 124.0])
def test_a_caller_that_was_held_up_while_the_agent_spoke_says_nothing(
    heard_at: float | None,
) -> None:
    late = replace(SEEN, agent_track_at=LATE_AT, heard_at=heard_at)

    tally = noted(replace(late, held_up_s=LATE_S + 0.01))

    assert dict(tally.discards) == {"caller late": 1}
    assert not tally.errors
    assert not tally.samples_ms


def test_a_track_that_came_late_to_a_caller_that_ran_all_the_time_is_the_systems_doing() -> None:
    tally = noted(replace(SEEN, agent_track_at=LATE_AT, heard_at=None))

    assert dict(tally.errors) == {"no greeting": 1}
    assert not tally.discards
