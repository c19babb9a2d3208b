"""`python -m benchmarks.worst_tenant`: one tenant at its worst, a process of its own.

Fifty connections that read all they can, and a person's token five hundred times a second. Who
starts it (`benchmarks.big_tables`) says where and as whom in its argument; on SIGTERM it tells how
often it was answered what. It is a light one: in the world such a client is another machine's.
"""

import asyncio
import json
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import cycle
from typing import Final

import uvloop

from benchmarks.child_process import ChildProcess
from benchmarks.light_http import LightClient, get

AT_ONCE: Final = 50
"""Connections that read reports."""
PER_S: Final = 500
"""Requests with a token."""
_TICK_S: Final = 0.002
_MOST_UNDER_WAY: Final = 200
"""Requests with a token that have no answer yet: more wait, as in a client's own pool."""
_BEGUN: Final = "begun"


@dataclass(frozen=True)
class Orders:
    """Where, as whom, and what: `reports` by key, `asked` by token."""

    url: str
    key: str
    token: str
    reports: Sequence[str]
    asked: str


class WorstTenant:
    """Asks until it is stopped; counts the answers by what was asked and status."""

    def __init__(self, orders: Orders) -> None:
        self._http = LightClient(orders.url)
        self._reports = [get(path, orders.key) for path in orders.reports]
        self._asked = get(orders.asked, orders.token)
        self.answers: Counter[str] = Counter()

    async def run(self) -> None:
        """Never ends by itself."""
        reports = cycle(self._reports)
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._read_on(reports))
            group.create_task(self._ask_on())

    async def _read_on(self, reports: "cycle[bytes]") -> None:
        for report in reports:
            await self._ask("report", report)

    async def _ask_on(self) -> None:
        """Evenly; a tick that comes late is made up for."""
        loop = asyncio.get_running_loop()
        begun, sent = loop.time(), 0
        async with asyncio.TaskGroup() as group:
            under_way: set[asyncio.Task[None]] = set()
            while True:
                due = int((loop.time() - begun) * PER_S)
                free = _MOST_UNDER_WAY - len(under_way)
                for _ in range(min(due - sent, free)):
                    task = group.create_task(self._ask("token", self._asked))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                sent = due
                await asyncio.sleep(_TICK_S)

    async def _ask(self, what: str, request: bytes) -> None:
        self.answers[f"{what} {await self._http.ask(request)}"] += 1


@asynccontextmanager
async def at_its_worst(orders: Orders) -> AsyncIterator[dict[str, int]]:
    """While the block lasts; what is yielded holds the answers' numbers after it."""
    command = (sys.executable, "-m", "benchmarks.worst_tenant", json.dumps(asdict(orders)))
    process = ChildProcess.start(command, name="worst-tenant")
    answers: dict[str, int] = {}
    try:
        await process.wait_for_output(_BEGUN)
        yield answers
        process.terminate()
        await process.wait()
        answers.update(json.loads(process.output().splitlines()[-1]))
    finally:
        process.stop()


async def _run(orders: Orders) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    tenant = WorstTenant(orders)
    running = asyncio.create_task(tenant.run())
    print(_BEGUN)
    await stopped.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    print(json.dumps(tenant.answers))


if __name__ == "__main__":
    uvloop.run(_run(Orders(**json.loads(sys.argv[1]))))
