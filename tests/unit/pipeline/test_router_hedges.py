"""A second request beside one that is late, and hosts that are left alone for a while."""

import asyncio

import pytest
from prometheus_client import REGISTRY

from core.errors import ProviderClosed, ProviderDenied, ProviderError, ProviderRefused
from core.supervision import STOP_S
from pipeline.attempt import Sign
from pipeline.race import Patience
from pipeline.route_health import FAILURES_TO_OPEN, GRACE_S, PRIOR_S, WAIT_S
from tests.unit.pipeline.fake_upstream import (
    HANGS,
    FakeUpstream,
    Routed,
    Script,
    answer,
)
from tests.virtual_time import stubborn

pytestmark = pytest.mark.usefixtures("no_loose_ends")

HELLO = "We open at nine."
OTHER = "At nine o'clock."
FAILS: Script = [(0.05, ProviderClosed("first", "broke"))]


def hedges(outcome: str) -> float:
    return REGISTRY.get_sample_value("vaarta_llm_hedges_total", {"outcome": outcome}) or 0.0


def openings() -> float:
    labels = {"upstream": "local"}
    return REGISTRY.get_sample_value("vaarta_llm_breaker_openings_total", labels) or 0.0


async def learn(routed: Routed, n: int = 20) -> None:
    """Let the router see how soon answers mostly begin."""
    for _ in range(n):
        await routed.text()


async def test_a_host_that_hangs_is_outrun_by_the_next() -> None:
    won = hedges("won")
    routed = Routed(FakeUpstream("first", HANGS), FakeUpstream("second", answer(HELLO, 0.3)))
    assert await routed.text() == HELLO
    assert routed.began_after_s == pytest.approx(PRIOR_S + 0.3)
    assert hedges("won") == won + 1
    assert [one.n_open for one in routed.upstreams] == [0, 0]


async def test_a_loser_that_does_not_close_keeps_nobody(caplog: pytest.LogCaptureFixture) -> None:
    slow = FakeUpstream("first", HANGS)
    slow.closing = lambda: stubborn(60)
    routed = Routed(slow, FakeUpstream("second", answer(HELLO, 0.3)))
    asked_at = asyncio.get_running_loop().time()
    assert await routed.text() == HELLO
    assert asyncio.get_running_loop().time() - asked_at < PRIOR_S + 1.0 + STOP_S
    assert [vars(one)["task"] for one in caplog.records if one.msg == "task.hung"] == [
        "llm-attempt"
    ]
    await asyncio.sleep(60)


async def test_a_late_host_may_still_be_first() -> None:
    lost = hedges("lost")
    late = answer(HELLO, PRIOR_S + 0.1)
    routed = Routed(FakeUpstream("first", late), FakeUpstream("second", answer(OTHER, 0.3)))
    assert await routed.text() == HELLO
    assert len(routed.upstreams[1].asked_at) == 1
    assert routed.answered == [routed.upstreams[0].route]
    assert hedges("lost") == lost + 1


async def test_late_is_what_is_late_for_this_host() -> None:
    usual = [answer(HELLO, 0.5 + 0.01 * index) for index in range(20)]
    routed = Routed(
        FakeUpstream("first", *usual, HANGS), FakeUpstream("second", answer(OTHER, 0.3))
    )
    await learn(routed)
    assert routed.upstreams[1].asked_at == []
    assert await routed.text() == OTHER
    assert routed.began_after_s == pytest.approx(0.68 + GRACE_S + 0.3)


async def test_a_slow_host_is_not_raced_for_being_slow() -> None:
    routed = Routed(
        FakeUpstream("first", *[answer(HELLO, 0.9)] * 10, *[answer(HELLO, 1.8)] * 20),
        FakeUpstream("second", answer(OTHER, 1.5)),
    )
    await learn(routed, 25)
    n_beside = len(routed.upstreams[1].asked_at)
    await learn(routed, 5)
    assert len(routed.upstreams[1].asked_at) == n_beside <= 3


