"""A caller's link drops right after a question, and they are back within the grace."""

import pytest

from sandbox.script import ChatFault
from tests.e2e import room
from tests.e2e.account import Account, call
from tests.e2e.models import new_model
from tests.e2e.scripts import GREETING, HOURS, thinking
from tests.e2e.system import System

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION = "When are your opening hours?"


async def test_a_question_that_was_not_answered_is_once_they_are_back(
    system: System, account: Account
) -> None:
    session = await account.create(llm_model=new_model())
    slow = ChatFault(kind="hang", times=3)
    async with system.providers(thinking(slow)), call(session) as dropped:
        await room.turn(dropped, 0)
        await dropped.say_text(QUESTION)
        await room.state(dropped, "thinking")
        async with call(session) as caller:
            joined_at = room.now()
            await room.sound_since(caller, joined_at, for_s=1.0)
            await room.turn(caller, 2)
    await account.ended(session["id"])
    said = [
        (one["user_transcript"], one["agent_response"])
        for one in await account.turns(session["id"])
    ]
    assert said == [("", GREETING), (QUESTION, ""), ("", HOURS)]
