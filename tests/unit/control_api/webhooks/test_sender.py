import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import pytest
from pydantic import SecretStr

from control_api.webhooks.courier import Attempt, Courier
from control_api.webhooks.message import Message
from control_api.webhooks.sender import Sender, SenderParts
from core.setting_groups import WebhookSettings
from store.outbox import EVENT_KEYS, WebhookEvent
from store.pool import Database
from store.sealing import Sealer
from store.secrets import SecretBox
from tests.virtual_time import run_virtual

BOX = SecretBox(Sealer(SecretStr("a secret for tests")))
ATTEMPT_S = 1.0


def due_delivery() -> dict[str, Any]:
    target, event = uuid4(), WebhookEvent.STARTED
    ids = {name: uuid4() for name in ("id", "tenant_id", "session_id", "webhook_id", "lease_id")}
    return {
        **ids,
        "target": target,
        "url": "http://receiver.test/",
        "event": event.value,
        "data": dict.fromkeys(EVENT_KEYS[event], ""),
        "attempts": 0,
        "occurred_at": datetime.now(UTC),
        "sealed_secret": BOX.make(target).sealed,
    }


class FakeDatabase:
    """Deliveries are due, each once; statements are answered at once, or as `faults` say."""

    def __init__(self, n_due: int = 1) -> None:
        self.due = [due_delivery() for _ in range(n_due)]
        self.faults: list[Exception] = []
        self.n_settled = 0

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["FakeDatabase"]:
        yield self

    async def fetch(self, statement: str, *arguments: Any) -> list[dict[str, Any]]:
        assert "leased AS" in statement
        if self.faults:
            raise self.faults.pop(0)
        leased, self.due = self.due[: arguments[0]], self.due[arguments[0] :]
        return leased

    async def fetchrow(self, statement: str, *arguments: Any) -> dict[str, Any]:
        assert "settled AS" in statement
        self.n_settled += len(arguments[0])
        return {"n": len(arguments[0]), "disabled": []}


class FakeCourier:
    """Each attempt succeeds after a second, but for the first `n_broken`."""

    def __init__(self, n_broken: int = 0) -> None:
        self.n_broken = n_broken

    async def attempt(self, _url: str, _message: Message, _secrets: Sequence[str]) -> Attempt:
        await asyncio.sleep(ATTEMPT_S)
        self.n_broken -= 1
        if self.n_broken >= 0:
            raise LookupError
        return Attempt(datetime.now(UTC), 1000, 200)


def running(
    database: FakeDatabase, courier: FakeCourier | None = None, *, concurrency: int = 8
) -> AbstractAsyncContextManager[Sender]:
    parts = SenderParts(cast(Database, database), cast(Courier, courier or FakeCourier()), BOX)
    return Sender.running(parts, WebhookSettings(concurrency=concurrency))


@pytest.mark.parametrize("n_ticks", range(12))
def test_it_ends_in_whatever_tick_it_is_left(n_ticks: int) -> None:
    """Also in the one in which its sleep was just being ended by an outcome."""

    async def main() -> float:
        database = FakeDatabase()
        async with running(database):
            await asyncio.sleep(ATTEMPT_S)
            for _ in range(n_ticks):
                await asyncio.sleep(0)
            left_at = asyncio.get_running_loop().time()
        assert database.n_settled == 1
        return asyncio.get_running_loop().time() - left_at

    assert run_virtual(main()) == 0


def test_an_attempt_that_breaks_is_told_and_leaves_room_for_the_next(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> int:
        database = FakeDatabase(n_due=2)
        async with running(database, FakeCourier(n_broken=1), concurrency=1):
            await asyncio.sleep(10)
        return database.n_settled

    assert run_virtual(main()) == 1
    (line,) = (vars(one) for one in caplog.records if one.getMessage() == "task.ended")
    assert (line["task"], line["error"]) == ("webhook-attempt", "LookupError")


def test_a_sender_that_broke_sends_again(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> int:
        database = FakeDatabase()
        database.faults = [LookupError()]
        async with running(database):
            await asyncio.sleep(10)
        return database.n_settled

    assert run_virtual(main()) == 1
    assert [one.getMessage() for one in caplog.records].count("task.ended") == 1
