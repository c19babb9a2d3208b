"""A router that asks a model's routes in the order of their speed."""

import asyncio

import pytest

from pipeline.clock import now
from pipeline.route_health import N_RECENT, N_TO_COMPARE, TRY_EVERY_S
from tests.unit.pipeline.fake_upstream import HANGS, Routed, answer, begin, hosts

pytestmark = pytest.mark.usefixtures("no_loose_ends")

HELLO = "We open at nine."


def remember(routed: Routed, *usual_s: float) -> None:
    """Of each as many answers as count have begun, the last one now."""
    for upstream, first_token_s in zip(routed.upstreams, usual_s, strict=False):
        begin(routed.board, upstream.route, first_token_s, now(), N_RECENT)


async def talk(routed: Routed, n: int, *, pause_s: float) -> None:
    for _ in range(n):
        await routed.text()
        await asyncio.sleep(pause_s)


async def test_a_listed_order_stays_as_it_is() -> None:
    first, second = hosts(answer(HELLO, 0.9), answer(HELLO, 0.2))
    routed = Routed(first, second)
    remember(routed, 0.9, 0.2)
    await talk(routed, 5, pause_s=100)
    assert (len(first.asked_at), second.asked_at) == (5, [])


async def test_who_answers_sooner_is_asked_first_and_alone() -> None:
    first, second = hosts(answer(HELLO, 0.9), answer(HELLO, 0.2))
    routed = Routed(first, second, order="measured")
    remember(routed, 0.9, 0.2)
    assert await routed.text() == HELLO
    assert routed.began_after_s == pytest.approx(0.2)
    assert (first.asked_at, len(second.asked_at)) == ([], 1)
    assert routed.router.first is second
    assert routed.answered == [second.route]


async def test_a_host_that_was_never_asked_is_tried_once_the_first_is_known() -> None:
    first, second = hosts(answer(HELLO, 0.5), answer(HELLO, 0.4))
    routed = Routed(first, second, order="measured")
    await talk(routed, N_TO_COMPARE, pause_s=1)
    assert second.asked_at == []
    await talk(routed, 20, pause_s=20)
    assert len(second.asked_at) == 1 + 20 * 20 // TRY_EVERY_S
    assert len(first.asked_at) + len(second.asked_at) == N_TO_COMPARE + 20


async def test_a_host_that_became_slow_gives_way() -> None:
    first, second = hosts(answer(HELLO, 0.95), answer(HELLO, 0.6))
    routed = Routed(first, second, order="measured")
    remember(routed, 0.2, 0.6)
    assert routed.router.first is first
    await talk(routed, N_RECENT, pause_s=1)
    assert routed.router.first is second


async def test_an_answer_that_nobody_waited_for_measured_nothing() -> None:
    first, second = hosts(answer(HELLO, 0.5), answer(HELLO, 0.4))
    routed = Routed(first, second, order="measured")
    remember(routed, 0.5)
    asking = asyncio.create_task(routed.text())
    await asyncio.sleep(0.1)
    asking.cancel()
    await asyncio.wait([asking])
    await talk(routed, 3, pause_s=10)
    assert len(second.asked_at) == 2, "left, and tried again when its own time is over"


async def test_a_host_that_hangs_when_it_is_tried_keeps_nobody_waiting_for_long() -> None:
    first, second = hosts(answer(HELLO, 0.3), HANGS)
    routed = Routed(first, second, order="measured")
    remember(routed, 0.3)
    await routed.text()
    assert len(second.asked_at) == 1
    assert routed.began_after_s < 1.5
    await talk(routed, 10, pause_s=5)
    assert len(second.asked_at) == 1
