"""Workers tell that they are there."""

import asyncio
import os
import platform
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from agent.worker import roll_call
from agent.worker.roll_call import Present, RollCall
from core.errors import StoreUnavailable
from core.supervision import Health
from store.pool import Database
from store.records import SessionId
from store.workers import WorkerRecord, WorkerRepository, WorkerSelf
from tests.eventually import eventually
from tests.integration.api import Api

pytestmark = pytest.mark.asyncio(loop_scope="session")


SESSIONS = tuple(SessionId(uuid4()) for _ in range(3))


async def living(database: Database) -> list[WorkerRecord]:
    async with database.connection() as connection:
        return await WorkerRepository(connection).living()


async def test_a_worker_is_listed_as_long_as_it_is_there(api: Api) -> None:
    async def is_told() -> bool:
        return bool(await living(api.database))

    async with RollCall.opened(
        api.database, api.settings, lambda: Present(SESSIONS), health=Health()
    ):
        await eventually(is_told, what="the worker's telling")
        (listed,) = await living(api.database)
        told = (await api.get("/api/v1/status")).json["workers"]
        async with api.database.connection() as connection:
            sessions = await connection.fetchval("SELECT sessions FROM workers")

    capacity = api.settings.agent.capacity
    assert (listed.active, listed.capacity, listed.free) == (3, capacity, capacity - 3)
    assert sessions == list(SESSIONS)
    assert (listed.pid, listed.agent_name) == (os.getpid(), api.settings.livekit.agent_name)
    assert [list(one) for one in told] == [
        ["host", "pid", "active", "capacity", "draining", "seen_at"]
    ]
    assert (told[0]["active"], told[0]["capacity"], told[0]["draining"]) == (3, capacity, False)
    assert await living(api.database) == []


async def test_a_worker_that_nobody_can_be_sent_to_is_not_listed(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roll_call, "EVERY_S", 1000.0)
    monkeypatch.setattr(roll_call, "LOOK_EVERY_S", 0.01)
    asked, present = 0, None

    def ask() -> Present | None:
        nonlocal asked
        asked += 1
        return present

    async def is_asked() -> bool:
        return asked > 3

    async def is_told() -> bool:
        return bool(await living(api.database))

    async with RollCall.opened(api.database, api.settings, ask, health=Health()):
        await eventually(is_asked, what="questions to the worker")
        before = await living(api.database)
        present = Present()
        await eventually(is_told, what="the worker's telling")

    assert before == []


async def test_what_changes_is_told_at_once(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roll_call, "EVERY_S", 1000.0)
    present = Present(SESSIONS[:1])

    async def is_there() -> bool:
        return [one.active for one in await living(api.database)] == [1]

    async def is_told() -> bool:
        return [(one.active, one.free) for one in await living(api.database)] == [(2, 0)]

    async with RollCall.opened(api.database, api.settings, lambda: present, health=Health()):
        await eventually(is_there, what="the worker's telling")
        present = Present(SESSIONS[:2], is_draining=True)
        await eventually(is_told, what="the change")


async def test_what_could_not_be_told_is_told_soon(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roll_call, "EVERY_S", 0.5)
    show, tellings = WorkerRepository.show, 0

    async def fail_the_second(*arguments: Any) -> None:
        nonlocal tellings
        tellings += 1
        if tellings == 2:
            monkeypatch.setattr(roll_call, "EVERY_S", 1000.0)
            raise StoreUnavailable("away")
        await show(*arguments)

    monkeypatch.setattr(WorkerRepository, "show", fail_the_second)

    async def is_told_again() -> bool:
        return tellings == 3

    async with RollCall.opened(api.database, api.settings, Present, health=Health()):
        await eventually(is_told_again, what="what could not be told")


async def test_a_worker_forgets_those_that_died_on_its_machine(api: Api) -> None:
    gone = await asyncio.create_subprocess_exec("true")
    await gone.wait()
    here, name = platform.node(), api.settings.livekit.agent_name
    dead = WorkerSelf(uuid4(), here, gone.pid, name, 0, 8)
    itself_before = replace(dead, id=uuid4(), pid=os.getpid())
    others = [
        replace(dead, id=uuid4(), pid=os.getppid()),
        replace(dead, id=uuid4(), host="elsewhere"),
        replace(dead, id=uuid4(), agent_name="other"),
    ]
    async with api.database.connection() as connection:
        for one in (dead, itself_before, *others):
            await WorkerRepository(connection).show(one)

    async with RollCall.opened(api.database, api.settings, Present, health=Health()):

        async def is_told() -> bool:
            return len(await living(api.database)) == len(others) + 1

        await eventually(is_told, what="a worker that knows who died")
        told = {one.id for one in await living(api.database)}

    async with api.database.connection() as connection:
        for one in others:
            await WorkerRepository(connection).forget(one.id)
    assert told >= {one.id for one in others}
