"""Clients that do less, or do it in another way, than ours: each has its conversation."""

import pytest
from livekit import rtc

from tests.e2e.account import Account
from tests.e2e.any_client import joined
from tests.e2e.livekit import no_picture
from tests.e2e.scripts import GREETING, HOURS
from tests.e2e.speech import OPENING_HOURS, spoken
from tests.e2e.system import System

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("providers"),
]

TYPED = "What are your opening hours?"
BUFFERED = {"source": rtc.TrackSource.SOURCE_MICROPHONE, "preconnect_buffer": True}


async def test_one_who_only_types_and_reads_is_greeted_and_answered(account: Account) -> None:
    session = await account.create()
    async with joined(session, hears=False) as client:
        greeting = await client.turn(0)
        await client.type(TYPED)
        answer = await client.turn(1)
        assert client.agent is not None
        agent = client.agent.identity
        await client.until(lambda: HOURS in client.texts_of(agent), what="the answer's text")
        shown = client.texts_of(client.identity), client.segments_of(client.identity)
        answers = client.segments_of(agent)
    ended = await account.ended(session["id"])

    assert (greeting.user_transcript, greeting.agent_response) == ("", GREETING)
    assert (answer.user_transcript, answer.agent_response) == (TYPED, HOURS)
    assert shown == ([TYPED], [TYPED])
    assert answers == [GREETING, HOURS]
    assert (ended["status"], ended["end_reason"]) == ("completed", "caller_hangup")


@pytest.mark.parametrize("hears", [True, False])
async def test_who_types_as_soon_as_the_agent_is_there_is_greeted_then_answered(
    account: Account, hears: bool
) -> None:
    session = await account.create()
    async with joined(session, hears=hears) as client:
        await client.until(lambda: client.agent, what="the agent")
        await client.type(TYPED)
        greeting, answer = await client.turn(0), await client.turn(1)
    ended = await account.ended(session["id"])

    assert (greeting.user_transcript, greeting.agent_response) == ("", GREETING)
    assert (answer.user_transcript, answer.agent_response) == (TYPED, HOURS)
    assert ended["turn_count"] == 2


async def test_a_microphone_without_a_source_is_heard(account: Account) -> None:
    session = await account.create()
    async with joined(session) as client:
        await client.publish()
        await client.turn(0)
        client.speak(spoken(OPENING_HOURS).samples)
        answer = await client.turn(1)

    assert (answer.user_transcript, answer.agent_response) == (OPENING_HOURS.text, HOURS)


async def test_a_picture_without_a_source_is_taken_out_of_the_room(
    account: Account, system: System
) -> None:
    session = await account.create()
    async with joined(session) as client:
        await client.publish_picture()
        await client.turn(0)
        await no_picture(system.livekit, session)
        await client.type(TYPED)
        answer = await client.turn(1)

    assert answer.agent_response == HOURS


async def test_a_question_from_before_the_agent_was_there_is_answered(account: Account) -> None:
    session = await account.create()
    async with joined(session) as client:
        sid = await client.publish(**BUFFERED)
        await client.send_recorded(spoken(OPENING_HOURS).samples.tobytes(), sid)
        await client.until(lambda: client.words == OPENING_HOURS.text, what="the question")
        asked = next(turn for turn in client.turns.values() if turn.user_transcript)

    assert asked.agent_response == HOURS


async def test_what_was_said_before_the_agent_was_there_is_heard_before_the_rest(
    account: Account,
) -> None:
    """Whether that is one turn or two is left to the pause between, which the machine makes."""
    samples = spoken(OPENING_HOURS).samples
    session = await account.create()
    async with joined(session) as client:
        sid = await client.publish(**BUFFERED)
        await client.until(lambda: client.agent, what="the agent")
        client.speak(samples[len(samples) // 2 :])
        await client.send_recorded(samples[: len(samples) // 2].tobytes(), sid)
        await client.until(lambda: client.words == OPENING_HOURS.text, what="the question")
