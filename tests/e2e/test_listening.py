"""Somebody listens in: they hear both sides, and the call goes on and ends as without them."""

import asyncio

import pytest
from livekit import rtc

from tests.e2e import room
from tests.e2e.account import Account, call
from tests.e2e.speech import OPENING_HOURS, spoken
from tests.eventually import eventually

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("providers"),
]


async def test_a_listener_hears_both_sides_and_does_not_keep_the_call(account: Account) -> None:
    session = await account.create()
    heard: set[str] = set()
    listener = rtc.Room()
    listener.on("track_subscribed", lambda _track, _publication, who: heard.add(who.identity[:6]))
    left = asyncio.Event()
    listener.on("disconnected", lambda *_: left.set())
    async with call(session) as caller:
        await room.turn(caller, 0)
        way_in = await account.listen(session["id"])
        await listener.connect(way_in["ws_url"], way_in["token"])

        async def hears_both() -> bool:
            return heard == {"caller", "agent-"}

        await eventually(hears_both, what="the sound of caller and agent")
        await caller.play(spoken(OPENING_HOURS))
        await room.turn(caller, 1)
    ended = await account.ended(session["id"])
    async with asyncio.timeout(60.0):
        await left.wait()

    assert (ended["status"], ended["end_reason"]) == ("completed", "caller_hangup")
    assert ended["turn_count"] == 2
