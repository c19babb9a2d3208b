"""Parts that stop or break: the conversation goes on, or ends with words."""

import pytest

from pipeline.events import AgentState, Ending
from tests.unit.pipeline.call import APOLOGY, Call


async def test_a_caller_who_mutes_at_the_end_of_a_question_is_answered() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say("When do you open?")
        call.caller.hang_up()
        turn = await call.turn(1)
    assert turn.user_transcript == "When do you open?"
    assert turn.agent_response == call.model.default.text


async def test_a_playout_that_breaks_frees_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Call() as call:
        await call.greeted()

        async def refuse(pcm: bytes) -> None:
            raise OSError("no room")

        with monkeypatch.context() as patched:
            patched.setattr(call.playout, "push", refuse)
            await call.caller.say("When do you open?", pause_s=2)
        assert call.state is AgentState.LISTENING
        await call.caller.say("And when do you close?", pause_s=1)
        turn = await call.turn(2)
    assert turn.agent_response == call.model.default.text


async def test_a_recogniser_that_breaks_ends_the_session_with_an_apology(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with Call() as call:
        await call.greeted()
        call.recogniser.fail(ValueError("a message nobody foresaw"))
        assert await call.ending() is Ending.AGENT_ERROR
    assert call.turns[-1].agent_response == APOLOGY
