import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg
import pytest

from control_api.health.readiness import Parts, Readiness
from control_api.sessions.rooms import Rooms
from core.errors import LiveKitUnavailable
from core.setting_groups import DatabaseSettings
from core.supervision import BackOff, Health, kept_up
from store.listener import Listener
from store.migrate import migrations
from store.pool import Database
from store.translation import translated
from tests.virtual_time import run_virtual

ANSWER_S = 0.2
WELL = dict.fromkeys(("database", "migrations", "livekit", "tasks", "process", "listener"), "ok")


class FakeDatabase:
    """Answers after a while, or fails."""

    def __init__(self) -> None:
        self.n_asked = 0
        self.fault: Exception | None = None
        self.is_read_only = False
        self.versions = [one.version for one in migrations()]

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["FakeDatabase"]:
        with translated():
            self.n_asked += 1
            await asyncio.sleep(ANSWER_S)
            if self.fault is not None:
                raise self.fault
            yield self

    async def fetchval(self, statement: str) -> bool:
        return self.is_read_only if "read_only" in statement else bool(self.versions)

    async def fetch(self, _statement: str) -> list[dict[str, Any]]:
        return [{"version": one} for one in self.versions]


class FakeRooms:
    """LiveKit, there or away."""

    def __init__(self) -> None:
        self.n_asked = 0
        self.is_away = False

    async def check(self) -> None:
        self.n_asked += 1
        await asyncio.sleep(ANSWER_S)
        if self.is_away:
            raise LiveKitUnavailable("ConnectionRefusedError")


class World:
    """A readiness and what it looks at."""

    def __init__(self) -> None:
        self.database, self.rooms, self.health = FakeDatabase(), FakeRooms(), Health()
        self.draining = asyncio.Event()
        database = cast(Database, self.database)
        self.listener = Listener(DatabaseSettings(), database)
        self.readiness = Readiness(
            Parts(
                database,
                cast(Rooms, self.rooms),
                self.health,
                self.draining,
                self.listener,
            )
        )


def found(world: World) -> Mapping[str, str]:
    return run_virtual(world.readiness.look())


def test_all_is_well() -> None:
    assert found(World()) == WELL


def test_however_many_ask_each_part_is_asked_once_a_second() -> None:
    async def main() -> tuple[int, int]:
        world = World()
        for _ in range(12):
            looks = await asyncio.gather(*(world.readiness.look() for _ in range(100)))
            assert all(look == WELL for look in looks)
            await asyncio.sleep(0.1)
        return world.database.n_asked, world.rooms.n_asked

    # In 1.4 s, at 0 and at 1.2: a second after the answer, which takes 0.2 s.
    assert run_virtual(main()) == (2, 2)


@pytest.mark.parametrize("fault", [OSError(), asyncpg.CannotConnectNowError("starting")])
def test_a_database_that_is_away_is_named(fault: Exception) -> None:
    world = World()
    world.database.fault = fault
    assert found(world) == {**WELL, "database": "unavailable", "migrations": "unavailable"}


def test_a_database_that_only_reads_is_named() -> None:
    world = World()
    world.database.is_read_only = True
    assert found(world) == {**WELL, "database": "read-only"}


def test_the_migrations_that_a_database_lacks_are_named() -> None:
    world = World()
    last = world.database.versions.pop()
    (name,) = (one.name for one in migrations() if one.version == last)
    assert found(world) == {**WELL, "migrations": f"lacks {name}"}
    assert "0001_create_tenants" in found(empty())["migrations"]


def empty() -> World:
    world = World()
    world.database.versions.clear()
    return world


def test_a_process_that_is_about_to_stop_says_so_at_once() -> None:
    async def main() -> Mapping[str, str]:
        world = World()
        await world.readiness.look()
        world.draining.set()
        return await world.readiness.look()

    assert run_virtual(main()) == {**WELL, "process": "draining"}


def test_livekit_that_is_away_is_named() -> None:
    world = World()
    world.rooms.is_away = True
    assert found(world) == {**WELL, "livekit": "unavailable"}


def test_a_listener_that_hears_nothing_says_why() -> None:
    world = World()
    world.listener.complaint = "no notification comes"
    assert found(world) == {**WELL, "listener": "hears nothing: no notification comes"}


def test_a_task_that_is_down_is_named_at_once_and_until_it_runs_well() -> None:
    async def main() -> list[str]:
        world = World()
        faults = [LookupError()]

        async def work() -> None:
            await asyncio.sleep(0.5)
            if faults:
                raise faults.pop()
            await asyncio.sleep(1000)

        states = []
        back_off = BackOff(first_s=1.0)
        async with kept_up("reaper", work, health=world.health, back_off=back_off):
            for _ in range(4):
                states.append((await world.readiness.look())["tasks"])
                await asyncio.sleep(0.7)
        return states

    assert run_virtual(main()) == ["ok", "down: reaper", "down: reaper", "ok"]
