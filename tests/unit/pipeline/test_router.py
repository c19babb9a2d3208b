"""Which host answers when one refuses, breaks, hangs, is late, or has nothing to say."""

import asyncio

import pytest

from core.errors import ProviderBusy, ProviderClosed, ProviderDenied, ProviderError, ProviderRefused
from pipeline.attempt import Sign
from pipeline.ports import ToolCall, Withdrawn
from pipeline.race import Patience
from pipeline.served import Served
from tests.unit.pipeline.fake_upstream import (
    EMPTY,
    FOR_EVER_S,
    HANGS,
    QUESTION,
    FakeUpstream,
    Routed,
    Script,
    answer,
)

pytestmark = pytest.mark.usefixtures("no_loose_ends")

HELLO = "We open at nine."
OTHER = "At nine o'clock."
BROKE = ProviderClosed("first", "broke")
CALL = ToolCall("1", "find_hours", "{}")


def always() -> bool:
    return True


FAILURES = {
    "refuses": [(0.05, ProviderRefused("first", "HTTP 400"))],
    "denies": [(0.05, ProviderDenied("first", "HTTP 401"))],
    "is busy": [(0.05, ProviderBusy("first", "HTTP 503"))],
    "breaks": [(0.05, BROKE)],
    "cannot be read": [(0.05, ValueError("not what it should be"))],
    "says nothing": EMPTY,
    "sends white space": [(0.1, "\n"), (0.1, "  ")],
    "only thinks": [(0.1, Sign.THINKS), (0.1, Sign.THINKS), (0.1, Sign.ENDS)],
}


@pytest.mark.parametrize("script", FAILURES.values(), ids=FAILURES.keys())
async def test_the_next_host_answers_when_one(script: Script) -> None:
    routed = Routed(FakeUpstream("first", script), FakeUpstream("second", answer(HELLO)))
    assert await routed.text() == HELLO
    assert routed.began_after_s < 0.5
    assert routed.answered == [routed.upstreams[1].route]


async def test_what_a_host_sent_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    script: Script = [(0.05, ValueError("the caller's own words"))]
    with pytest.raises(ProviderClosed):
        await Routed(FakeUpstream("first", script)).text()
    assert "llm.broken" in caplog.text
    assert "own words" not in caplog.text


@pytest.mark.parametrize("script", FAILURES.values(), ids=FAILURES.keys())
async def test_all_hosts_failing_is_a_providers_error(script: Script) -> None:
    routed = Routed(FakeUpstream("first", script), FakeUpstream("second", script))
    with pytest.raises(ProviderError):
        await routed.text()
    assert [len(one.asked_at) for one in routed.upstreams] == [1, 1]


async def test_an_answer_comes_as_it_is_written() -> None:
    routed = Routed(FakeUpstream("first", answer(HELLO)), FakeUpstream("second", HANGS))
    assert await routed.items() == ["We", " open", " at", " nine."]
    assert routed.began_after_s == pytest.approx(0.1)
    assert routed.upstreams[1].asked_at == []


async def test_a_first_token_is_passed_on_in_the_moment_in_which_it_comes() -> None:
    first = FakeUpstream("first", [(0.0, "Yes.")])
    loop, rounds = asyncio.get_running_loop(), 0

    def count() -> None:
        nonlocal rounds
        rounds += 1
        loop.call_soon(count)

    async with Routed(first).router.reply(QUESTION) as items:
        rounds = 0
        counting = loop.call_soon(count)
        assert await anext(items) == "Yes."
        counting.cancel()
    assert rounds <= 1


async def test_white_space_before_the_first_word_stays_with_it() -> None:
    routed = Routed(FakeUpstream("first", [(0.1, "\n"), (0.1, " "), (0.1, "Yes."), (0.1, " ")]))
    assert await routed.items() == ["\n Yes.", " "]


async def test_an_answer_that_breaks_once_it_may_be_spoken_ends_there() -> None:
    breaking = [*answer("We open"), (0.1, BROKE)]
    routed = Routed(FakeUpstream("first", breaking), FakeUpstream("second", answer(OTHER)))
    found = []

    async def listen() -> None:
        async with routed.router.reply(QUESTION) as items:
            async for item in items:
                found.append(item)

    with pytest.raises(ProviderClosed):
        await listen()
    assert found == ["We", " open"]
    assert routed.upstreams[1].asked_at == []


async def test_an_answer_that_breaks_unspoken_is_withdrawn_for_another() -> None:
    breaking = [*answer("We open"), (0.1, BROKE)]
    routed = Routed(FakeUpstream("first", breaking), FakeUpstream("second", answer(OTHER)))
    found = await routed.items(always)
    assert found == ["We", " open", Withdrawn(), "At", " nine", " o'clock."]
    assert routed.answered == [one.route for one in routed.upstreams]


