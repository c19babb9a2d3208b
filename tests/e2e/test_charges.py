"""What a call costs, as it was really held: metered by the agent, told by the API."""

import random
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from uuid import uuid4

import aiohttp
import pytest
import pytest_asyncio
from pydantic import SecretStr

from benchmarks.clips import ClipRecord, load_clips, read
from cli.caller.caller import Caller
from core.catalog import Catalog
from core.settings import DatabaseSettings
from sandbox.script import ChatScript, Script, SttScript, TtsScript, Utterance
from sandbox.server import serve
from store.keys import KeyRepository, NewKey
from store.migrate import migrate
from store.pool import Database
from store.records import Plan
from store.tenants import TenantRepository
from tests.eventually import eventually
from tests.servers import ApiProcess, EmbeddedPostgres, LiveKitServer, start_worker

pytestmark = pytest.mark.asyncio(loop_scope="session")

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
TIMEOUT_S: Final = 40.0


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

    async def create(self) -> dict[str, Any]:
        session: dict[str, Any] = await self.ask("POST", SESSIONS, json={})
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


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def charging(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[System]:
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


def by_hand(rows: list[Any]) -> Decimal:
    """The catalog's prices times what the rows say was used."""
    catalog = Catalog.load()
    total = Decimal(0)
    for row in rows:
        if row["service"] == "stt":
            model = next(one for one in catalog.stt_models if one.id == row["model"])
            exact = row["audio_seconds"] * model.price / 3600
        elif row["service"] == "tts":
            voice = next(one for one in catalog.tts_models if one.id == row["model"])
            exact = row["characters"] * voice.price / 10_000
        else:
            chat = next(one for one in catalog.models if one.id == row["model"])
            tokens = row["input_tokens"] * chat.input_price
            exact = (tokens + row["output_tokens"] * chat.output_price) / 1_000_000
        total += exact.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    return total


async def test_the_ledger_of_a_call_added_up_by_hand_is_its_cost(charging: System) -> None:
    async with charging.tenant(Plan.FREE, "100") as tenant:
        session = await tenant.create()
        async with Caller(session["ws_url"], session["token"]) as caller:
            await caller.wait_for(
                lambda: 0 in caller.turns, what="the greeting", timeout_s=TIMEOUT_S
            )
            await caller.play(read(QUESTION))
            await caller.wait_for(lambda: 1 in caller.turns, what="a turn", timeout_s=TIMEOUT_S)
        ended = await tenant.ended(session["id"])
        cost = await tenant.ask("GET", f"{SESSIONS}/{session['id']}/cost")
        async with charging.database.connection() as connection:
            rows = await connection.fetch(
                "SELECT * FROM ledger WHERE session_id = $1::uuid", session["id"]
            )
        balance = await tenant.value(
            "SELECT balance FROM tenants WHERE id = $1::uuid", session["tenant_id"]
        )
        used = await tenant.value(
            "SELECT budget_used FROM api_keys WHERE tenant_id = $1::uuid", session["tenant_id"]
        )

    assert ended["end_reason"] == "caller_hangup"
    assert {row["service"] for row in rows} == {"stt", "llm", "tts"}
    assert sum(-row["credits"] for row in rows) == by_hand(rows)
    assert Decimal(str(cost["total_credits"])) == by_hand(rows)
    assert (balance, used) == (100 - by_hand(rows), by_hand(rows))
    spoken = len(session["config"]["greeting"]) + len("We are open from nine to six.")
    items = {item["service"]: item for item in cost["items"]}
    assert items["tts"]["characters"] >= spoken
    assert items["stt"]["audio_seconds"] >= QUESTION.voiced_ms / 1000
    assert items["llm"]["output_tokens"] >= 7


async def test_a_tenant_whose_credits_run_out_is_told_and_leaves(charging: System) -> None:
    async with charging.tenant(Plan.FREE, "1") as tenant:
        session = await tenant.create()
        await tenant.value(
            "INSERT INTO ledger (id, tenant_id, kind, credits)"
            " VALUES ($1, $2::uuid, 'adjustment', -0.95) RETURNING id",
            uuid4(),
            session["tenant_id"],
        )
        async with Caller(session["ws_url"], session["token"]) as caller:
            await caller.wait_for(
                lambda: caller.disconnect_reason, what="the end", timeout_s=TIMEOUT_S
            )
        ended = await tenant.ended(session["id"])
        turns = await tenant.ask("GET", f"{SESSIONS}/{session['id']}/transcript")

    assert (ended["status"], ended["end_reason"]) == ("completed", "budget_exhausted")
    assert [turn["agent_response"] for turn in turns] == [
        session["config"]["greeting"],
        Catalog.load().languages[0].goodbye,
    ]


async def test_a_caller_without_a_place_does_not_become_active(charging: System) -> None:
    async with charging.tenant(Plan.FREE, "100") as tenant:
        first = await tenant.create()
        await tenant.value(
            "UPDATE sessions SET created_at = created_at - interval '61 s' WHERE id = $1::uuid",
            first["id"],
        )
        second = await tenant.create()
        async with Caller(second["ws_url"], second["token"]) as caller:
            await caller.wait_for(
                lambda: 0 in caller.turns, what="the greeting", timeout_s=TIMEOUT_S
            )
            async with Caller(first["ws_url"], first["token"]) as late:
                await late.wait_for(
                    lambda: late.disconnect_reason, what="the end", timeout_s=TIMEOUT_S
                )
            refused = await tenant.ended(first["id"])
            present = await tenant.ask("GET", f"{SESSIONS}/{second['id']}")

    assert (refused["status"], refused["end_reason"]) == ("failed", "concurrency_limit")
    assert refused["started_at"] is None
    assert present["status"] == "active"
