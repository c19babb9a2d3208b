"""What a job leaves of a conversation, and where its successor goes on."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from agent.holding.memory import belongings, resume_point, traceparent_in
from agent.records.said import Said
from agent.records.till import Till
from core.catalog import Catalog
from pipeline.events import TurnEnded
from pipeline.metering import Meter
from pipeline.resumption import PastTurn
from pipeline.snapshot import AtHand, OpenTurn, Snapshot
from pipeline.spending import Spent
from pipeline.timeline import Latencies, Moments
from store.kept import turn_of, turn_to_json
from store.records import NewTurn, SessionId, TurnId, TurnRecord

EXCHANGE = UUID(int=3)
CONFIG = {"llm_model": "kimi-k2.5", "stt_model": "saaras:v3-realtime", "tts_model": "bulbul:v2"}
ROUNDS: Any = [[{"id": "1", "name": "book", "arguments": "{}", "result": "done"}]]
ANSWERING = AtHand(
    str(EXCHANGE),
    "Book it.",
    started_at_ms=4000,
    caller_audio_s=1.5,
    heard="It is",
    played_s=0.5,
    rest="booked.",
    rounds=ROUNDS,
    n_discarded=1,
    used=Spent(200, 9, 30),
    discarded=Spent(180),
)
SPEAKING = OpenTurn(str(EXCHANGE), "When do you", started_at_ms=8000, caller_audio_s=1.2)


@pytest.fixture
def till() -> Till:
    return Till(Meter(), Catalog.load(), CONFIG)


def open_turn(till: Till, snapshot: Snapshot) -> NewTurn | None:
    return belongings(snapshot, till, "hi-IN").open_turn


def test_an_answer_at_hand_is_owed_as_far_as_it_was_heard(till: Till) -> None:
    left = open_turn(till, Snapshot(taken_at_ms=9000, next_index=2, at_hand=ANSWERING))

    assert left == NewTurn(
        id=TurnId(EXCHANGE),
        turn_index=2,
        user_transcript="Book it.",
        agent_response="It is",
        interrupted=True,
        llm_model="kimi-k2.5",
        language="hi-IN",
        started_at_ms=4000,
        ended_at_ms=9000,
        caller_audio_s=1.5,
        agent_audio_s=0.5,
        tool_rounds=ROUNDS,
        discarded_answers=1,
        used_input_tokens=200,
        used_output_tokens=9,
        used_characters=30,
        discarded_input_tokens=180,
        discarded_output_tokens=0,
        discarded_characters=0,
    )


def test_what_an_unheard_answer_at_hand_took_was_in_vain(till: Till) -> None:
    unheard = replace(ANSWERING, heard="", rounds=[])
    left = open_turn(till, Snapshot(taken_at_ms=9000, at_hand=unheard))

    assert left is not None
    assert (left.used_input_tokens, left.used_characters) == (0, 0)
    assert (left.discarded_input_tokens, left.discarded_characters) == (380, 30)


def test_words_without_an_answer_are_owed_without_one(till: Till) -> None:
    left = open_turn(till, Snapshot(taken_at_ms=9000, next_index=2, open_turn=SPEAKING))

    assert left == NewTurn(
        id=TurnId(EXCHANGE),
        turn_index=2,
        user_transcript="When do you",
        agent_response="",
        llm_model="kimi-k2.5",
        language="hi-IN",
        started_at_ms=8000,
        ended_at_ms=9000,
    )


def test_of_an_answer_and_words_that_follow_it_the_answer_is_owed(till: Till) -> None:
    words = OpenTurn(str(UUID(int=4)), "Wait", 8500, 0.4)
    left = open_turn(till, Snapshot(taken_at_ms=9000, at_hand=ANSWERING, open_turn=words))

    assert left is not None
    assert (left.id, left.user_transcript) == (EXCHANGE, "Book it.")


@pytest.mark.parametrize(
    "snapshot",
    [Snapshot(), Snapshot(taken_at_ms=9000, open_turn=OpenTurn(str(EXCHANGE), "", 8000, 0.3))],
    ids=["nothing", "sound without words"],
)
def test_where_nothing_was_said_no_turn_is_owed(till: Till, snapshot: Snapshot) -> None:
    assert open_turn(till, snapshot) is None


@pytest.mark.parametrize("taken_at_ms", [0, 3999, 4000])
def test_no_turn_ends_before_it_has_begun(till: Till, taken_at_ms: int) -> None:
    answering = Snapshot(taken_at_ms=taken_at_ms, at_hand=ANSWERING)
    speaking = Snapshot(taken_at_ms=taken_at_ms, open_turn=SPEAKING)
    for snapshot in (answering, speaking):
        left = open_turn(till, snapshot)
        assert left is not None
        assert left.started_at_ms == left.ended_at_ms == taken_at_ms


@pytest.mark.parametrize(
    "memory",
    [
        {"taken_at_ms": -5, "next_index": -1, "at_hand": {"started_at_ms": -9, "played_s": -1}},
        {"taken_at_ms": 5, "open_turn": {"text": "Hm", "started_at_ms": -9, "caller_audio_s": -1}},
        {"at_hand": {"started_at_ms": 10**30, "caller_audio_s": 10**30, "played_s": 1e308}},
    ],
)
def test_no_memory_makes_a_turn_that_cannot_be_stored(till: Till, memory: dict[str, Any]) -> None:
    for key in ("at_hand", "open_turn"):
        if key in memory:
            memory[key]["id"] = str(EXCHANGE)
    left = open_turn(till, Snapshot.from_json(memory))

    assert left is not None
    assert left.started_at_ms is not None
    assert left.ended_at_ms is not None
    assert 0 <= left.started_at_ms <= left.ended_at_ms < 2**31
    assert min(left.turn_index, left.caller_audio_s, left.agent_audio_s) >= 0


def test_what_is_left_comes_back_from_the_store(till: Till) -> None:
    snapshot = Snapshot(taken_at_ms=9000, next_index=2, at_hand=ANSWERING)
    left = belongings(snapshot, till, "hi-IN")

    assert left.open_turn is not None
    assert turn_of(turn_to_json(left.open_turn)) == left.open_turn
    assert Snapshot.from_json(left.memory).next_index == 2


def test_what_was_used_is_owed_and_yet_to_be_charged(till: Till) -> None:
    till.meter.add_text(10_000 * "x")
    left = belongings(Snapshot(), till, "hi-IN")

    assert [charge.credits for charge in left.unbilled] == [Decimal(15)]
    assert left.unbilled == till.take()


def test_a_successor_knows_what_was_left_and_what_is_recorded() -> None:
    turn = TurnRecord(
        id=TurnId(EXCHANGE),
        session_id=SessionId(UUID(int=7)),
        turn_index=0,
        user_transcript="Tea?",
        agent_response="Yes.",
        tool_rounds=ROUNDS,
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    memory = Snapshot(taken_at_ms=9000, next_index=1).to_json()
    point = resume_point(memory, [turn], elapsed_s=12.0, is_planned=True, sound_from_s=8.0)

    assert point.snapshot == Snapshot(taken_at_ms=9000, next_index=1)
    assert point.past == [PastTurn(str(EXCHANGE), 0, "Tea?", "Yes.", ROUNDS)]
    assert (point.elapsed_s, point.is_planned, point.sound_from_s) == (12.0, True, 8.0)


def test_words_that_no_turn_keeps_go_with_what_is_remembered(till: Till) -> None:
    said = Said([PastTurn(str(UUID(int=1)), 0, "", "Hello!")])
    said.add(ended(EXCHANGE, 1, "Tea?\0", "Yes."))
    left = belongings(Snapshot(at_hand=ANSWERING), till, "hi-IN", said=said)
    stored = [blank(UUID(int=1), 0), blank(EXCHANGE, 1), blank(UUID(int=9), 2)]

    point = resume_point(left.memory, stored, elapsed_s=12.0, is_planned=False)

    assert left.open_turn is not None
    assert (left.open_turn.user_transcript, left.open_turn.agent_response) == ("", "")
    assert "done" not in str(left.open_turn), "nothing of what a tool gave"
    assert left.open_turn.used_input_tokens == 200
    assert point.past == [
        PastTurn(str(UUID(int=1)), 0, "", "Hello!"),
        PastTurn(str(EXCHANGE), 1, "Tea?", "Yes.", ROUNDS),
        PastTurn(str(UUID(int=9)), 2, "", ""),
    ]


def test_what_is_remembered_of_long_conversations_is_bounded(till: Till) -> None:
    said = Said([])
    for index in range(100):
        said.add(ended(UUID(int=index), index, 5000 * "a", 5000 * "b"))

    kept = said.to_json()

    assert [one["turn_index"] for one in kept] == list(range(60, 100))
    assert {len(one["caller"]) + len(one["agent"]) for one in kept} == {5000}
    assert [one["rounds"] for one in kept] == [None] * 30 + [ROUNDS] * 10


@pytest.mark.parametrize("said", [None, 7, [7], [{"id": "x"}], [{"id": str(EXCHANGE), "agent": 7}]])
def test_what_nobody_understands_of_what_was_said_is_passed_over(said: object) -> None:
    point = resume_point({"said": said}, [blank(EXCHANGE, 0)], elapsed_s=1.0, is_planned=False)

    assert point.past == [PastTurn(str(EXCHANGE), 0, "", "")]


def ended(turn_id: UUID, index: int, caller: str, agent: str) -> TurnEnded:
    words = (str(turn_id), index, caller, agent)
    latencies, moments = Latencies(*[None] * 6), Moments(None, None, None)
    return TurnEnded(
        *words, False, latencies, moments, "hi-IN", 0, 9000, 1.5, 0.5, tool_rounds=ROUNDS
    )


def blank(turn_id: UUID, index: int) -> TurnRecord:
    return TurnRecord(
        id=TurnId(turn_id),
        session_id=SessionId(UUID(int=7)),
        turn_index=index,
        user_transcript="",
        agent_response="",
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


def test_a_successor_of_one_who_left_nothing_begins_from_nothing() -> None:
    point = resume_point(None, [], elapsed_s=12.0, is_planned=False)

    assert (point.snapshot, point.past, point.sound_from_s) == (Snapshot(), [], None)


def test_the_trace_of_a_session_is_remembered(till: Till) -> None:
    traceparent = f"00-{'a' * 32}-{'b' * 16}-01"
    left = belongings(Snapshot(), till, "hi-IN", traceparent=traceparent)
    assert traceparent_in(left.memory) == traceparent


@pytest.mark.parametrize("memory", [None, {}, {"traceparent": 7}, {"traceparent": "rubbish"}])
def test_a_memory_without_a_trace_tells_of_none(memory: dict[str, Any] | None) -> None:
    assert traceparent_in(memory) == ""
