"""A held call: what is told of it live."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final
from uuid import uuid4

import aiohttp
import pytest
import pytest_asyncio
from pydantic import SecretStr

from benchmarks.clips import ClipRecord, load_clips, read
from cli.caller.caller import Caller
from core.rights import Plan
from core.setting_groups import DatabaseSettings
from sandbox.script import ChatScript, Script, SttScript, TtsScript, Utterance
from sandbox.server import Sandbox, serve
from store.keys import KeyRepository, NewKey
from store.migrate import migrate
from store.pool import Database
from store.tenants import TenantRepository
from tests.integration.sse import Message, stream
from tests.servers import ApiProcess, EmbeddedPostgres, LiveKitServer, start_worker

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION: Final[ClipRecord] = next(
    one for one in load_clips() if one.file == "question_opening_hours.wav"
)
ANSWER: Final = "We are open from nine to six."
SCRIPT: Final = Script(
    stt=SttScript(utterances=(Utterance(QUESTION.text, speech_ms=QUESTION.voiced_ms),)),
    chat=ChatScript(first_token_ms=50, replies=(ANSWER,)),
    tts=TtsScript(first_byte_ms=50, ms_per_char=20),
)
SESSIONS: Final = "/v1/voice/sessions"
TIMEOUT_S: Final = 60.0


@dataclass(frozen=True)
class System:
    """Two API processes and a worker, whose providers follow `SCRIPT`; a tenant's key."""

    apis: tuple[ApiProcess, ApiProcess]
    sandbox: Sandbox
    http: aiohttp.ClientSession
    key: str

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"}
        url = f"{self.apis[0].url}{path}"
        async with self.http.request(method, url, headers=headers, json=body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()


@pytest_asyncio.fixture(loop_scope="session")
async def system(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[System]:
    dsn = postgres.dsn(await postgres.create_database())
    await migrate(dsn)
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(serve(SCRIPT, port=0))
        env = {
            **livekit_server.env(),
            "DATABASE_URL": dsn,
            "SARVAM_API_URL": sandbox.http_url,
            "SARVAM_WS_URL": sandbox.ws_url,
            "LLM_OPENROUTER_URL": f"{sandbox.http_url}/upstreams/openrouter/v1",
            "LIVEKIT_AGENT_NAME": f"agent-{uuid4().hex}",
            "REJOIN_GRACE_S": "1",
        }
        apis = await ApiProcess.start(env), await ApiProcess.start(env)
        for api in apis:
            stack.callback(api.process.stop)
        worker = await start_worker(env)
        stack.callback(worker.stop)
        database = await Database.open(DatabaseSettings(url=SecretStr(dsn)))
        stack.push_async_callback(database.close)
        async with database.connection() as connection:
            tenant = await TenantRepository(connection).add("Asha", Plan.PRO, Decimal(100))
            new = NewKey(tenant_id=tenant.id, name="till", scopes="bots:write")
            _, key = await KeyRepository(connection).create(new)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield System(apis, sandbox, http, key)


async def test_a_call_is_told_live_and_answered_from_the_bots_documents(system: System) -> None:
    bot = await system.ask("POST", "/api/v1/bots", {"name": "till"})
    document = {"name": "hours", "content": "The shop opens at nine and closes at six.\n\nTea: 9."}
    await system.ask("POST", f"/api/v1/bots/{bot['id']}/knowledge", document)
    session = await system.ask("POST", SESSIONS, {"bot_id": bot["id"]})
    path = f"{SESSIONS}/{session['id']}/events"
    heard: list[Message] = []
    async with Caller(session["ws_url"], session["token"]) as caller:
        async with stream(system.http, f"{system.apis[0].url}{path}", system.key) as events:
            while not heard or heard[-1].event != "turn":
                heard += await events.take(1)
        await caller.play(read(QUESTION))
        await caller.wait_for(lambda: 1 in caller.turns, what="a turn", timeout_s=TIMEOUT_S)
    last = heard[-1].id
    async with stream(system.http, f"{system.apis[1].url}{path}", system.key, after=last) as events:
        heard += await events.rest()

    transcript = await system.ask("GET", f"{SESSIONS}/{session['id']}/transcript")
    ended = await system.ask("GET", f"{SESSIONS}/{session['id']}")
    assert [message.id for message in heard] == list(range(1, len(heard) + 1))
    assert heard[-1] == Message(len(heard), "end", ended)
    assert [one.data for one in heard if one.event == "turn"] == transcript
    states = [one.data["agent_state"] for one in heard if one.event == "state"]
    assert {"listening", "thinking", "speaking"} <= set(states)
    assert all(earlier != later for earlier, later in pairwise(states))
    finals = [one.data for one in heard if one.event == "transcript" and one.data["final"]]
    assert [(one["role"], one["text"], one["turn_index"]) for one in finals] == [
        ("agent", session["config"]["greeting"], 0),
        ("user", QUESTION.text, 1),
        ("agent", ANSWER, 1),
    ]
    partials = [one.data for one in heard if one.event == "transcript" and not one.data["final"]]
    assert {one["role"] for one in partials} == {"agent", "user"}
    asked = [one.body for one in system.sandbox.requests if "openrouter" in one.path and one.body]
    assert asked
    assert "The shop opens at nine" in asked[-1]["messages"][0]["content"]
