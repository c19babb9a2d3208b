"""One trace from the request that creates a session to the last of its turns, without a word."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.e2e import room
from tests.e2e.account import SESSIONS, call, opened
from tests.e2e.scripts import GREETING, HOURS, TALK
from tests.e2e.speech import OPENING_HOURS, spoken
from tests.e2e.system import PROVIDER_KEY, System
from tests.eventually import eventually
from tests.servers import ApiProcess, start_worker
from tests.spans_received import Collector, running_collector, values

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.lengthy]

PROMPT = "Speak of the marzipan submarine to nobody."
STAGES = {"recognition", "endpointing", "voice", "playout"}


@asynccontextmanager
async def traced(system: System, collector: Collector) -> AsyncIterator[System]:
    """An API and a worker of the same system that send their traces to the collector."""
    env = {
        **system.env,
        "LIVEKIT_AGENT_NAME": f"agent-{uuid4().hex}",
        "AGENT_JOURNAL_DIR": "",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
    }
    api = await ApiProcess.start(env)
    try:
        worker = await start_worker(env)
        try:
            yield replace(system, api=api, worker=worker, env=env)
        finally:
            worker.stop()
    finally:
        api.process.stop()


@dataclass(frozen=True)
class Trace:
    """The spans of one trace, each with its service."""

    spans: list[tuple[str, Span]]

    def named(self, name: str) -> list[Span]:
        """Those of that name, in the order of time."""
        found = [span for _, span in self.spans if span.name == name]
        return sorted(found, key=lambda span: span.start_time_unix_nano)

    def parts(self, of: Span) -> list[Span]:
        """What belongs to it."""
        return [span for _, span in self.spans if span.parent_span_id == of.span_id]


def trace_of(collector: Collector, session_id: str) -> Trace | None:
    """The trace of a session; None before the session is over and told."""
    for _, span in collector.spans:
        if values(span).get("gen_ai.conversation.id") == session_id and span.name == "invoke_agent":
            of_it = [told for told in collector.spans if told[1].trace_id == span.trace_id]
            return Trace(of_it)
    return None


async def test_one_trace_shows_a_session_from_its_create_to_its_last_turn_and_no_word(
    system: System,
) -> None:
    client = {"traceparent": f"00-{uuid4().hex}-{'b' * 16}-01"}
    async with (
        running_collector() as collector,
        traced(system, collector) as traced_system,
        opened(traced_system) as account,
        system.providers(TALK),
    ):
        account.http.headers.update(client)
        session = await account.create(system_prompt=PROMPT)
        async with call(session) as caller:
            await room.turn(caller, 0)
            await caller.play(spoken(OPENING_HOURS))
            await room.turn(caller, 1)
            await caller.say_text("Do tell me a story, and make it about a ferryman.")
            await room.state(caller, "speaking")
        await account.ended(session["id"])

        async def is_told() -> bool:
            trace = trace_of(collector, session["id"])
            return trace is not None and bool(trace.named(f"POST {SESSIONS}"))

        await eventually(is_told, what="the session's trace")
    trace = trace_of(collector, session["id"])
    assert trace is not None
    (create,) = trace.named(f"POST {SESSIONS}")
    (talk,) = trace.named("invoke_agent")
    turns = trace.named("turn")

    assert create.trace_id.hex() == client["traceparent"].split("-")[1]
    assert {service for service, _ in trace.spans} == {"vaarta-api", "vaarta-worker"}
    assert talk.parent_span_id == create.span_id
    assert create.start_time_unix_nano < talk.start_time_unix_nano
    assert [turn.parent_span_id for turn in turns] == [talk.span_id] * len(turns)
    assert [values(turn)["vaarta.turn.index"] for turn in turns] == list(range(len(turns)))
    chat = f"chat {session['config']['llm_model']}"
    assert {part.name for part in trace.parts(turns[1])} == STAGES | {chat}
    for turn in turns:
        assert talk.start_time_unix_nano < turn.start_time_unix_nano < turn.end_time_unix_nano
        assert turn.end_time_unix_nano <= talk.end_time_unix_nano

    sent = b"".join(collector.bodies).decode(errors="replace").lower()
    said = (
        "marzipan",
        "ferryman",
        "nine to six",
        *OPENING_HOURS.text.split()[3:5],
        GREETING,
        HOURS,
    )
    secrets = (account.key, session["token"], PROVIDER_KEY, system.livekit.secret)
    assert [word for word in (*said, *secrets) if word.lower() in sent] == []


async def test_a_collector_that_is_not_there_costs_a_session_nothing(system: System) -> None:
    nowhere = Collector(url="http://127.0.0.1:9")
    async with (
        traced(system, nowhere) as traced_system,
        opened(traced_system) as account,
        system.providers(TALK),
    ):
        session = await account.create()
        async with call(session) as caller:
            await room.turn(caller, 0)
            await caller.play(spoken(OPENING_HOURS))
            await room.turn(caller, 1)
        ended = await account.ended(session["id"])

        async def is_said() -> bool:
            return "spans.not_taken" in traced_system.written()

        await eventually(is_said, what="the line that says so")
    assert (ended["status"], ended["end_reason"]) == ("completed", "caller_hangup")
