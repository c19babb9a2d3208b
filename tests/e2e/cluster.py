"""A system on more than one machine, as far as one machine can be several.

callers, workers ─▶ balancer ─▶ two LiveKit nodes ─ Redis
clients          ─▶ balancer ─▶ two API processes ─▶ PgBouncer ─▶ Postgres
two workers, which reach all of it as everybody does
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

import asyncpg

from tests.balancer import Balancer
from tests.e2e.account import Json
from tests.e2e.system import System, ground
from tests.pgbouncer import pgbouncer
from tests.redis import Redis, redis
from tests.servers import ApiProcess, ChildProcess, EmbeddedPostgres, LiveKitServer, start_worker

N_NODES: Final = 2
N_APIS: Final = 2
N_WORKERS: Final = 2
_POOL_SIZE: Final = 8
_NODES: Final = "nodes"
_NODE_OF_ROOM: Final = "room_node_map"
"""LiveKit's own tables in Redis."""
_HOLDER: Final = "SELECT holder FROM session_holds WHERE session_id = $1"


@dataclass(frozen=True)
class Cluster:
    """All of it. `system` is what its clients and callers see: the balancers' addresses."""

    system: System
    nodes: Mapping[str, LiveKitServer]
    redis: Redis
    balancer: Balancer
    workers: Sequence[ChildProcess]

    async def place(self, session: Json, node: str) -> None:
        """Have the session's room on that node, which LiveKit would choose by chance."""
        await self.redis.ask("HSET", _NODE_OF_ROOM, session["config"]["livekit_room"], node)

    async def node_of(self, session: Json) -> str:
        """The node that has the session's room."""
        (node,) = await self.redis.ask("HGET", _NODE_OF_ROOM, session["config"]["livekit_room"])
        return node

    async def worker_of(self, session_id: str) -> ChildProcess:
        """The worker whose job holds the session."""
        connection = await asyncpg.connect(self.system.dsn)
        try:
            job_id = await connection.fetchval(_HOLDER, session_id)
        finally:
            await connection.close()
        (worker,) = (one for one in self.workers if f'"{job_id}"' in one.written())
        return worker

    def drain(self, node: str) -> ChildProcess:
        """Send it no one new, and tell it to stop once its rooms are empty."""
        process = self.nodes[node].process
        self.balancer.take_out(_port_of(self.nodes[node].url))
        process.terminate()
        return process


@asynccontextmanager
async def clustered(postgres: EmbeddedPostgres) -> AsyncIterator[Cluster]:
    """Two of everything that may be many. Raises `MissingServer`."""
    async with AsyncExitStack() as stack:
        registry = await stack.enter_async_context(redis())
        nodes: dict[str, LiveKitServer] = {}
        for _ in range(N_NODES):
            server = await LiveKitServer.start(redis_port=registry.port)
            stack.callback(server.process.stop)
            (new,) = set(await registry.ask("HKEYS", _NODES)) - nodes.keys()
            nodes[new] = server
        ports = [_port_of(server.url) for server in nodes.values()]
        balancer = await stack.enter_async_context(Balancer.before(*ports))
        livekit = replace(server, url=f"ws://127.0.0.1:{balancer.port}")
        on = await stack.enter_async_context(ground(postgres, livekit))
        pooled = await stack.enter_async_context(pgbouncer(on.dsn, pool_size=_POOL_SIZE))
        env = {**on.env, "DATABASE_URL": pooled, "DATABASE_LISTEN_URL": on.dsn}
        apis = await stack.enter_async_context(ApiProcess.several(N_APIS, env))
        workers = await _workers(stack, env)
        front = await stack.enter_async_context(
            Balancer.before(*(_port_of(api.url) for api in apis))
        )
        api = replace(apis[0], url=f"http://127.0.0.1:{front.port}")
        system = System(api, workers[0], livekit, on.dsn, on.provider_port, env)
        yield Cluster(system, nodes, registry, balancer, workers)


async def _workers(stack: AsyncExitStack, env: Mapping[str, str]) -> Sequence[ChildProcess]:
    async def start() -> ChildProcess:
        worker = await start_worker(env)
        stack.callback(worker.stop)
        return worker

    async with asyncio.TaskGroup() as group:
        starting = [group.create_task(start()) for _ in range(N_WORKERS)]
    return [one.result() for one in starting]


def _port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port
