"""A session passes from its holder to a successor that is ready, or stays where it is."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import aiohttp
import pytest
from livekit.api import CreateAgentDispatchRequest

from agent.holding.handover import (
    AGAIN_S,
    QUIET_TIMEOUT_S,
    READY_ATTRIBUTE,
    READY_TIMEOUT_S,
    HandOver,
)
from agent.holding.held import Held
from agent.holding.keeper import LEASE_S, Keeper
from agent.holding.rehearsal import PATIENCE_S, rehearsed
from agent.records.recorder import Recorder
from agent.signs import Sign
from pipeline.conversation import Conversation
from store.holds import Belongings
from store.summons import Summons
from tests.unit.agent.fake_holds import SESSION, FakeHolds
from tests.unit.agent.fake_room import FakeRoom

SUCCESSOR = f"agent-{SESSION}-1"


class Raised:
    """The sign, seen from the beginning."""

    async def seen(self) -> None:
        return


@dataclass
class Named:
    """A LiveKit job or room, of which the name matters."""

    id: str = ""
    name: str = ""
    room: Any = None


class Stage:
    """The holder's side and the server that sends successors, which take `ready_after_s` to be
    ready; None never are."""

    def __init__(self, holds: FakeHolds) -> None:
        self.holds = holds
        self.room = FakeRoom()
        self.job = Named(id="job", room=Named(name="voice-7"))
        self.ready_after_s: list[float | None] = [1.0]
        self.refuses = self.n_unwritten = 0
        self.sent: list[Summons] = []
        self.got: list[Held | None] = []
        self.flushed_at: list[float] = []
        self.quiet_after_s = 0.5
        self.n_done = 0
        self.on_quiet: Callable[[], None] = lambda: None
        self.keeper = Keeper(holds.database, SESSION, "job", on_replaced=lambda: None)
        self.keeper.keep(lambda: Belongings({"n": 1}))
        self._rehearsing: list[asyncio.Task[None]] = []

    @property
    def api(self) -> Any:
        return self

    @property
    def agent_dispatch(self) -> Any:
        return self

    async def create_dispatch(self, wanted: CreateAgentDispatchRequest) -> None:
        if self.refuses:
            self.refuses -= 1
            raise aiohttp.ClientConnectionError("refused")
        assert (wanted.agent_name, wanted.room) == ("vaarta", "voice-7")
        summons = Summons.read(wanted.metadata)
        assert summons is not None
        assert json.loads(wanted.metadata)["predecessor"] == "job"
        self.sent.append(summons)
        after_s = self.ready_after_s.pop(0) if self.ready_after_s else 1.0
        if after_s is not None:
            rehearsing = self._rehearse(f"next-{len(self.sent)}", summons, after_s)
            self._rehearsing.append(asyncio.create_task(rehearsing))

    async def _rehearse(self, job_id: str, summons: Summons, after_s: float) -> None:
        await asyncio.sleep(after_s)
        participant = self.room.join(summons.identity)

        async def show(attribute: str, value: str) -> None:
            participant.attributes[attribute] = value
            self.room.emit("participant_attributes_changed", {attribute: value}, participant)

        self.got.append(await rehearsed(self.holds.database, job_id, summons, show))

    def successor_dies(self) -> None:
        for task in self._rehearsing:
            task.cancel()
        self.room.leave(SUCCESSOR)

    async def flush(self) -> bool:
        self.flushed_at.append(now())
        return len(self.flushed_at) > self.n_unwritten

    async def quiet(self) -> None:
        await asyncio.sleep(self.quiet_after_s)
        self.on_quiet()

    def done(self) -> None:
        self.n_done += 1

    async def run(self, drain_s: float = 0.0) -> None:
        await HandOver(
            cast(Any, JobOf(self)),
            Summons(SESSION),
            "vaarta",
            self.keeper,
            cast(Recorder, self),
            cast(Conversation, self),
            self.done,
        ).run(cast(Sign, Raised()), drain_s)
        await asyncio.sleep(1.0)

    async def close(self) -> None:
        for task in self._rehearsing:
            task.cancel()
        await asyncio.gather(*self._rehearsing, return_exceptions=True)


@dataclass
class JobOf:
    """What `JobContext` is to the holder."""

    stage: Stage
    job: Named = field(init=False)

    def __post_init__(self) -> None:
        self.job, self.room, self.api = self.stage.job, self.stage.room, self.stage


def now() -> float:
    return asyncio.get_running_loop().time()


@pytest.fixture
async def stage(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    made = Stage(FakeHolds.placed(monkeypatch))
    async with made.keeper.kept():
        yield made
    await made.close()


async def test_a_session_passes_to_the_successor_that_is_ready(stage: Stage) -> None:
    await stage.run()

    (held,) = stage.got
    assert held is not None
    assert (held.is_planned, held.claim.epoch, held.claim.memory) == (True, 2, {"n": 1})
    assert (stage.holds.holder, stage.holds.seat, stage.n_done) == ("next-1", 1, 1)
    assert stage.sent == [Summons(SESSION, 1, predecessor="job")]


async def test_sessions_have_time_to_end_by_themselves(stage: Stage) -> None:
    running = asyncio.create_task(stage.run(drain_s=30.0))
    await asyncio.sleep(29.9)
    assert stage.sent == []

    await running
    assert stage.n_done == 1


async def test_nothing_passes_before_nobody_speaks_and_all_is_written(stage: Stage) -> None:
    stage.quiet_after_s = 5.0
    running = asyncio.create_task(stage.run())
    await asyncio.sleep(5.9)
    assert (stage.holds.holder, stage.flushed_at) == ("job", [])

    await running
    assert (stage.holds.holder, len(stage.flushed_at)) == ("next-1", 1)


async def test_a_conversation_that_is_never_quiet_is_handed_over_all_the_same(
    stage: Stage,
) -> None:
    stage.quiet_after_s = 1000.0
    started = now()
    await stage.run()

    assert stage.n_done == 1
    assert stage.flushed_at == pytest.approx([started + 1.0 + QUIET_TIMEOUT_S], abs=0.1)


async def test_where_nobody_comes_in_time_the_session_goes_on_and_another_is_sent_for(
    stage: Stage,
) -> None:
    stage.ready_after_s = [None, 1.0]
    running = asyncio.create_task(stage.run())
    await asyncio.sleep(READY_TIMEOUT_S + AGAIN_S - 0.1)
    assert (stage.holds.holder, stage.n_done, len(stage.sent)) == ("job", 0, 1)
    assert stage.holds.lease_until > now()

    await running
    assert (stage.holds.holder, stage.n_done, len(stage.sent)) == ("next-2", 1, 2)


async def test_where_nobody_can_be_sent_for_it_is_tried_again(stage: Stage) -> None:
    stage.refuses = 2
    started = now()
    await stage.run()

    assert (stage.holds.holder, stage.n_done) == ("next-1", 1)
    assert stage.flushed_at[0] - started == pytest.approx(2 * AGAIN_S + 1.5, abs=0.1)


async def test_one_that_is_ready_late_is_taken_and_not_put_out_by_another(stage: Stage) -> None:
    stage.ready_after_s = [READY_TIMEOUT_S + 1.0]
    await stage.run()

    assert (stage.holds.holder, stage.n_done, len(stage.sent)) == ("next-1", 1, 1)


async def test_nothing_passes_to_a_successor_that_is_gone_before_it_is_quiet(
    stage: Stage,
) -> None:
    def dies() -> None:
        stage.on_quiet = lambda: None
        stage.successor_dies()

    stage.on_quiet = dies
    running = asyncio.create_task(stage.run())
    await asyncio.sleep(5.0)
    assert (stage.holds.holder, stage.n_done) == ("job", 0)

    await running
    assert (stage.holds.holder, stage.n_done) == ("next-2", 1)


async def test_it_stays_the_holder_s_while_the_database_is_away(stage: Stage) -> None:
    def goes_away() -> None:
        stage.holds.is_away = len(stage.flushed_at) == 0

    stage.on_quiet = goes_away
    running = asyncio.create_task(stage.run())
    await asyncio.sleep(5.0)
    assert (stage.holds.holder, stage.n_done) == ("job", 0)
    stage.holds.is_away = False

    await running
    assert (stage.holds.holder, stage.n_done) == ("next-1", 1)


async def test_it_stays_the_holder_s_while_turns_of_it_are_unwritten(stage: Stage) -> None:
    stage.n_unwritten = 1
    running = asyncio.create_task(stage.run())
    await asyncio.sleep(5.0)
    assert (stage.holds.holder, stage.n_done, len(stage.flushed_at)) == ("job", 0, 1)

    await running
    assert (stage.holds.holder, stage.n_done) == ("next-1", 1)


async def test_a_session_that_is_over_is_handed_to_nobody(stage: Stage) -> None:
    stage.holds.is_active = False
    running = asyncio.create_task(stage.run())
    await asyncio.sleep(60.0)

    assert (stage.holds.holder, stage.n_done) == ("job", 0)
    running.cancel()


class Waiting:
    """A successor that waits for the session of a holder which lives as long as it is told to."""

    def __init__(self, holds: FakeHolds) -> None:
        self.holds = holds
        self.shown: list[tuple[str, str]] = []

    async def show(self, attribute: str, value: str) -> None:
        self.shown.append((attribute, value))

    async def rehearsed(self, predecessor: str = "job") -> Held | None:
        summons = Summons(SESSION, 1, predecessor=predecessor)
        return await rehearsed(self.holds.database, "next", summons, self.show)


@pytest.fixture
async def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    return Waiting(FakeHolds.placed(monkeypatch))


async def test_a_successor_claims_the_session_of_a_holder_that_dies(waiting: Waiting) -> None:
    started = now()
    held = await waiting.rehearsed()

    assert held is not None
    assert (held.is_planned, waiting.holds.holder, waiting.holds.seat) == (False, "next", 1)
    assert now() - started == pytest.approx(LEASE_S, abs=0.2)
    assert waiting.shown == [(READY_ATTRIBUTE, "next")]


async def test_a_successor_that_gets_nothing_leaves_in_the_end(waiting: Waiting) -> None:
    waiting.holds.lease_until += 1000.0
    started = now()

    assert await waiting.rehearsed() is None
    assert now() - started == pytest.approx(PATIENCE_S)
    assert waiting.holds.holder == "job"


async def test_nobody_says_ready_to_one_who_holds_nothing(waiting: Waiting) -> None:
    assert await waiting.rehearsed(str(UUID(int=9))) is None
    assert waiting.shown == []


async def test_what_was_handed_over_while_the_database_was_away_is_found_afterwards(
    waiting: Waiting,
) -> None:
    waiting.holds.lease_until += 1000.0
    rehearsing = asyncio.create_task(waiting.rehearsed())
    await asyncio.sleep(1.0)
    left = Belongings({"n": 1})
    await waiting.holds.hand_over(SESSION, "job", "next", lease_s=LEASE_S, left=left)
    waiting.holds.is_away = True
    await asyncio.sleep(1.0)
    waiting.holds.is_away = False

    held = await rehearsing
    assert held is not None
    assert held.is_planned
