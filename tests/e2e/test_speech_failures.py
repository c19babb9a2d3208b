"""Recognition and voice fail: nobody is left in a silent room, and the row says why."""

import pytest

from core.catalog import Catalog
from sandbox.script import SttFault, SttScript, TtsFault
from tests.e2e import room
from tests.e2e.account import Account, call
from tests.e2e.livekit import room_is_gone
from tests.e2e.scripts import GREETING, HOURS, TALK, hearing, speaking
from tests.e2e.speech import OPENING_HOURS, heard, spoken
from tests.e2e.system import System

pytestmark = pytest.mark.asyncio(loop_scope="session")

APOLOGY = next(one.apology for one in Catalog.load().languages if one.id == "en-IN")
QUESTION = "When are your opening hours?"
IN_THIRD_WORD_MS = 400
"""Of the greeting. After a cut between two words the dip there can be too short to be counted."""


async def test_an_account_without_realtime_recognition_is_served_by_the_legacy_one(
    system: System, account: Account
) -> None:
    session = await account.create()
    refusing = SttScript(utterances=(heard(OPENING_HOURS),), refuse_realtime_status=403)
    async with system.providers(hearing(refusing)) as sandbox, call(session) as caller:
        await room.turn(caller, 0)
        await caller.play(spoken(OPENING_HOURS))
        turn = await room.turn(caller, 1)
        await account.delete(session["id"])
    assert (turn.user_transcript, turn.agent_response) == (OPENING_HOURS.text, HOURS)
    assert len(sandbox.requests.to("/speech-to-text-realtime/ws")) == 1
    assert len(sandbox.requests.to("/speech-to-text/ws")) == 1


DEAF = {
    "refuses": SttFault(code="quota_exceeded", is_fatal=True, close_code=1003),
    "is_away": SttFault(drop=True),
}


@pytest.mark.parametrize("fault", DEAF.values(), ids=DEAF.keys())
async def test_the_caller_is_told_when_recognition(
    fault: SttFault, system: System, account: Account
) -> None:
    session = await account.create()
    async with system.providers(hearing(SttScript(faults=(fault,)))), call(session) as caller:
        await room.is_over(caller)
    ended = await account.ended(session["id"])
    assert room.final_texts(caller, "agent") == [GREETING, APOLOGY]
    assert (ended["status"], ended["end_reason"]) == ("failed", "agent_error")


async def test_a_lost_recognition_socket_is_made_anew_and_nothing_that_was_said_is_lost(
    system: System, account: Account
) -> None:
    session = await account.create()
    losing = SttScript(utterances=TALK.stt.utterances, faults=(SttFault(after_ms=4000, drop=True),))
    async with system.providers(hearing(losing)) as sandbox, call(session) as caller:
        await room.turn(caller, 0)
        await caller.play(spoken(OPENING_HOURS))
        turn = await room.turn(caller, 1)
        await account.delete(session["id"])
    assert (turn.user_transcript, turn.agent_response) == (OPENING_HOURS.text, HOURS)
    assert len(sandbox.requests.to("/speech-to-text-realtime/ws")) > 1


async def test_a_session_without_a_voice_fails_to_start_and_the_caller_is_let_go(
    system: System, account: Account
) -> None:
    session = await account.create()
    async with system.providers(speaking(TtsFault())), call(session) as caller:
        await room.is_over(caller)
    await room_is_gone(system.livekit, session)
    ended = await account.ended(session["id"])
    assert (ended["status"], ended["end_reason"]) == ("failed", "start_failed")


async def test_a_session_without_any_provider_fails_to_start_and_the_caller_is_let_go(
    system: System, account: Account
) -> None:
    session = await account.create()
    async with call(session) as caller:
        await room.is_over(caller)
    await room_is_gone(system.livekit, session)
    ended = await account.ended(session["id"])
    assert (ended["status"], ended["end_reason"]) == ("failed", "start_failed")


async def test_a_voice_that_drops_its_socket_before_a_sound_is_asked_again(
    system: System, account: Account
) -> None:
    session = await account.create()
    dropping = TtsFault(kind="drop", times=1)
    async with system.providers(speaking(dropping)), call(session) as caller:
        greeting = await room.turn(caller, 0)
        n_words = room.words_heard(caller, 0.0, await room.silence(caller))
        await account.delete(session["id"])
    assert (greeting.agent_response, greeting.interrupted) == (GREETING, False)
    assert n_words == len(GREETING.split())


async def test_a_voice_that_drops_its_socket_in_mid_sentence_goes_on_from_the_word_reached(
    system: System, account: Account
) -> None:
    session = await account.create()
    dropping = TtsFault(kind="drop", after_ms=IN_THIRD_WORD_MS, times=1)
    async with system.providers(speaking(dropping)), call(session) as caller:
        greeting = await room.turn(caller, 0)
        n_words = room.words_heard(caller, 0.0, await room.silence(caller))
        await caller.say_text(QUESTION)
        answer = await room.turn(caller, 1)
        await account.delete(session["id"])
    assert (greeting.agent_response, greeting.interrupted) == (GREETING, False)
    assert n_words == len(GREETING.split())
    assert (answer.agent_response, answer.interrupted) == (HOURS, False)


async def test_a_refused_speaker_is_replaced_and_the_session_says_so(
    system: System, account: Account
) -> None:
    session = await account.create(voice="kavya")
    async with system.providers(speaking(refused=("kavya",))) as sandbox, call(session) as caller:
        greeting = await room.turn(caller, 0)
        await account.delete(session["id"])
    ended = await account.ended(session["id"])
    assert (greeting.agent_response, greeting.interrupted) == (GREETING, False)
    configs = [
        c for one in sandbox.requests.to("/text-to-speech/ws") for c in one.details("config")
    ]
    assert [config["speaker"] for config in configs][-1] == "shubh"
    assert "substitutions" not in session["config"]
    assert ended["config"]["substitutions"] == [
        {
            "field": "voice",
            "requested": "kavya",
            "served": "shubh",
            "reason": "the provider refuses kavya",
        }
    ]
