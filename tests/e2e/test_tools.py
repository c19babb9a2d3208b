"""An agent that looks things up, lives with what fails, and hangs up when it is told goodbye."""

from dataclasses import replace

import pytest
from aiohttp import web

from sandbox.script import ReplyRule, Script, ScriptedCall
from tests.e2e import room
from tests.e2e.account import Account, call
from tests.e2e.recordings import recording, words_in
from tests.e2e.scripts import FAREWELL, LEAVE, TALK
from tests.e2e.system import System
from tests.integration.receiver import Received, running_receiver

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOKEN = "a-token-that-no-log-may-hold"


def calling(match: str, reply: str, *, tool: str) -> ReplyRule:
    return ReplyRule(match, reply, tool_calls=(ScriptedCall(tool, '{"day": "sunday"}'),))


SCRIPT: Script = replace(
    TALK,
    chat=replace(
        TALK.chat,
        rules=(
            calling("open", "On Sunday it is {result}.", tool="find_hours"),
            calling("book", "That is not possible now, sorry.", tool="book_table"),
            LEAVE,
        ),
    ),
)


async def test_tools_are_spoken_of_failures_survived_and_the_farewell_is_heard(
    system: System, account: Account
) -> None:
    async def answer(got: Received) -> web.StreamResponse:
        is_known = got.json["name"] == "find_hours"
        return web.Response(status=200 if is_known else 500, text="nine to six")

    async with (
        running_receiver() as receiver,
        system.providers(SCRIPT) as sandbox,
    ):
        receiver.behaviour = answer
        headers = {"Authorization": f"Bearer {TOKEN}"}
        tools = [
            {"name": name, "description": "It.", "url": receiver.url, "headers": headers}
            for name in ("find_hours", "book_table")
        ]
        session = await account.create(bot_id=await account.create_bot(tools=tools), record=True)
        async with call(session) as caller:
            await room.turn(caller, 0)
            await caller.say_text("When are you open?")
            found = await room.turn(caller, 1)
            await caller.say_text("Please book a table.")
            failed = await room.turn(caller, 2)
            quiet_at = await room.silence(caller)
            await caller.say_text("That is all, goodbye.")
            await room.is_over(caller)
            n_words = room.words_heard(caller, quiet_at, room.now())
        ended = await account.ended(session["id"])
    turns = await account.turns(session["id"])
    _, _, recorded = await recording(account, session["id"])

    assert found.agent_response == "On Sunday it is nine to six."
    assert failed.agent_response == "That is not possible now, sorry."
    assert [got.json["name"] for got in receiver.received] == ["find_hours", "book_table"]
    assert all(got.json["session_id"] == session["id"] for got in receiver.received)
    told = sandbox.requests.to("/chat/completions")[-1].body["messages"]
    results = [message["content"] for message in told if message["role"] == "tool"]
    assert results == ["nine to six", "The tool answered with HTTP status 500."]
    assert (turns[3]["agent_response"], turns[3]["interrupted"]) == (FAREWELL, False)
    assert n_words == len(FAREWELL.split())
    assert words_in(recorded) == sum(len(turn["agent_response"].split()) for turn in turns)
    assert (ended["status"], ended["end_reason"]) == ("completed", "agent_closed")
    assert TOKEN not in system.written()
