"""A call with a tool, then what its record tells and what a worker makes of it."""

from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from sandbox.script import ReplyRule, Script, ScriptedCall
from tests.e2e import room
from tests.e2e.account import Account, call
from tests.e2e.scripts import TALK
from tests.e2e.system import System
from tests.eventually import eventually
from tests.integration.receiver import Received, running_receiver

pytestmark = pytest.mark.asyncio(loop_scope="session")

BOOKING: Script = replace(
    TALK,
    chat=replace(
        TALK.chat,
        rules=(
            ReplyRule(
                "book",
                "Your table is {result}.",
                tool_calls=(ScriptedCall("book_table", '{"people": 4}'),),
            ),
        ),
    ),
)
WISH: dict[str, Any] = {
    "summary": True,
    "sentiment": True,
    "dispositions": ["booked", "cancelled"],
    "goal": "A table was booked.",
    "schema": {"type": "object", "properties": {"people": {"type": "integer"}}},
}


async def booked(_: Received) -> web.StreamResponse:
    return web.Response(text="booked")


async def test_a_worker_analyses_a_call_that_is_over(system: System, account: Account) -> None:
    async with running_receiver() as receiver, system.providers(BOOKING):
        receiver.behaviour = booked
        tool = {"name": "book_table", "description": "It.", "url": receiver.url}
        bot_id = await account.create_bot(tools=[tool], analysis=WISH)
        session = await account.create(bot_id=bot_id)
        async with call(session) as caller:
            await room.turn(caller, 0)
            await caller.say_text("Please book a table for four people, thank you.")
            await room.turn(caller, 1)
        await account.ended(session["id"])

        async def is_analysed() -> bool:
            found = (await account.get(session["id"]))["analysis"]
            return bool(found["status"] != "pending")

        await eventually(is_analysed, what="the analysis")

    turn = (await account.turns(session["id"]))[1]
    (called,) = turn["tool_calls"]
    assert (called["arguments"], called["result"]) == ({"people": 4}, "booked")
    assert (called["outcome"], called["is_cut"]) == ("succeeded", False)
    assert turn["started_at_ms"] <= called["began_at_ms"] <= turn["ended_at_ms"]
    assert turn["upstream"]["speaker"] == session["config"]["voice"]
    assert turn["upstream"]["llm"]
    found = (await account.get(session["id"]))["analysis"]
    assert (found["status"], found["disposition"], found["goal_met"]) == ("ready", "booked", True)
    assert found["extracted"] == {"people": 4}
    assert (await account.listed(disposition="booked"))[0]["id"] == session["id"]
