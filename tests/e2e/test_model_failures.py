"""Language models fail in every way that is known: the next one answers, or the caller is told."""

import pytest

from core.catalog import Catalog
from sandbox.record import Requests
from sandbox.script import ChatFault
from tests.e2e import room
from tests.e2e.account import Account, call
from tests.e2e.models import new_model
from tests.e2e.scripts import HOURS, thinking
from tests.e2e.system import System

pytestmark = pytest.mark.asyncio(loop_scope="session")

APOLOGY = next(one.apology for one in Catalog.load().languages if one.id == "en-IN")
QUESTION = "When are your opening hours?"
MOST_FAILURES = 3

FIRST_FAILS = {
    "refuses": ChatFault(upstream="openrouter", status=500),
    "never_answers": ChatFault(kind="hang", upstream="openrouter"),
    "breaks_off_before_a_word": ChatFault(kind="mid_stream", upstream="openrouter"),
    "stalls_before_a_word_is_spoken": ChatFault(kind="hang", upstream="openrouter", after_tokens=1),
    "says_nothing": ChatFault(kind="empty", upstream="openrouter"),
    "only_thinks": ChatFault(kind="reasoning", upstream="openrouter"),
    "hides_its_error": ChatFault(kind="dressed", upstream="openrouter", after_tokens=1),
}


@pytest.mark.parametrize("fault", FIRST_FAILS.values(), ids=FIRST_FAILS.keys())
async def test_the_next_upstream_answers_when_the_first(
    fault: ChatFault, system: System, account: Account
) -> None:
    session = await account.create(llm_model=new_model())
    async with system.providers(thinking(fault)) as sandbox, call(session) as caller:
        await room.turn(caller, 0)
        await caller.say_text(QUESTION)
        answer = await room.turn(caller, 1)
        await account.delete(session["id"])
    ended = await account.ended(session["id"])
    assert (answer.agent_response, answer.interrupted) == (HOURS, False)
    assert asked(sandbox.requests) == ["openrouter", "clarifai"]
    assert ended["config"]["substitutions"] == [
        {
            "field": "llm_upstream",
            "requested": "openrouter",
            "served": "clarifai",
            "reason": "openrouter gave no answer in time",
        }
    ]


async def test_a_host_that_is_late_is_outrun_by_the_next(system: System, account: Account) -> None:
    session = await account.create(llm_model=new_model("hedged"))
    late = ChatFault(kind="late", upstream="openrouter", delay_ms=20_000)
    async with system.providers(thinking(late)) as sandbox, call(session) as caller:
        await room.turn(caller, 0)
        await caller.say_text(QUESTION)
        answer = await room.turn(caller, 1)
        await account.delete(session["id"])
    assert answer.agent_response == HOURS
    assert asked(sandbox.requests)[:2] == ["openrouter", "clarifai"]


async def test_a_host_that_denied_one_session_is_not_asked_by_the_next(
    system: System, account: Account
) -> None:
    model = new_model()
    denying = ChatFault(upstream="openrouter", status=401)
    async with system.providers(thinking(denying)) as sandbox:
        for _ in range(2):
            session = await account.create(llm_model=model)
            async with call(session) as caller:
                await room.turn(caller, 0)
                await caller.say_text(QUESTION)
                answer = await room.turn(caller, 1)
                await account.delete(session["id"])
            assert answer.agent_response == HOURS
        assert asked(sandbox.requests) == ["openrouter", "clarifai", "clarifai"]


def asked(requests: Requests) -> list[str]:
    """Upstreams that were asked for a completion, in order."""
    return [one.path.split("/")[2] for one in requests.to("/chat/completions")]


async def test_a_reply_that_breaks_off_is_spoken_as_far_as_it_came(
    system: System, account: Account
) -> None:
    session = await account.create(llm_model=new_model())
    breaking = ChatFault(kind="mid_stream", after_tokens=9, times=1)
    async with system.providers(thinking(breaking)), call(session) as caller:
        await room.turn(caller, 0)
        await caller.say_text(QUESTION)
        cut = await room.turn(caller, 1)
        await caller.say_text(QUESTION)
        answer = await room.turn(caller, 2)
        await account.delete(session["id"])
    assert cut.agent_response == " ".join(HOURS.split()[:9])
    assert answer.agent_response == HOURS


async def test_a_question_that_no_upstream_answers_is_apologised_for_and_the_next_is_answered(
    system: System, account: Account
) -> None:
    session = await account.create(llm_model=new_model())
    async with (
        system.providers(thinking(ChatFault(status=500, times=3))) as sandbox,
        call(session) as caller,
    ):
        await room.turn(caller, 0)
        await caller.say_text(QUESTION)
        apology = await room.turn(caller, 2)
        await caller.say_text(QUESTION)
        answer = await room.turn(caller, 3)
        await account.delete(session["id"])
    unanswered = (await account.turns(session["id"]))[1]

    assert asked(sandbox.requests) == ["openrouter", "clarifai", "local", "openrouter"]
    assert (unanswered["user_transcript"], unanswered["agent_response"]) == (QUESTION, "")
    assert apology.agent_response == APOLOGY
    assert answer.agent_response == HOURS


async def test_three_questions_in_a_row_without_an_answer_end_the_session(
    system: System, account: Account
) -> None:
    session = await account.create(llm_model=new_model())
    async with system.providers(thinking(ChatFault(status=500))), call(session) as caller:
        await room.turn(caller, 0)
        for index in range(MOST_FAILURES):
            await caller.say_text(QUESTION)
            apology = await room.turn(caller, 2 * index + 2)
            assert apology.agent_response == APOLOGY
        await room.is_over(caller)
    ended = await account.ended(session["id"])
    assert (ended["status"], ended["end_reason"]) == ("failed", "agent_error")
    assert ended["turn_count"] == 1 + 2 * MOST_FAILURES
