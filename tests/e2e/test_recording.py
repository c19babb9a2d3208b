"""A spoken session's recording is what its caller said and heard, when they did."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from benchmarks.chaos.processes import kill, processes_of
from tests.e2e import room
from tests.e2e.account import SESSIONS, Account, call, opened
from tests.e2e.recordings import first_audio_s, recording
from tests.e2e.scripts import TALK
from tests.e2e.speech import OPENING_HOURS, spoken
from tests.e2e.system import System, running
from tests.recorded_sound import sounds
from tests.servers import EmbeddedPostgres, LiveKitServer, start_worker

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACED_S = 0.1
"""Apart at most; how little it is `benchmarks.recorded_calls` measures."""
SEEN_OVER_S = 0.3
"""After its last sound a busy machine may see so late that a turn is over."""
LOST_S = 1.0
"""What a worker that is killed may take with it."""


@pytest_asyncio.fixture(loop_scope="session")
async def mortal(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[System]:
    """A system of the test's own."""
    async with running(postgres, livekit_server) as system:
        yield system


async def audit(system: System, session_id: str) -> dict[str, Any]:
    """What `vaarta audit-latency` says of it."""
    command = [sys.executable, "-m", "cli.main", "audit-latency", session_id, "--json"]
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **system.env}, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    told: dict[str, Any] = json.loads(output)
    return told


@pytest.mark.usefixtures("providers")
async def test_a_recording_has_both_sides_where_the_turns_say_and_ends_what_was_cut(
    system: System, account: Account
) -> None:
    session = await account.create(record=True)
    async with call(session) as caller:
        await room.greeted(caller)
        await caller.say_text("Tell me a story.")
        await room.sound_since(caller, room.now(), for_s=1.5)
        await caller.play(spoken(OPENING_HOURS))
        await room.turn(caller, 2)
        await room.silence(caller)
        await account.delete(session["id"])
    greeting, story, hours = await account.turns(session["id"])
    ended = await account.get(session["id"])
    told, caller_sound, agent_sound = await recording(account, session["id"])
    heard, said = sounds(caller_sound), sounds(agent_sound)

    audited = await audit(system, session["id"])

    assert session["config"]["record"]
    assert told["duration_seconds"] == pytest.approx(ended["duration_seconds"], abs=1.0)
    assert any(
        end == pytest.approx(greeting["ended_at_ms"] / 1000, abs=SEEN_OVER_S) for _, end in said
    )
    asked_s = hours["speech_ended_at_ms"] / 1000
    assert heard[-1][1] == pytest.approx(asked_s, abs=PLACED_S)
    answer_s = first_audio_s(hours)
    assert min(abs(begin - answer_s) for begin, _ in said) <= PLACED_S
    assert audited["turns"][-1]["told_ms"] == hours["first_audio_ms"]
    assert abs(audited["turns"][-1]["unexplained_ms"]) <= 1000 * 2 * PLACED_S
    assert story["interrupted"]
    cut_s = max(end for begin, end in said if begin < answer_s - PLACED_S)
    assert heard[0][0] < cut_s < heard[-1][1]


async def test_a_session_that_is_not_to_be_recorded_is_not(
    system: System, account: Account
) -> None:
    session = await account.create()
    async with system.providers(TALK), call(session) as caller:
        await room.greeted(caller)
        await account.delete(session["id"])
    await account.ended(session["id"])
    async with account.http.get(f"{SESSIONS}/{session['id']}/recording") as response:
        assert response.status == 404


async def test_both_parts_of_a_session_whose_worker_was_killed_are_in_its_recording(
    mortal: System,
) -> None:
    async with mortal.providers(TALK), opened(mortal) as customer:
        session = await customer.create(
            bot_id=await customer.create_bot(idle_prompt_s=0), record=True
        )
        async with call(session) as caller:
            await room.greeted(caller)
            heir = await start_worker(mortal.env)
            try:
                await asyncio.sleep(LOST_S)
                killed_s = room.now()
                kill(processes_of(mortal.worker.pid))
                await room.turn(caller, 1)
                await caller.play(spoken(OPENING_HOURS))
                await room.turn(caller, 2)
                away_s = room.now() - killed_s
                await customer.delete(session["id"])
                told, caller_sound, agent_sound = await recording(customer, session["id"])
            finally:
                heir.stop()
        greeting, back, hours = await customer.turns(session["id"])
    heard, said = sounds(caller_sound), sounds(agent_sound)

    assert told["duration_seconds"] > away_s
    assert any(
        end == pytest.approx(greeting["ended_at_ms"] / 1000, abs=SEEN_OVER_S) for _, end in said
    )
    assert min(abs(begin - first_audio_s(hours)) for begin, _ in said) <= PLACED_S
    assert heard[-1][1] == pytest.approx(hours["speech_ended_at_ms"] / 1000, abs=PLACED_S)
    assert back["user_transcript"] == ""
