"""A session and its turns as spans, made of what is recorded; no word of it is among them."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind, StatusCode

from agent.holding.held import Held
from agent.holding.parting import Parting, Way
from agent.tracing.session_trace import SessionTrace
from core.catalog import Catalog
from core.spans import Traces
from pipeline.events import AgentState, AgentTranscribed, Event, StateChanged, TurnEnded
from pipeline.ports import Outcome, ToolCall
from pipeline.rounds import rounds_to_json
from pipeline.served import Served
from pipeline.spending import Spent
from pipeline.timeline import Latencies, Moments
from pipeline.tool_use import Called
from store.holds import Claim
from store.records import EndReason, SessionId, SessionRecord, SessionStatus, TenantId
from tests.unit.told_spans import ToldSpans, own_id, parent_id

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
WORD = "persimmon"
TOOLS = ("execute_tool find_hours", "execute_tool book_table")
CONFIG = {
    "llm_model": "sarvam-30b",
    "stt_model": "saaras:v3",
    "tts_model": "bulbul:v3",
    "language": "en-IN",
    "system_prompt": WORD,
    "greeting": WORD,
}
RECORD = SessionRecord(
    id=SessionId(UUID(int=7)),
    tenant_id=TenantId(UUID(int=1)),
    bot_id=None,
    status=SessionStatus.ACTIVE,
    config=CONFIG,
    room_name="voice-1",
    metadata={"said": WORD},
    webhook_url=None,
    started_at=NOW,
    ended_at=None,
    end_reason=None,
    turn_count=0,
    total_audio_seconds=0.0,
    recoveries=0,
    created_at=NOW,
)
ANSWERED = TurnEnded(
    id=str(UUID(int=9)),
    turn_index=3,
    user_transcript=f"A {WORD}, please.",
    agent_response=f"Here is your {WORD}.",
    interrupted=False,
    latencies=Latencies(120, 200, 90, 80, 450, 2500),
    moments=Moments(2000, 2120, 2300),
    language="en-IN",
    started_at_ms=500,
    ended_at_ms=4500,
    caller_audio_s=1.5,
    agent_audio_s=2.0,
    used=Spent(120, 30, 40),
    upstream=Served(llm="moonshot", llm_model="sarvam-30b-turbo").upstream,
    marks={
        "speech_ended_at": 2000,
        "final_at": 2120,
        "decided_at": 2200,
        "requested_at": 2130,
        "first_token_at": 2220,
        "last_token_at": 2600,
        "voice_asked_at": 2300,
        "first_byte_at": 2380,
        "last_byte_at": 2900,
        "first_audio_at": 2450,
        "ended_at": 4500,
    },
)


def trace_of(
    traces: Traces | None, *events: Event, parent: str = PARENT, held: Held | None = None
) -> Parting:
    """What is told of a session in which this happens, until its caller hangs up."""
    parting = Parting(lambda: None)
    model = Catalog.load().model("sarvam-30b")
    assert model is not None
    with SessionTrace.begun(traces, RECORD, model, parting, parent=parent) as trace:
        if held is not None:
            trace.hold(held)
        for event in (StateChanged(AgentState.LISTENING), *events):
            trace.show(event)
        parting.stop(EndReason.CALLER_HANGUP)
    return parting


def stretch_ms(span: ReadableSpan, of: ReadableSpan) -> tuple[int, int]:
    """From when to when it was, counted from the begin of another."""
    assert span.start_time is not None
    assert span.end_time is not None
    assert of.start_time is not None
    return (
        round((span.start_time - of.start_time) / 1e6),
        round((span.end_time - of.start_time) / 1e6),
    )


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_session_is_a_span_of_the_trace_that_created_it() -> None:
    told = ToldSpans()
    trace_of(told.traces, ANSWERED)
    session = told["invoke_agent"]

    assert f"{parent_id(session):x}" == "b" * 16
    assert session.kind is SpanKind.INTERNAL
    assert attributes(session) == {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.provider.name": "sarvam",
        "gen_ai.conversation.id": str(RECORD.id),
        "gen_ai.request.model": "sarvam-30b",
        "gen_ai.output.type": "speech",
        "vaarta.language": "en-IN",
        "vaarta.turns": 1,
        "vaarta.parting": "over",
        "vaarta.end_reason": "caller_hangup",
    }
    assert session.status.status_code is StatusCode.UNSET


def test_a_turn_is_a_part_of_the_session_with_its_stages_as_they_were_recorded() -> None:
    told = ToldSpans()
    trace_of(told.traces, ANSWERED)
    turn = told["turn"]
    stages = [one for one in told.spans if parent_id(one) == own_id(turn)]

    assert parent_id(turn) == own_id(told["invoke_agent"])
    assert {one.name: stretch_ms(one, turn) for one in stages} == {
        "recognition": (0, 1620),
        "endpointing": (1500, 1700),
        "chat sarvam-30b": (1630, 2100),
        "voice": (1800, 2400),
        "playout": (1950, 4000),
    }
    assert stretch_ms(turn, turn) == (0, 4000)
    assert attributes(turn)["vaarta.turn.first_audio_ms"] == 450


def test_a_models_request_is_told_by_the_conventions_for_generative_ai() -> None:
    told = ToldSpans()
    trace_of(told.traces, ANSWERED)
    chat = told["chat sarvam-30b"]

    assert chat.kind is SpanKind.CLIENT
    assert attributes(chat) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "moonshot_ai",
        "gen_ai.conversation.id": str(RECORD.id),
        "gen_ai.request.model": "sarvam-30b",
        "gen_ai.response.model": "sarvam-30b-turbo",
        "gen_ai.request.stream": True,
        "gen_ai.response.time_to_first_chunk": 0.09,
        "gen_ai.usage.input_tokens": 120,
        "gen_ai.usage.output_tokens": 30,
    }


def test_what_was_cut_off_lasts_until_the_turns_end_and_what_was_not_reached_is_not_told() -> None:
    told = ToldSpans()
    marks = {"requested_at": 2130, "voice_asked_at": 2300}
    trace_of(told.traces, replace(ANSWERED, marks=marks))
    names = [one.name for one in told.spans]

    assert names == ["chat sarvam-30b", "voice", "turn", "invoke_agent"]
    assert told["voice"].end_time == told["turn"].end_time


def call(name: str, outcome: Outcome | None, *, at_s: float = 2.7) -> Called:
    """One of a conversation that began at 0; what has no outcome was cut off."""
    asked = ToolCall(WORD, name, f'{{"{WORD}": 1}}')
    duration_ms = None if outcome is None else 310
    return Called(asked, WORD, outcome, began_at=at_s, duration_ms=duration_ms)


def test_tools_that_were_run_are_named_and_what_else_the_model_wrote_is_not() -> None:
    told = ToldSpans()
    ran = [call("find_hours", Outcome.SUCCEEDED), call("book_table", Outcome.TIMED_OUT, at_s=3.0)]
    others = [call(WORD, Outcome.UNKNOWN_TOOL), call(WORD, Outcome.REFUSED), call(WORD, None)]
    trace_of(told.traces, replace(ANSWERED, tool_rounds=rounds_to_json([ran, others])))
    turn, found, late = (told[name] for name in ("turn", *TOOLS))

    assert stretch_ms(found, turn) == (2200, 2510)
    assert attributes(found) == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.type": "function",
        "gen_ai.tool.name": "find_hours",
    }
    assert attributes(late)["error.type"] == "timed_out"
    assert stretch_ms(told["execute_tool"], turn) == (2200, 4000)
    assert attributes(told["execute_tool"])["error.type"] == "cancelled"
    assert WORD not in "".join(one.to_json() for one in told.spans)


def test_an_answer_that_broke_off_is_an_error() -> None:
    told = ToldSpans()
    faults = [{"kind": "model_late", "reason": WORD}, {"kind": "answer_broken", "reason": WORD}]
    trace_of(told.traces, replace(ANSWERED, faults=faults))
    assert attributes(told["turn"])["error.type"] == "answer_broken"
    assert attributes(told["turn"])["vaarta.turn.faults"] == "model_late,answer_broken"


def test_no_word_of_it_is_in_a_span() -> None:
    told = ToldSpans()
    passages = [{"text": WORD, "document": WORD}]
    answered = replace(ANSWERED, passages=passages)
    trace_of(told.traces, AgentTranscribed("9-agent", WORD, is_final=True), answered)
    assert WORD not in "".join(one.to_json() for one in told.spans)


async def test_of_a_session_that_is_taken_up_turns_stand_where_they_were() -> None:
    told = ToldSpans()
    claim = Claim(RECORD, epoch=2, elapsed_s=100.0, memory=None, unbilled=())
    held = Held(claim, [], asyncio.get_running_loop().time())
    trace_of(told.traces, ANSWERED, held=held)
    turn = told["turn"]

    assert turn.end_time is not None
    assert time.time_ns() - turn.end_time >= 95e9


def test_a_session_that_failed_is_an_error() -> None:
    told, parting = ToldSpans(), Parting(lambda: None)
    model = Catalog.load().model("sarvam-30b")
    assert model is not None
    with SessionTrace.begun(told.traces, RECORD, model, parting, parent=""):
        parting.stop(EndReason.AGENT_ERROR)
    assert told["invoke_agent"].status.status_code is StatusCode.ERROR
    assert attributes(told["invoke_agent"])["error.type"] == "agent_error"


@pytest.mark.parametrize("parent", ["", PARENT])
def test_a_successor_belongs_to_the_same_trace(parent: str) -> None:
    told, parting = ToldSpans(), Parting(lambda: None)
    model = Catalog.load().model("sarvam-30b")
    assert model is not None
    with SessionTrace.begun(told.traces, RECORD, model, parting, parent=parent) as first:
        parting.part(Way.LET_GO)
    with SessionTrace.begun(told.traces, RECORD, model, parting, parent=first.parent):
        pass
    trace_ids = {span.context.trace_id for span in told.spans if span.context}
    assert len(trace_ids) == 1


def test_without_traces_nothing_is_told_and_a_parent_is_passed_on() -> None:
    parting = Parting(lambda: None)
    model = Catalog.load().model("sarvam-30b")
    assert model is not None
    with SessionTrace.begun(None, RECORD, model, parting, parent=PARENT) as trace:
        trace.show(ANSWERED)
    assert trace.parent == PARENT
