"""A caller leaves, properly or not, and may come back."""

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from tests.e2e import room
from tests.e2e.account import Account, Json, call
from tests.e2e.scripts import GREETING, HOURS, STORY
from tests.e2e.speech import OPENING_HOURS, spoken
from tests.e2e.system import System
from tests.servers import ROOT

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("providers"),
]


async def test_what_was_heard_of_a_reply_is_kept_when_the_caller_hangs_up(
    account: Account,
) -> None:
    session = await account.create()
    async with call(session) as caller:
        await room.greeted(caller)
        asked_at = room.now()
        await caller.say_text("Tell me a story.")
        await room.sound_since(caller, asked_at, for_s=1.0)
    story = (await account.turns_stored(session["id"], 2))[1]
    ended = await account.ended(session["id"])

    words = story["agent_response"].split()
    assert story["interrupted"]
    assert 0 < len(words) < len(STORY.split())
    assert words == STORY.split()[: len(words)]
    assert (ended["status"], ended["end_reason"]) == ("completed", "caller_hangup")
    assert ended["turn_count"] == len(await account.turns(session["id"])) == 2


async def test_a_caller_who_hangs_up_in_mid_sentence_leaves_a_turn(account: Account) -> None:
    session = await account.create()
    async with call(session) as caller:
        await room.turn(caller, 0)
        async with doing(caller.play(spoken(OPENING_HOURS))):
            await room.words_of_caller(caller, 3)
    turn = (await account.turns_stored(session["id"], 2))[1]
    ended = await account.ended(session["id"])

    words = turn["user_transcript"].split()
    assert 3 <= len(words) < len(OPENING_HOURS.text.split())
    assert words == OPENING_HOURS.text.split()[: len(words)]
    assert turn["agent_response"] == ""
    assert (ended["end_reason"], ended["turn_count"]) == ("caller_hangup", 2)


async def test_a_caller_who_dropped_off_comes_back_into_the_same_conversation(
    account: Account,
) -> None:
    session = await account.create()
    async with phone(session) as battery:
        await account.turns_stored(session["id"], 1)
        battery.kill()
        await battery.wait()
        async with call(session) as caller:
            await caller.play(spoken(OPENING_HOURS))
            await room.turn(caller, 1)
            talking = await account.get(session["id"])
    ended = await account.ended(session["id"])
    turns = await account.turns(session["id"])

    assert talking["status"] == "active"
    assert [turn["agent_response"] for turn in turns] == [GREETING, HOURS]
    assert [turn["turn_index"] for turn in turns] == [0, 1]
    assert (ended["status"], ended["end_reason"]) == ("completed", "caller_hangup")


async def test_a_caller_who_hangs_up_makes_place_for_the_next_call(
    account: Account, system: System
) -> None:
    """The session is over at once: the grace is for those whose connection was lost."""
    await on_the_free_plan(system, account)
    session = await account.create()
    async with call(session) as caller:
        await room.turn(caller, 0)
    ended = await account.ended(session["id"])
    next_session = await account.create()
    async with call(next_session) as caller:
        await room.turn(caller, 0)

    assert (ended["status"], ended["end_reason"]) == ("completed", "caller_hangup")


@pytest.mark.parametrize("after_s", [0.0, 0.3, 0.6])
async def test_a_caller_who_leaves_before_the_agent_is_heard_has_hung_up(
    account: Account, after_s: float
) -> None:
    session = await account.create()
    async with call(session):
        await asyncio.sleep(after_s)
    ended = await account.ended(session["id"])

    assert (ended["status"], ended["end_reason"]) == ("completed", "caller_hangup")


async def on_the_free_plan(system: System, account: Account) -> None:
    connection = await asyncpg.connect(system.dsn)
    try:
        await connection.execute(
            "UPDATE tenants SET plan = 'free' WHERE id = $1", account.tenant_id
        )
    finally:
        await connection.close()


@asynccontextmanager
async def phone(session: Json) -> AsyncIterator[asyncio.subprocess.Process]:
    """A caller in a process of their own: killed, they drop off without a goodbye."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli.caller", session["ws_url"]),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(f"{session['token']}\n".encode())
        await process.stdin.drain()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def doing(work: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
    """Meanwhile; it is stopped at the end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