async def test_calls_are_withdrawn_as_well() -> None:
    routed = Routed(
        FakeUpstream("first", [(0.1, CALL), (0.1, BROKE)]), FakeUpstream("second", [(0.1, CALL)])
    )
    assert await routed.items(always) == [CALL, Withdrawn(), CALL]


async def test_a_stall_of_what_is_unspoken_brings_another_host_within_two_seconds() -> None:
    stalling = [(0.1, "We"), (FOR_EVER_S, " open")]
    routed = Routed(FakeUpstream("first", stalling), FakeUpstream("second", answer(OTHER, 0.6)))
    times: list[float] = []
    async with routed.router.reply(QUESTION, may_withdraw=always) as items:
        async for _ in items:
            times.append(asyncio.get_running_loop().time())
    assert len(times) == 5
    assert times[1] - times[0] == pytest.approx(0.8 + 0.6)


async def test_a_stall_that_ends_in_time_costs_nothing_but_a_request() -> None:
    pausing = [(0.1, "We"), (1.0, " open")]
    routed = Routed(FakeUpstream("first", pausing), FakeUpstream("second", answer(OTHER, 0.6)))
    assert await routed.items(always) == ["We", " open"]
    assert len(routed.upstreams[1].asked_at) == 1
    assert not routed.board.health(routed.upstreams[0].route).is_open(0)


async def test_a_stall_of_what_is_spoken_is_waited_for_longer() -> None:
    pausing = [(0.1, "We"), (4.9, " open")]
    routed = Routed(FakeUpstream("first", pausing), FakeUpstream("second", answer(OTHER)))
    assert await routed.items() == ["We", " open"]
    assert routed.upstreams[1].asked_at == []


async def test_a_stall_is_waited_for_no_longer_than_is_set() -> None:
    routed = Routed(FakeUpstream("first", [(0.1, "We"), (FOR_EVER_S, " open")]))
    began = asyncio.get_running_loop().time()
    with pytest.raises(ProviderError):
        await routed.text()
    assert asyncio.get_running_loop().time() - began == pytest.approx(0.1 + 5.0)


async def test_what_is_spoken_while_another_host_is_asked_is_kept() -> None:
    pausing = [(0.1, "We"), (2.0, " open")]
    routed = Routed(FakeUpstream("first", pausing), FakeUpstream("second", answer(OTHER, 0.5)))
    spoken_at = asyncio.get_running_loop().time() + 1.0
    found = await routed.items(lambda: asyncio.get_running_loop().time() < spoken_at)
    assert found == ["We", " open"]
    assert len(routed.upstreams[1].asked_at) == 1


async def test_a_call_that_is_being_written_is_no_stall() -> None:
    writing: Script = [(0.1, "Let me see."), *[(0.5, Sign.CALLS)] * 6, (0.5, CALL)]
    routed = Routed(FakeUpstream("first", writing), FakeUpstream("second", answer(OTHER)))
    assert await routed.items(always) == ["Let me see.", CALL]
    assert routed.upstreams[1].asked_at == []


async def test_a_call_that_has_begun_is_a_first_token() -> None:
    writing: Script = [(0.3, Sign.CALLS), *[(0.5, Sign.CALLS)] * 12, (0.5, CALL)]
    routed = Routed(FakeUpstream("first", writing), FakeUpstream("second", answer(OTHER)))
    assert await routed.items() == [CALL]
    assert routed.upstreams[1].asked_at == []


async def test_an_answer_of_which_only_the_usage_is_missing_is_whole() -> None:
    unended = [*answer(HELLO), (0.01, Sign.ENDS), (FOR_EVER_S, "")]
    routed = Routed(FakeUpstream("first", unended), FakeUpstream("second", answer(OTHER)))
    began = asyncio.get_running_loop().time()
    assert await routed.items(always) == ["We", " open", " at", " nine."]
    assert asyncio.get_running_loop().time() - began < 1.5
    assert routed.upstreams[1].asked_at == []


async def test_a_host_that_reasons_is_alive_and_waited_for() -> None:
    thinking: Script = [*[(1.0, Sign.THINKS)] * 12, (0.5, HELLO)]
    routed = Routed(FakeUpstream("first", thinking))
    assert await routed.text() == HELLO
    assert routed.began_after_s == pytest.approx(12.5)
    assert len(routed.upstreams[0].asked_at) == 1