async def test_the_third_is_asked_when_the_second_is_late_too() -> None:
    routed = Routed(
        FakeUpstream("first", HANGS),
        FakeUpstream("second", HANGS),
        FakeUpstream("third", answer(HELLO, 0.2)),
    )
    assert await routed.text() == HELLO
    assert routed.began_after_s == pytest.approx(2 * PRIOR_S + 0.2)


async def test_a_second_request_that_fails_leaves_the_first_its_time() -> None:
    failed = hedges("failed")
    routed = Routed(FakeUpstream("first", answer(HELLO, 3.0)), FakeUpstream("second", FAILS))
    assert await routed.text() == HELLO
    assert hedges("failed") == failed + 1


async def test_two_answers_in_one_moment_are_one() -> None:
    routed = Routed(
        FakeUpstream("first", answer(HELLO, PRIOR_S + 0.3)),
        FakeUpstream("second", answer(OTHER, 0.3)),
    )
    assert await routed.text() in (HELLO, OTHER)


async def test_a_host_that_only_thinks_does_not_win() -> None:
    routed = Routed(
        FakeUpstream("first", [(0.1, Sign.THINKS)] * 50),
        FakeUpstream("second", answer(HELLO, 0.3)),
    )
    assert await routed.text() == HELLO


async def test_a_lone_host_is_asked_once_and_given_up_in_time() -> None:
    routed = Routed(FakeUpstream("first", HANGS))
    began = asyncio.get_running_loop().time()
    with pytest.raises(ProviderError):
        await routed.text()
    assert asyncio.get_running_loop().time() - began == pytest.approx(4.0)
    assert len(routed.upstreams[0].asked_at) == 1


async def test_a_lone_host_is_asked_again_where_that_is_wanted() -> None:
    lone = FakeUpstream("first", HANGS, answer(HELLO, 0.3))
    assert await Routed(lone, lone).text() == HELLO
    assert len(lone.asked_at) == 2


async def test_a_host_that_refused_a_request_is_not_asked_it_again() -> None:
    lone = FakeUpstream("first", [(0.05, ProviderRefused("first", "HTTP 400"))])
    with pytest.raises(ProviderRefused):
        await Routed(lone, lone).text()
    assert len(lone.asked_at) == 1


async def test_without_hedges_a_host_is_given_up_before_the_next_is_asked() -> None:
    patience = Patience(2.0, 5.0, 0.8, asks_beside=False)
    routed = Routed(
        FakeUpstream("first", HANGS), FakeUpstream("second", answer(HELLO)), patience=patience
    )
    assert await routed.text() == HELLO
    assert routed.began_after_s == pytest.approx(2.1)


async def test_without_hedges_a_stall_is_a_failure() -> None:
    patience = Patience(2.0, 5.0, 0.8, asks_beside=False)
    stalling: Script = [(0.1, "We"), (3.0, " open")]
    routed = Routed(
        FakeUpstream("first", stalling), FakeUpstream("second", answer(OTHER)), patience=patience
    )
    items = await routed.items(lambda: True)
    assert "".join(str(item) for item in items[2:]) == OTHER


async def test_a_host_that_fails_again_and_again_is_left_alone_and_tried_later() -> None:
    first = FakeUpstream("first", *[FAILS] * FAILURES_TO_OPEN, answer(HELLO))
    routed = Routed(first, FakeUpstream("second", answer(OTHER)))
    n_openings = openings()
    for _ in range(FAILURES_TO_OPEN + 2):
        assert await routed.text() == OTHER
    assert len(first.asked_at) == FAILURES_TO_OPEN
    assert openings() == n_openings + 1
    await asyncio.sleep(WAIT_S)
    assert await routed.text() == HELLO
    assert await routed.text() == HELLO


async def test_one_request_tries_a_host_that_was_left_alone() -> None:
    first = FakeUpstream("first", *[FAILS] * FAILURES_TO_OPEN, answer(HELLO, 0.6))
    routed = Routed(first, FakeUpstream("second", answer(OTHER)))
    await learn(routed, FAILURES_TO_OPEN)
    await asyncio.sleep(WAIT_S)
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(routed.text()) for _ in range(5)]
    assert sorted(one.result() for one in asked) == [OTHER] * 4 + [HELLO]


