"""The caller makes a sound while the agent speaks: words stop it, noises do not."""

import pytest

from sandbox.script import SttScript
from tests.e2e import room
from tests.e2e.account import Account, call
from tests.e2e.scripts import HOURS, STORY, TABLE, hearing
from tests.e2e.speech import BOOK_TABLE, COUGH, MM_HM, OPENING_HOURS, heard, spoken
from tests.e2e.system import System

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS_APART = 2
"""Words that the transport's buffers and the count of the heard ones may differ by."""


@pytest.mark.usefixtures("providers")
async def test_a_barge_in_silences_the_agent_and_keeps_the_words_that_were_heard(
    account: Account,
) -> None:
    session = await account.create()
    async with call(session) as caller:
        await room.greeted(caller)
        asked_at = room.now()
        await caller.say_text("Tell me a story.")
        began_at = await room.sound_since(caller, asked_at, for_s=1.5)
        span = await caller.play(spoken(OPENING_HOURS))
        await room.turn(caller, 2)
        await caller.play(spoken(BOOK_TABLE))
        await room.turn(caller, 3)
        await account.delete(session["id"])
    story, hours, table = (await account.turns(session["id"]))[1:]

    assert story["interrupted"]
    words = story["agent_response"].split()
    assert 0 < len(words) < len(STORY.split())
    assert words == STORY.split()[: len(words)]
    n_heard = room.words_heard(caller, began_at, span.last_speech_at)
    assert abs(n_heard - len(words)) <= WORDS_APART
    assert (hours["user_transcript"], hours["agent_response"]) == (OPENING_HOURS.text, HOURS)
    assert (table["user_transcript"], table["agent_response"]) == (BOOK_TABLE.text, TABLE)
    assert not hours["interrupted"]


async def test_a_cough_and_a_backchannel_do_not_stop_the_reply(
    system: System, account: Account
) -> None:
    session = await account.create()
    noises = SttScript(utterances=(heard(MM_HM), heard(OPENING_HOURS)))
    async with system.providers(hearing(noises)), call(session) as caller:
        await room.greeted(caller)
        asked_at = room.now()
        await caller.say_text("Tell me a story.")
        began_at = await room.sound_since(caller, asked_at, for_s=1.0)
        await caller.play(spoken(COUGH))
        await room.sound_since(caller, room.now(), for_s=1.0)
        await caller.play(spoken(MM_HM))
        told = await room.turn(caller, 1)
        n_heard = room.words_heard(caller, began_at, room.now())
        await caller.play(spoken(OPENING_HOURS))
        answered = await room.turn(caller, 2)
        await account.delete(session["id"])
    turns = await account.turns(session["id"])

    assert (told.agent_response, told.interrupted) == (STORY, False)
    assert n_heard >= len(STORY.split())
    assert (answered.user_transcript, answered.agent_response) == (OPENING_HOURS.text, HOURS)
    assert len(turns) == 3
