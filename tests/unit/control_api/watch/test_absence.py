from dataclasses import replace
from uuid import UUID

from control_api.watch.absence import Absences, Duty
from store.reaping import Candidate
from store.records import SessionId, SessionStatus

ASHA = Candidate(SessionId(UUID(int=1)), "voice-a", SessionStatus.CREATED)
RAVI = Candidate(SessionId(UUID(int=2)), "voice-r", SessionStatus.ACTIVE)


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def absences(clock: Clock) -> Absences:
    return Absences(clock, send_after_s=2.0, give_up_after_s=15.0)


def test_a_caller_is_left_alone_for_two_seconds_before_an_agent_is_sent_for() -> None:
    clock = Clock()
    watched = absences(clock)
    duties = []
    for at_s in (100.0, 101.9, 102.0, 114.9, 115.0):
        clock.now_s = at_s
        duties.append([duty for _, duty in watched.judge([ASHA])])

    assert duties == [[], [], [Duty.SEND_AGENT], [Duty.SEND_AGENT], [Duty.GIVE_UP]]


def test_whose_agent_waits_for_a_process_is_sent_another_at_half_time_only() -> None:
    clock = Clock()
    watched = absences(clock)
    taken = replace(ASHA, is_taken=True)
    duties = []
    for at_s in (100.0, 107.4, 107.5, 115.0):
        clock.now_s = at_s
        duties.append([duty for _, duty in watched.judge([taken])])

    assert duties == [[], [], [Duty.SEND_AGENT], [Duty.GIVE_UP]]


def test_whom_no_worker_has_any_more_is_sent_an_agent_at_once() -> None:
    clock = Clock()
    watched = absences(clock)
    list(watched.judge([replace(ASHA, is_taken=True)]))
    clock.now_s = 103.0

    assert list(watched.judge([ASHA])) == [(ASHA, Duty.SEND_AGENT)]


def test_who_was_seen_with_an_agent_starts_anew() -> None:
    clock = Clock()
    watched = absences(clock)
    list(watched.judge([ASHA, RAVI]))
    clock.now_s = 101.5
    list(watched.judge([RAVI]))
    clock.now_s = 103.0

    assert list(watched.judge([ASHA, RAVI])) == [(RAVI, Duty.SEND_AGENT)]
