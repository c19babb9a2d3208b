"""The API killed in the middle of its deliveries, then started again."""

import os
import signal
from collections.abc import Callable
from itertools import pairwise

from store.pool import Database
from tests.eventually import eventually
from tests.integration.receiver import Receiver, running_receiver
from tests.integration.webhook_rows import Shop
from tests.servers import ApiProcess

SESSIONS = 500
DELIVERIES = 2 * SESSIONS
KILLED_AT = 300
ENV = {
    "WEBHOOK_ALLOW_PRIVATE": "true",
    "WEBHOOK_TIMEOUT_S": "5",  # on a busy machine what is answered late would be sent again
    "WEBHOOK_CONCURRENCY": "32",
    "DATA_ENCRYPTION_KEY": "a key for tests, of 32 bytes or more",
}


async def test_every_delivery_of_a_killed_api_is_made_once_it_is_back(
    dsn: str, database: Database, record_property: Callable[[str, object], None]
) -> None:
    shop = await Shop.opened(database)
    env = {**ENV, "DATABASE_URL": dsn}
    async with running_receiver() as receiver:
        sessions = [await shop.session(receiver.url) for _ in range(SESSIONS)]
        for session_id in sessions:
            await shop.end(session_id)

        first = await ApiProcess.start(env)
        try:
            await eventually(lambda: has(receiver, KILLED_AT), deadline_s=60)
            os.kill(first.process.pid, signal.SIGKILL)
            await first.process.wait()
        finally:
            first.process.stop()
        before = len(receiver.received)
        assert before < DELIVERIES

        second = await ApiProcess.start(env)
        try:
            await eventually(shop.is_told, deadline_s=120, what="nothing waits")
        finally:
            second.process.stop()

    times = receiver.times_of_deliveries()
    made = {str(one.id) for one in await shop.deliveries()}
    assert set(times) == made
    assert len(made) == DELIVERIES
    # Only what was in the air when the process died may come twice, and then with the same id.
    doubled = sum(n - 1 for n in times.values())
    record_property("made before the kill", before)
    record_property("came twice", doubled)
    assert doubled <= int(ENV["WEBHOOK_CONCURRENCY"])
    for session_id in sessions:
        assert is_in_order(receiver.events_of(session_id))


def is_in_order(events: list[str]) -> bool:
    """Whether the start, maybe told twice, came before the end, maybe told twice."""
    order = ["voice_session.started", "voice_session.ended"]
    ranks = [order.index(event) for event in events]
    return set(ranks) == {0, 1} and all(a <= b for a, b in pairwise(ranks))


async def has(receiver: Receiver, n: int) -> bool:
    return len(receiver.received) >= n
