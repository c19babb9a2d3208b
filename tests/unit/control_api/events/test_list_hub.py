import asyncio
from typing import cast
from uuid import uuid4

import pytest

from control_api.events.list_hub import ListHub
from core.setting_groups import DatabaseSettings
from store.listener import Listener
from store.pool import Database
from store.records import TenantId
from tests.virtual_time import START_S, run_virtual

TENANT = TenantId(uuid4())
CONNECT_S = 0.4


async def connect_slowly(listener: Listener) -> None:
    await asyncio.sleep(CONNECT_S)
    listener.listening.set()
    listener._say_missed()
    await asyncio.sleep(1000)


@pytest.mark.parametrize(("timeout_s", "waited_s"), [(5.0, CONNECT_S), (0.1, 0.1)])
def test_who_begins_before_changes_are_heard_of_lists_once(
    monkeypatch: pytest.MonkeyPatch, timeout_s: float, waited_s: float
) -> None:
    monkeypatch.setattr(Listener, "run", connect_slowly)

    async def main() -> tuple[float, bool, bool]:
        listener = Listener(DatabaseSettings(), cast(Database, None))
        hub = ListHub(listener, timeout_s)
        running = asyncio.create_task(listener.run())
        with hub.watching(TENANT, asyncio.Event()) as changes:
            await hub.hears()
            waited = asyncio.get_running_loop().time() - START_S
            first = changes.take_incomplete()
            await asyncio.sleep(2)
            again = changes.take_incomplete()
        running.cancel()
        return round(waited, 6), first, again

    assert run_virtual(main()) == (waited_s, True, waited_s < CONNECT_S)