async def test_reasoning_that_never_ends_is_given_up() -> None:
    routed = Routed(FakeUpstream("first", [(1.0, Sign.THINKS)] * 500))
    began = asyncio.get_running_loop().time()
    with pytest.raises(ProviderError):
        await routed.text()
    assert asyncio.get_running_loop().time() - began == pytest.approx(20.0)


async def test_reasoning_that_stops_is_given_up() -> None:
    routed = Routed(FakeUpstream("first", [(1.0, Sign.THINKS), (FOR_EVER_S, HELLO)]))
    began = asyncio.get_running_loop().time()
    with pytest.raises(ProviderError):
        await routed.text()
    assert asyncio.get_running_loop().time() - began == pytest.approx(1.0 + 5.0)


async def test_a_host_that_reasons_long_is_outrun_by_the_next() -> None:
    thinking: Script = [*[(1.0, Sign.THINKS)] * 12, (0.5, HELLO)]
    routed = Routed(FakeUpstream("first", thinking), FakeUpstream("second", answer(OTHER)))
    assert await routed.text() == OTHER


async def test_a_host_that_loads_its_model_is_asked_once_and_waited_for() -> None:
    loading = FakeUpstream("first", answer(HELLO, first_s=12.0), load_s=60.0)
    routed = Routed(loading)
    assert await routed.text() == HELLO
    assert len(loading.asked_at) == 1


async def test_a_host_that_loads_is_waited_for_once_the_others_have_failed() -> None:
    loading = FakeUpstream("first", answer(HELLO, first_s=12.0), load_s=60.0)
    busy: Script = [(0.05, ProviderBusy("second", "HTTP 503"))]
    routed = Routed(loading, FakeUpstream("second", busy))
    assert await routed.text() == HELLO
    assert [len(one.asked_at) for one in routed.upstreams] == [1, 1]


async def test_while_another_can_answer_nobody_waits_for_a_model_to_load() -> None:
    loading = FakeUpstream("first", answer(HELLO, first_s=12.0), load_s=60.0)
    patience = Patience(4.0, 5.0, 0.8, asks_beside=False)
    routed = Routed(loading, FakeUpstream("second", answer(OTHER)), patience=patience)
    assert await routed.text() == OTHER


@pytest.mark.parametrize("ending", [(), ((0.1, Sign.ENDS),), ((0.1, " \n"),)])
async def test_a_call_that_never_came_is_no_answer(ending: Script) -> None:
    lost: Script = [(0.1, Sign.CALLS), *ending]
    routed = Routed(FakeUpstream("first", lost), FakeUpstream("second", answer(OTHER)))
    assert await routed.text() == OTHER


async def test_what_a_host_takes_back_is_withdrawn() -> None:
    aloud: Script = [(0.1, "Nine, I believe."), (0.1, Withdrawn()), (0.1, "At nine.")]
    routed = Routed(FakeUpstream("first", aloud))
    assert await routed.items(always) == ["Nine, I believe.", Withdrawn(), "At nine."]


async def test_what_is_spoken_cannot_be_taken_back() -> None:
    aloud: Script = [(0.1, "Nine, I believe."), (0.1, Withdrawn()), (0.1, "At nine.")]
    assert await Routed(FakeUpstream("first", aloud)).items() == ["Nine, I believe.", "At nine."]


async def test_what_is_taken_back_and_replaced_by_nothing_is_no_answer() -> None:
    aloud: Script = [(0.1, "Nine, I believe."), (0.1, Withdrawn()), (0.1, Sign.ENDS)]
    routed = Routed(FakeUpstream("first", aloud), FakeUpstream("second", answer(OTHER)))
    items = await routed.items(always)
    assert "".join(str(one) for one in items[items.index(Withdrawn()) + 1 :]) == OTHER


async def test_who_answered_and_who_failed_is_put_down_for_the_record() -> None:
    first = FakeUpstream("first", [(0.25, ProviderBusy("first", "HTTP 503"))])
    routed = Routed(first, FakeUpstream("second", answer(HELLO)))
    served = Served()

    with served.at_hand():
        assert await routed.text() == HELLO

    assert (served.llm, served.llm_model) == ("local", "second")
    (failed,) = routed.faults.peek(0.0)
    assert (failed["kind"], failed["provider"], failed["reason"]) == (
        "model_failed",
        "first",
        "HTTP 503",
    )
    assert failed["duration_ms"] == 250


async def test_a_host_that_is_late_is_put_down_as_late() -> None:
    slow = FakeUpstream("first", answer(HELLO, first_s=3.5))
    routed = Routed(slow, FakeUpstream("second", answer(OTHER)))

    assert await routed.text() == OTHER

    assert [one["kind"] for one in routed.faults.peek(0.0)] == ["model_late"]
