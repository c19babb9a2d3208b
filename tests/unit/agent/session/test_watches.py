"""What a job does that is told to leave its room, whose caller is gone for a moment, or whose
worker cannot reach LiveKit."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from livekit import rtc

from agent.holding.parting import Parting, Way
from agent.room.presence import Presence
from agent.session.watches import UP_S, follow_caller, leave_after, let_go_when_cut_off
from agent.signs import Signs
from core.supervision import stop_tasks
from pipeline.conversation import Conversation
from store.records import EndReason
from tests.unit.agent.fake_room import FakeRoom

CALLER = "caller-1"
LOST = rtc.DisconnectReason.CONNECTION_TIMEOUT
GRACE_S = 20.0


async def at_once() -> None:
    """It is told now."""


@pytest.mark.parametrize(("has_ended", "way"), [(True, Way.OVER), (False, Way.LET_GO)])
async def test_who_has_to_leave_a_session_that_is_over_records_it(
    has_ended: bool, way: Way
) -> None:
    left_to_another: list[bool] = []
    parting = Parting(lambda: left_to_another.append(True))

    async def is_over() -> bool:
        return has_ended

    await leave_after(at_once, is_over, parting)

    assert parting.way is way
    assert left_to_another == ([] if has_ended else [True])


async def test_a_session_whose_room_lives_is_kept_though_the_worker_cannot_reach_livekit(
    tmp_path: Path,
) -> None:
    parting, cut_off, silent = Parting(lambda: None), Signs(tmp_path).cut_off, asyncio.Event()

    async def is_silent() -> bool:
        return silent.is_set()

    watching = asyncio.create_task(let_go_when_cut_off(cut_off, is_silent, parting))
    cut_off.show()
    await asyncio.sleep(60.0)
    assert parting.way is None

    cut_off.hide()
    await asyncio.sleep(1.0)
    silent.set()
    await asyncio.sleep(60.0)
    assert parting.way is None

    cut_off.show()
    await watching
    assert parting.way is Way.LET_GO


@dataclass
class Away:
    """A caller whose connection is lost; stands for the conversation, and keeps what that is told,
    in seconds since then."""

    room: FakeRoom = field(default_factory=FakeRoom)
    parting: Parting = field(default_factory=lambda: Parting(lambda: None))
    told: list[tuple[str, float]] = field(default_factory=list)
    lost_at: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    async def caller_left(self) -> None:
        self._note("left")

    def caller_back(self) -> None:
        self._note("back")

    def at(self, after_s: float, happens: str) -> None:
        does = {
            "join": lambda: self.room.join(CALLER),
            "reach": lambda: self.room.reach(CALLER),
            "lose": lambda: self.room.leave(CALLER, LOST),
        }
        asyncio.get_running_loop().call_later(after_s, does[happens])

    def _note(self, what: str) -> None:
        self.told.append((what, round(asyncio.get_running_loop().time() - self.lost_at, 3)))


@pytest.fixture
async def away() -> AsyncIterator[Away]:
    made = Away()
    presence = Presence(made.room.room, CALLER, on_track=lambda _: None)
    made.room.join(CALLER)
    made.room.reach(CALLER)
    made.room.leave(CALLER, LOST)
    conversation = cast(Conversation, made)
    following = asyncio.create_task(
        follow_caller(presence, conversation, made.parting, grace_s=GRACE_S)
    )
    yield made
    await stop_tasks([following])


async def test_who_is_back_is_spoken_to_once_they_can_hear(away: Away) -> None:
    away.at(1.0, "join")
    away.at(3.0, "reach")
    await asyncio.sleep(10.0)

    assert away.told == [("left", 0.0), ("back", 3.0)]
    assert away.parting.left_at is None


async def test_who_is_back_and_whose_connection_does_not_come_up_is_spoken_to_all_the_same(
    away: Away,
) -> None:
    away.at(1.0, "join")
    await asyncio.sleep(10.0)

    assert away.told == [("left", 0.0), ("back", 1.0 + UP_S)]


async def test_who_is_lost_again_before_they_could_hear_is_still_away(away: Away) -> None:
    away.at(1.0, "join")
    away.at(2.0, "lose")
    away.at(8.0, "join")
    away.at(8.5, "reach")
    await asyncio.sleep(10.0)

    assert away.told == [("left", 0.0), ("back", 8.5)]
    assert away.parting.way is None


async def test_who_is_lost_again_has_the_grace_again(away: Away) -> None:
    away.at(1.0, "join")
    away.at(2.0, "lose")
    await asyncio.sleep(1.9 + GRACE_S)
    assert away.parting.way is None
    await asyncio.sleep(0.2)

    assert away.parting.end_reason is EndReason.CALLER_HANGUP
    assert away.told == [("left", 0.0)]
