"""Transcripts as text and as subtitles."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from control_api.sessions.transcript_text import as_srt, as_txt
from store.records import SessionId, TurnId, TurnRecord


def turn(user: str, agent: str, **fields: Any) -> TurnRecord:
    return TurnRecord(
        id=TurnId(uuid4()),
        session_id=SessionId(uuid4()),
        turn_index=0,
        user_transcript=user,
        agent_response=agent,
        created_at=datetime(2026, 4, 19, tzinfo=UTC),
        **fields,
    )


def times(srt: str) -> list[str]:
    return [line for line in srt.splitlines() if "-->" in line]


def test_text_has_a_line_for_each_side_that_spoke() -> None:
    turns = [turn("", "Hello!"), turn("When do you\r\nopen?", "At nine."), turn("Bye", " \n")]

    assert as_txt(turns) == "Agent: Hello!\nUser: When do you open?\nAgent: At nine.\nUser: Bye\n"


def test_nothing_said_is_an_empty_text_and_no_cues() -> None:
    assert (as_txt([]), as_srt([])) == ("", "")
    assert (as_txt([turn("", "")]), as_srt([turn("", "")])) == ("", "")


def test_subtitles_follow_what_was_heard() -> None:
    greeting = turn("", "Hello!", started_at_ms=0, ended_at_ms=1200, agent_audio_s=1.0)
    answer = turn(
        "When do you open?",
        "At nine.\nEvery day.",
        started_at_ms=2000,
        ended_at_ms=3_725_450,
        caller_audio_s=1.5,
        agent_audio_s=2.0,
    )

    assert as_srt([greeting, answer]) == (
        "1\n00:00:00,200 --> 00:00:01,200\nAgent: Hello!\n\n"
        "2\n00:00:02,000 --> 00:00:03,500\nUser: When do you open?\n\n"
        "3\n01:02:03,450 --> 01:02:05,450\nAgent: At nine. Every day.\n"
    )


def test_a_barge_in_ends_the_cue_before_it() -> None:
    cut = turn("", "Let me tell", started_at_ms=0, ended_at_ms=1000, agent_audio_s=1.0)
    over = turn("Stop", "", started_at_ms=800, ended_at_ms=1500, caller_audio_s=0.5)

    assert times(as_srt([cut, over])) == [
        "00:00:00,000 --> 00:00:00,800",
        "00:00:00,800 --> 00:00:01,300",
    ]


def test_cues_without_any_timing_still_follow_each_other() -> None:
    turns = [turn("one", "two"), turn("three", "four")]

    assert times(as_srt(turns)) == [
        "00:00:00,000 --> 00:00:00,100",
        "00:00:00,100 --> 00:00:00,200",
        "00:00:00,200 --> 00:00:00,300",
        "00:00:00,300 --> 00:00:00,400",
    ]


def test_line_separators_of_every_kind_stay_out_of_a_cue() -> None:
    srt = as_srt([turn("a\r\n\r\nb\u2028c\x85d\ve", "")])

    assert srt.split("\n") == ["1", "00:00:00,000 --> 00:00:00,100", "User: a b c d e", ""]