async def test_hosts_that_are_all_left_alone_are_asked_all_the_same() -> None:
    routed = Routed(
        FakeUpstream("first", *[FAILS] * FAILURES_TO_OPEN, answer(HELLO)),
        FakeUpstream("second", *[FAILS] * FAILURES_TO_OPEN, answer(OTHER)),
    )
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(ProviderError):
            await routed.text()
    assert await routed.text() == HELLO


async def test_a_bad_key_is_tried_once_and_then_left_alone() -> None:
    denied: Script = [(0.05, ProviderDenied("first", "HTTP 401"))]
    routed = Routed(FakeUpstream("first", denied), FakeUpstream("second", answer(OTHER)))
    await learn(routed, 5)
    assert len(routed.upstreams[0].asked_at) == 1


async def test_a_host_that_stalls_after_each_first_word_is_left_alone() -> None:
    stalling: Script = [(0.1, "We"), (60.0, " open")]
    routed = Routed(FakeUpstream("first", stalling), FakeUpstream("second", answer(OTHER)))
    for _ in range(FAILURES_TO_OPEN + 2):
        await routed.items(lambda: True)
    assert len(routed.upstreams[0].asked_at) == FAILURES_TO_OPEN


async def test_an_answer_that_nobody_wants_any_more_is_no_failure() -> None:
    routed = Routed(FakeUpstream("first", answer(HELLO)), FakeUpstream("second", answer(OTHER)))
    for _ in range(5):
        async with routed.router.reply([]) as items:
            await anext(items)
    for _ in range(5):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05), routed.router.reply([]):
                pass
    assert await routed.text() == HELLO
    assert routed.upstreams[0].n_open == 0


RACE = Patience(4.0, 5.0, 0.8, races=True)


@pytest.mark.parametrize(("first_s", "second_s", "said"), [(0.5, 0.2, OTHER), (0.2, 0.5, HELLO)])
async def test_in_a_race_both_are_asked_at_once_and_the_quicker_answers(
    first_s: float, second_s: float, said: str
) -> None:
    first = FakeUpstream("first", answer(HELLO, first_s))
    second = FakeUpstream("second", answer(OTHER, second_s))
    routed = Routed(first, second, FakeUpstream("third", answer(OTHER)), patience=RACE)
    assert await routed.text() == said
    assert routed.began_after_s == pytest.approx(0.2)
    assert first.asked_at == second.asked_at
    assert [one.n_open for one in routed.upstreams] == [0, 0, 0]
    assert routed.upstreams[2].asked_at == []


async def test_who_loses_a_race_is_no_worse_for_it() -> None:
    first = FakeUpstream("first", *[answer(HELLO, 0.5)] * 30)
    routed = Routed(first, FakeUpstream("second", *[answer(OTHER, 0.2)] * 30), patience=RACE)
    await learn(routed, 30)
    assert len(first.asked_at) == 30
    assert not routed.board.health(first.route).is_open(asyncio.get_running_loop().time())


async def test_a_host_that_is_left_alone_is_not_raced() -> None:
    second = FakeUpstream("second", *[FAILS] * FAILURES_TO_OPEN)
    routed = Routed(
        FakeUpstream("first", *[answer(HELLO, 0.5)] * 9),
        second,
        FakeUpstream("third", *[answer(OTHER, 0.9)] * 9),
        patience=RACE,
    )
    await learn(routed, FAILURES_TO_OPEN + 3)
    assert len(second.asked_at) == FAILURES_TO_OPEN


async def test_a_lone_host_has_nobody_to_race() -> None:
    routed = Routed(FakeUpstream("first", answer(HELLO, 0.5)), patience=RACE)
    assert await routed.text() == HELLO
    assert len(routed.upstreams[0].asked_at) == 1
