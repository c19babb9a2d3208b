"""A worker dies in the middle of a session: another one goes on with it."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from livekit.api import CreateAgentDispatchRequest, LiveKitAPI

from benchmarks.chaos.processes import kill, processes_of
from sandbox.server import Sandbox
from tests.e2e import room
from tests.e2e.account import Account, call, opened
from tests.e2e.livekit import participants
from tests.e2e.scripts import GREETING, HOURS, STORY, TALK
from tests.e2e.speech import OPENING_HOURS, spoken
from tests.e2e.system import System, running
from tests.eventually import eventually
from tests.integration.dumps import dumped, found_in
from tests.servers import EmbeddedPostgres, LiveKitServer, start_worker

DYING_SOUND_S = 0.5
"""What was on its way when the agent died is heard for so long at most."""

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.lengthy]


@pytest_asyncio.fixture(loop_scope="session")
async def mortal(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[System]:
    """A system of the test's own."""
    async with running(postgres, livekit_server) as system:
        yield system


@pytest_asyncio.fixture(loop_scope="session")
async def drained_at_once(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[System]:
    """A system whose workers hand their sessions over as soon as they are told to stop."""
    async with running(postgres, livekit_server, DRAIN_S="0") as system:
        yield system


@pytest_asyncio.fixture(loop_scope="session")
async def stand_ins(mortal: System) -> AsyncIterator[Sandbox]:
    async with mortal.providers(TALK) as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def customer(mortal: System) -> AsyncIterator[Account]:
    async with opened(mortal) as account:
        yield account


async def test_a_conversation_goes_on_when_its_worker_is_killed(
    mortal: System, stand_ins: Sandbox, customer: Account
) -> None:
    session = await customer.create(bot_id=await customer.create_bot(idle_prompt_s=0))
    async with call(session) as caller:
        await room.greeted(caller)
        heir = await start_worker(mortal.env)
        try:
            await caller.play(spoken(OPENING_HOURS))
            answered = await room.turn(caller, 1)
            await customer.turns_stored(session["id"], 2)
            killed_at = room.now()
            kill(processes_of(mortal.worker.pid))
            await room.sound_since(caller, killed_at + DYING_SOUND_S, for_s=0.3)
            back = await room.turn(caller, 2)
            await caller.say_text("Tell me a story.")
            story = await room.turn(caller, 3)
            await customer.turns_stored(session["id"], 4)
        finally:
            await customer.delete(session["id"])
            heir.stop()
    turns = await customer.turns(session["id"])
    ended = await customer.get(session["id"])

    assert (answered.agent_response, story.agent_response) == (HOURS, STORY)
    assert back.user_transcript == ""
    assert [turn["turn_index"] for turn in turns] == [0, 1, 2, 3]
    assert [turn["agent_response"] for turn in turns] == [
        GREETING,
        HOURS,
        back.agent_response,
        STORY,
    ]
    assert ended["recoveries"] == 1
    asked = [request for request in stand_ins.requests if "chat" in request.path]
    assert OPENING_HOURS.text in str(asked[-1].body)
    assert HOURS in str(asked[-1].body)


async def test_a_conversation_that_leaves_no_words_goes_on_with_them_when_its_worker_is_killed(
    mortal: System, stand_ins: Sandbox, customer: Account
) -> None:
    session = await customer.create(
        bot_id=await customer.create_bot(idle_prompt_s=0, store_transcript=False)
    )
    async with call(session) as caller:
        await room.greeted(caller)
        heir = await start_worker(mortal.env)
        try:
            await caller.play(spoken(OPENING_HOURS))
            answered = await room.turn(caller, 1)
            await customer.turns_stored(session["id"], 2)
            await remembered(mortal.dsn, HOURS)
            kill(processes_of(mortal.worker.pid))
            await room.turn(caller, 2)
            await caller.say_text("Tell me a story.")
            await room.turn(caller, 3)
            await customer.turns_stored(session["id"], 4)
            logged = mortal.written() + heir.written()
        finally:
            await customer.delete(session["id"])
            heir.stop()
    turns = await customer.turns(session["id"])
    asked = [request for request in stand_ins.requests if "chat" in request.path]
    written = dumped(mortal.dsn) + logged

    assert answered.agent_response == HOURS
    assert OPENING_HOURS.text in str(asked[-1].body)
    assert HOURS in str(asked[-1].body)
    assert {turn["user_transcript"] + turn["agent_response"] for turn in turns} == {""}
    assert turns[1]["total_ms"] is not None
    assert found_in(written, (OPENING_HOURS.text, HOURS, STORY, "a story")) == []


async def remembered(dsn: str, words: str) -> None:
    """Wait until they are in what a job would leave behind."""

    async def are_left() -> bool:
        return words in await asyncio.to_thread(dumped, dsn)

    await eventually(are_left, what="words in the hold's memory")


async def test_a_question_that_stood_unanswered_is_answered_by_the_successor(
    mortal: System, stand_ins: Sandbox, customer: Account
) -> None:
    session = await customer.create(bot_id=await customer.create_bot(idle_prompt_s=0))
    async with call(session) as caller:
        await room.greeted(caller)
        heir = await start_worker(mortal.env)
        try:
            asked_at = room.now()
            await caller.say_text("Tell me a story.")
            await room.sound_since(caller, asked_at, for_s=1.0)
            kill(processes_of(mortal.worker.pid))
            story = await room.turn(caller, 1)
            await customer.turns_stored(session["id"], 2)
        finally:
            await customer.delete(session["id"])
            heir.stop()
    turns = await customer.turns(session["id"])

    assert story.user_transcript == "Tell me a story."
    assert story.agent_response == STORY
    assert [turn["agent_response"] for turn in turns] == [GREETING, STORY]


async def test_a_worker_that_is_drained_hands_its_conversation_over(
    drained_at_once: System,
) -> None:
    system = drained_at_once
    async with system.providers(TALK) as providers, opened(system) as customer:
        session = await customer.create(bot_id=await customer.create_bot(idle_prompt_s=0))
        async with call(session) as caller:
            await room.turn(caller, 0)
            heir = await start_worker(system.env)
            try:
                await caller.play(spoken(OPENING_HOURS))
                await room.turn(caller, 1)
                system.worker.terminate()
                assert await system.worker.wait() == 0
                await caller.say_text("Tell me a story.")
                story = await room.turn(caller, 2)
                await customer.turns_stored(session["id"], 3)
                talked = await customer.get(session["id"])
            finally:
                await customer.delete(session["id"])
                heir.stop()
        turns = await customer.turns(session["id"])
        asked = [request for request in providers.requests if "chat" in request.path]

    assert story.agent_response == STORY
    assert [turn["agent_response"] for turn in turns] == [GREETING, HOURS, STORY]
    assert "recoveries" not in talked
    assert OPENING_HOURS.text in str(asked[-1].body)


async def test_a_second_agent_leaves_at_once_and_ends_nothing(
    mortal: System, stand_ins: Sandbox, customer: Account
) -> None:
    session = await customer.create()
    async with call(session) as caller:
        await room.turn(caller, 0)
        livekit = mortal.livekit
        async with LiveKitAPI(livekit.url, livekit.key, livekit.secret) as api:
            await api.agent_dispatch.create_dispatch(
                CreateAgentDispatchRequest(
                    agent_name=mortal.env["LIVEKIT_AGENT_NAME"],
                    room=session["config"]["livekit_room"],
                    metadata=json.dumps({"session_id": session["id"]}),
                )
            )
        await mortal.worker.wait_for_output("session.not_held")
        await caller.play(spoken(OPENING_HOURS))
        answered = await room.turn(caller, 1)
        present = await participants(livekit, session)
        await customer.turns_stored(session["id"], 2)
        await customer.delete(session["id"])
    turns = await customer.turns(session["id"])
    recognising = [one for one in stand_ins.requests if "speech-to-text" in one.path]

    assert answered.agent_response == HOURS
    assert sorted(present) == sorted([f"agent-{session['id']}", f"caller-{session['id']}"])
    assert [turn["agent_response"] for turn in turns] == [GREETING, HOURS]
    assert len(recognising) == 1
