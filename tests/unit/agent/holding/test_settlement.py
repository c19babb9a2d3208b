"""What follows upon what when a job has parted from its session."""

import asyncio
from typing import Any, cast

import pytest
from livekit.agents import JobContext

from agent.holding.keeper import Keeper
from agent.holding.parting import Parting, Way
from agent.holding.settlement import WRITTEN_FIRST_S, settle
from agent.records.recorder import Recorder
from store.records import EndReason


class Doings:
    """Stands for a job, its room, its recorder and its keeper; `done` tells what was done."""

    def __init__(self, *, writes_in_s: float = 0.0) -> None:
        self.done: list[str] = []
        self.room = self
        self._writes_in_s = writes_in_s

    async def settle(self, parting: Parting) -> None:
        job, recorder, keeper = cast(JobContext, self), cast(Recorder, self), cast(Keeper, self)
        await settle(job, "voice-1", parting, recorder, keeper, self._heard_out)

    async def _heard_out(self) -> None:
        self.done.append("heard out")

    async def disconnect(self) -> None:
        self.done.append("left")

    def delete_room(self, _: str) -> "asyncio.Future[None]":
        self.done.append("closed")
        closing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        closing.set_result(None)
        return closing

    def end(self, reason: EndReason, **_: Any) -> None:
        self.done.append(reason.value)

    async def flush(self) -> bool:
        await asyncio.sleep(self._writes_in_s)
        if "written" not in self.done:
            self.done.append("written")
        return True

    async def finish(self) -> None:
        self.done.append("finished")


def parted(way: Way, reason: EndReason = EndReason.AGENT_CLOSED) -> Parting:
    parting = Parting(lambda: None)
    parting.stop(reason) if way is Way.OVER else parting.part(way)
    return parting


async def test_a_session_that_is_over_is_ended_before_its_last_words_are_waited_for() -> None:
    doings = Doings()
    await doings.settle(parted(Way.OVER))

    assert doings.done == ["agent_closed", "written", "heard out", "left", "closed", "finished"]


async def test_an_end_that_is_not_written_in_time_keeps_nobody_in_the_room() -> None:
    doings, started = Doings(writes_in_s=60.0), asyncio.get_running_loop().time()
    settling = asyncio.create_task(doings.settle(parted(Way.OVER)))
    await asyncio.sleep(WRITTEN_FIRST_S + 0.1)

    assert doings.done == ["agent_closed", "heard out", "left", "closed"]
    await settling
    assert asyncio.get_running_loop().time() - started > 60.0


async def test_one_who_handed_the_session_over_stays_for_what_it_said_last() -> None:
    doings = Doings()
    await doings.settle(parted(Way.REPLACED))

    assert doings.done == ["heard out", "left"]


@pytest.mark.parametrize("way", [Way.LET_GO, Way.UNMET])
async def test_one_who_leaves_it_to_whoever_comes_does_not_wait(way: Way) -> None:
    doings = Doings()
    await doings.settle(parted(way))

    assert "heard out" not in doings.done
    assert doings.done[0] == "left"
