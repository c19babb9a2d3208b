"""A session is ended by the API, or by its own clock."""

import json

import pytest

from core.catalog import Catalog
from tests.e2e import room
from tests.e2e.account import Account, call
from tests.e2e.livekit import room_is_gone
from tests.e2e.scripts import GREETING, STORY
from tests.e2e.system import System

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("providers"),
]

SHORTEST_S = 30
GOODBYE = next(one.goodbye for one in Catalog.load().languages if one.id == "en-IN")


async def test_delete_ends_the_call_at_once_and_keeps_what_was_heard(
    account: Account, system: System
) -> None:
    session = await account.create()
    async with call(session) as caller:
        await room.greeted(caller)
        asked_at = room.now()
        await caller.say_text("Tell me a story.")
        await room.sound_since(caller, asked_at, for_s=1.0)
        await account.delete(session["id"])
        deleted = await account.get(session["id"])
        await room.is_over(caller)
    await room_is_gone(system.livekit, session)
    greeting, story = await account.turns_stored(session["id"], 2)

    assert (deleted["status"], deleted["end_reason"]) == ("completed", "api_delete")
    assert greeting["agent_response"] == GREETING
    assert story["interrupted"]
    assert 0 < len(story["agent_response"].split()) < len(STORY.split())
    assert caller.disconnect_reason == "ROOM_DELETED"
    later = await account.get(session["id"])
    assert (later["end_reason"], later["ended_at"]) == ("api_delete", deleted["ended_at"])
    assert later["turn_count"] == 2


async def test_the_longest_duration_ends_with_a_goodbye_that_is_heard_to_its_end(
    account: Account, system: System
) -> None:
    session = await account.create(max_duration_seconds=SHORTEST_S)
    async with call(session) as caller:
        await room.turn(caller, 0)
        greeted_at = await room.silence(caller)
        await room.is_over(caller)
        n_words = room.words_heard(caller, greeted_at, room.now())
    await room_is_gone(system.livekit, session)
    ended = await account.ended(session["id"])
    goodbye = (await account.turns(session["id"]))[-1]

    assert (goodbye["agent_response"], goodbye["interrupted"]) == (GOODBYE, False)
    assert n_words == len(GOODBYE.split())
    assert (ended["status"], ended["end_reason"]) == ("completed", "max_duration")
    assert ended["duration_seconds"] < SHORTEST_S


async def test_the_token_of_a_session_that_is_over_takes_nobodys_time(
    account: Account, system: System
) -> None:
    session = await account.create()
    await account.delete(session["id"])
    written_before = len(system.worker.written())
    for _ in range(2):
        async with call(session) as caller:
            await room.is_over(caller)
            await room_is_gone(system.livekit, session)
        assert caller.disconnect_reason == "ROOM_DELETED"

    lines = map(json.loads, system.worker.written()[written_before:].splitlines())
    events = [line["event"] for line in lines if session["id"] in json.dumps(line)]
    assert events == ["job.refused"] * 2
