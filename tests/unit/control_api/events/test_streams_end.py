import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

from control_api.access.auth import Caller
from control_api.events.hub import Client, EventHub
from control_api.events.list_hub import Changes
from control_api.events.list_stream import ListStream
from core.rights import Plan
from core.setting_groups import DatabaseSettings, EventSettings
from store.listener import Listener
from store.pool import Database
from store.records import TenantId, TenantRecord
from tests.virtual_time import START_S, run_virtual

STATEMENT_S = 1.0


class SlowDatabase:
    """Every statement takes a second."""

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["SlowDatabase"]:
        yield self

    async def fetchrow(self, *_: Any) -> None:
        await asyncio.sleep(STATEMENT_S)


def new_hub() -> EventHub:
    listener = Listener(DatabaseSettings(), cast(Database, None))
    return EventHub(listener, EventSettings(), asyncio.Event())


def client(cut: Callable[[], None]) -> Client:
    tenant = TenantRecord(TenantId(uuid4()), "Asha's shop", Plan.FREE, datetime.now(UTC))
    return Client(Caller(tenant), None, cut)


def test_a_list_stream_that_is_reading_when_the_process_stops_ends_with_the_reading() -> None:
    async def main() -> tuple[list[bytes], float]:
        hub, follower = new_hub(), client(lambda: None)
        changes = Changes(follower.wake)
        stream = ListStream(cast(Database, SlowDatabase()), follower, changes, 15.0)

        async def follow() -> list[bytes]:
            with hub.counted(follower):
                return [message async for message in stream.messages()]

        following = asyncio.create_task(follow())
        await asyncio.sleep(STATEMENT_S / 2)
        hub.close()
        return await following, asyncio.get_running_loop().time() - START_S

    assert run_virtual(main()) == ([b"event: list\ndata: {}\n\n"], STATEMENT_S)


def test_a_client_that_does_not_take_what_is_left_is_cut_off() -> None:
    cut: list[str] = []

    async def main() -> None:
        hub = new_hub()
        with hub.counted(client(lambda: cut.append("one that has left"))):
            pass
        with hub.counted(client(lambda: cut.append("one that hangs"))):
            hub.close()
            await asyncio.sleep(1)
            assert not cut
            await asyncio.sleep(2)

    run_virtual(main())
    assert cut == ["one that hangs"]
