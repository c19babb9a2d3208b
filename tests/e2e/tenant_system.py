"""API and worker as processes, with scripted providers, and tenants on them."""

import random
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4

import aiohttp
from pydantic import SecretStr

from benchmarks.clips import ClipRecord, load_clips
from core.rights import Plan
from core.setting_groups import DatabaseSettings
from sandbox.script import ChatScript, Script, SttScript, TtsScript, Utterance
from sandbox.server import serve
from store.keys import KeyRepository, NewKey
from store.migrate import migrate
from store.pool import Database
from store.tenants import TenantRepository
from tests.eventually import eventually
from tests.servers import ApiProcess, EmbeddedPostgres, LiveKitServer, start_worker

QUESTION: Final[ClipRecord] = next(
    one for one in load_clips() if one.file == "question_opening_hours.wav"
)
SCRIPT: Final = Script(
    stt=SttScript(utterances=(Utterance(QUESTION.text, speech_ms=QUESTION.voiced_ms),)),
    chat=ChatScript(first_token_ms=50, replies=("We are open from nine to six.",)),
    tts=TtsScript(first_byte_ms=50, ms_per_char=20),
)
SESSIONS: Final = "/v1/voice/sessions"
FINAL: Final = frozenset({"completed", "failed", "timeout"})
TIMEOUT_S: Final = 60.0


@dataclass(frozen=True)
class Tenant:
    """A tenant's key on the running system."""

    http: aiohttp.ClientSession
    database: Database
    key: str

    async def ask(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"}
        async with self.http.request(method, path, headers=headers, **options) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.content_type == "application/json" else None

    async def create(self, **body: Any) -> dict[str, Any]:
        session: dict[str, Any] = await self.ask("POST", SESSIONS, json=body)
        return session

    async def ended(self, session_id: str) -> dict[str, Any]:
        """The session, once it has ended."""
        session: dict[str, Any] = {}

        async def has_ended() -> bool:
            session.update(await self.ask("GET", f"{SESSIONS}/{session_id}"))
            return session["status"] in FINAL

        await eventually(has_ended, deadline_s=TIMEOUT_S)
        return session

    async def value(self, statement: str, *arguments: object) -> Any:
        async with self.database.connection() as connection:
            return await connection.fetchval(statement, *arguments)


@dataclass(frozen=True)
class System:
    """API and worker, with providers that follow `SCRIPT`."""

    api: ApiProcess
    database: Database

    @asynccontextmanager
    async def tenant(self, plan: Plan, credits: str) -> AsyncIterator[Tenant]:
        async with self.database.connection() as connection:
            tenant = await TenantRepository(connection).add("Asha's shop", plan, Decimal(credits))
            new = NewKey(tenant_id=tenant.id, name="till")
            _, key = await KeyRepository(connection).create(new)
        async with aiohttp.ClientSession(self.api.url) as http:
            yield Tenant(http, self.database, key)


@asynccontextmanager
async def running_system(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer, **settings: str
) -> AsyncIterator[System]:
    """The system on a database of its own while the block lasts."""
    name = await postgres.create_database()
    dsn = postgres.dsn(name)
    await migrate(dsn)
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(serve(SCRIPT, port=_quiet_port()))
        env = {
            **livekit_server.env(),
            "DATABASE_URL": dsn,
            "SARVAM_API_URL": sandbox.http_url,
            "SARVAM_WS_URL": sandbox.ws_url,
            "LLM_OPENROUTER_URL": f"{sandbox.http_url}/upstreams/openrouter/v1",
            "LIVEKIT_AGENT_NAME": f"agent-{uuid4().hex}",
            "REJOIN_GRACE_S": "1",
            **settings,
        }
        api = await ApiProcess.start(env)
        stack.callback(api.process.stop)
        worker = await start_worker(env)
        stack.callback(worker.stop)
        database = await Database.open(DatabaseSettings(url=SecretStr(dsn)))
        stack.push_async_callback(database.close)
        yield System(api, database)


def _quiet_port() -> int:
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
