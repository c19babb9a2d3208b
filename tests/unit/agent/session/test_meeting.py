"""How long an agent waits for its caller, and what becomes of a session without one."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from agent.holding.held import Held
from agent.holding.parting import Parting, Way
from agent.room.presence import Presence
from agent.session.meeting import ABSENT_S, NOT_LESS_S, Meeting
from agent.tracing.start_up import StartUp
from core.settings import Settings
from core.supervision import Tasks
from pipeline.conversation import Conversation
from store.records import EndReason
from tests.unit.agent.fake_room import FakeRoom

GRACE_S = Settings().agent.rejoin_grace_s
OFFERED_S = 6.0
"""Since the job's offer, when it has joined."""


class EmptyRoom:
    """Stands for `agent.room.call.Call` in a room that nobody else is in."""

    def __init__(self) -> None:
        self.presence = Presence(FakeRoom().room, "caller-1", on_track=lambda _: None)
        self.is_published = False

    async def join(self) -> None:
        self.presence.look()

    async def publish(self) -> None:
        self.is_published = True


@pytest.mark.parametrize(
    ("waits_s", "is_taken_up", "waited_s", "way", "reason"),
    [
        (0, False, ABSENT_S, Way.OVER, EndReason.CALLER_HANGUP),
        (20, False, 20 + NOT_LESS_S - OFFERED_S, Way.UNMET, None),
        (1, False, ABSENT_S, Way.UNMET, None),
        (0, True, GRACE_S, Way.OVER, EndReason.CALLER_HANGUP),
        (20, True, GRACE_S, Way.OVER, EndReason.CALLER_HANGUP),
    ],
)
async def test_a_session_ends_without_its_caller_unless_it_was_begun_without_one(
    waits_s: int, is_taken_up: bool, waited_s: float, way: Way, reason: EndReason | None
) -> None:
    loop = asyncio.get_running_loop()
    call, began_at = EmptyRoom(), loop.time()
    parting = Parting(lambda: None, has_met=not waits_s)
    start = StartUp(began_at - OFFERED_S, loop.time)
    resources: Any = SimpleNamespace(settings=Settings(), start=start)
    record: Any = SimpleNamespace(id=UUID(int=7))
    held = cast(Held, SimpleNamespace(is_taken_up=is_taken_up))
    async with Tasks.owned(lambda *_: None) as tasks:
        meeting = Meeting(
            record, resources, cast(Any, call), parting, tasks, asyncio.Event(), waits_s
        )
        assert not await meeting.comes_about(held, cast(Conversation, None))

    assert loop.time() - began_at == pytest.approx(waited_s)
    assert (parting.way, parting.end_reason) == (way, reason)
    assert call.is_published
