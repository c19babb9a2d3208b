"""Real answers of every route, held against what the description says of them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from jsonschema import Draft202012Validator, FormatChecker
from livekit import rtc
from yarl import URL

from control_api.openapi.operation import Access, Operation
from control_api.operations import OPERATIONS
from sandbox.script import parse_script
from sandbox.server import serve
from store.ledger import Charge, Service
from store.records import NewTurn, SessionId, TurnId
from store.sessions import SessionRepository
from store.turns import TurnRepository
from tests.integration.api import Answer, Api, running_api
from tests.integration.studio import Studio

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCOPES: Final = "bots:read,bots:write,webhooks:write,usage:read,sessions:listen"
NOBODY: Final = "http://127.0.0.1:9/webhooks"
BY_NAME: Final = {one.name: one for one in OPERATIONS}
TURN: Final = NewTurn(
    id=TurnId(uuid4()),
    turn_index=0,
    user_transcript="When?",
    agent_response="At nine.",
    stt_ms=61,
    llm_model="kimi-k2.5",
    language="en-IN",
)


@dataclass
class Described:
    """The API, its description, and the ids met on the way."""

    api: Api
    key: str
    document: Mapping[str, Any]
    ids: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    async def call(self, name: str, **options: Any) -> Answer:
        """Call the operation; its answer must be the success that the description tells of."""
        operation = BY_NAME[name]
        token = self.key if operation.access is Access.ANYONE else self.api.token()
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        path = operation.path.format(**self.ids) + options.pop("query", "")
        if operation.body is not None and "json" not in options:
            options["json"] = operation.example
        answer = await self.api.send(operation.method, path, headers=headers, **options)
        assert answer.status < 400, answer.json
        self.check(operation, answer)
        self.seen.add(name)
        return answer

    def check(self, operation: Operation, answer: Answer) -> None:
        """Status, headers, media type and body are as described."""
        described = self.document["paths"][operation.path][operation.method.lower()]
        response = self._resolved(described["responses"][str(answer.status)])
        for name, reference in response["headers"].items():
            header = self._resolved(reference)
            assert name in answer.headers or not header.get("required"), name
        content = response.get("content", {})
        if not content:
            assert answer.body == b""
            return
        media_type = answer.headers["Content-Type"].partition(";")[0]
        value = answer.json if media_type == "application/json" else answer.body.decode("latin-1")
        schema = {**content[media_type]["schema"], "components": self.document["components"]}
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        assert [error.message for error in validator.iter_errors(value)] == []

    def _resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in node:
            return node
        kind, name = node["$ref"].split("/")[2:]
        found: Mapping[str, Any] = self.document["components"][kind][name]
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def described(
    dsn: str, api_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Described]:
    # A stream of the list goes on for an hour.
    monkeypatch.setattr("control_api.events.list_stream.LASTS_S", 0.05)
    env = {**api_env, "DATABASE_URL": dsn, "WEBHOOK_ALLOW_PRIVATE": "true"}
    async with (
        serve(parse_script({})) as sandbox,
        running_api({**env, "SARVAM_API_URL": sandbox.http_url}) as api,
    ):
        document = (await api.get("/openapi.json")).json
        yield Described(api, await api.new_key(scopes=SCOPES), document)


async def store_a_turn(described: Described) -> None:
    charge = Charge(service=Service.LLM, model="kimi-k2.5", credits=Decimal("0.25"), input_tokens=9)
    session_id = SessionId(UUID(described.ids["session_id"]))
    async with described.api.database.connection() as connection:
        await TurnRepository(connection).add_turn(session_id, TURN, [charge])


async def call_about_sessions(it: Described) -> None:
    body = {"webhook_url": NOBODY, "metadata": {"order": [1, None, "ü"]}, "voice": "amelia"}
    it.ids["session_id"] = (
        await it.call("create_session", json={**body, "language": "hi-IN"})
    ).json["id"]
    await store_a_turn(it)
    for name in ("get_session", "list_sessions", "get_cost", "get_eval_case"):
        await it.call(name)
    for wanted in ("json", "txt", "srt"):
        await it.call("get_transcript", query=f"?format={wanted}")
    await it.call("end_session")
    await it.call("stream_events")
    await it.call("get_session")
    await it.call("stream_sessions")
    await listen_in(it)


async def listen_in(it: Described) -> None:
    session = (await it.call("create_session")).json
    it.ids["session_id"] = session["id"]
    async with it.api.database.connection() as connection:
        await SessionRepository(connection).mark_active(SessionId(UUID(session["id"])), {})
    room = rtc.Room()
    await room.connect(it.api.settings.livekit.url, session["token"])
    await it.call("listen")
    await room.disconnect()
    await it.call("end_session")
    await hear(it)
    await it.call("erase_session")
    await it.call("list_audit_entries")


async def hear(it: Described) -> None:
    studio = Studio(it.api, Path(it.api.settings.recording.store).parent)
    studio.leave(SessionId(UUID(it.ids["session_id"])))
    await studio.deliverer.look()
    link = URL((await it.call("get_recording")).json["url"])
    await it.call("get_sound", query=f"?{link.raw_query_string}")
    await it.call("get_sound", query=f"?{link.raw_query_string}", headers={"Range": "bytes=0-99"})


async def call_about_bots(it: Described) -> None:
    it.ids["bot_id"] = (await it.call("create_bot")).json["id"]
    it.ids["document_id"] = (await it.call("create_document")).json["id"]
    for name in ("get_bot", "list_bots", "change_bot", "publish_bot"):
        await it.call(name)
    it.ids["number"] = "1"
    for name in ("list_bot_versions", "get_bot_version", "restore_bot_version"):
        await it.call(name)
    for name in ("list_documents", "get_document"):
        await it.call(name)
    await it.call("delete_document")
    await it.call("delete_bot")


async def call_about_webhooks(it: Described) -> None:
    made = await it.call("create_webhook", json={"url": NOBODY})
    it.ids["webhook_id"] = made.json["id"]
    await it.call("change_webhook", json={"is_active": True})
    for name in ("get_webhook", "list_webhooks", "test_webhook"):
        await it.call(name)
    for name in ("rotate_webhook_secret", "get_default_secret", "rotate_default_secret"):
        await it.call(name)
    await it.api.send(
        "POST", "/v1/voice/sessions", json={}, headers={"Authorization": f"Bearer {it.key}"}
    )
    for whose in ("session", "webhook"):
        page = await it.call(f"list_{whose}_deliveries")
        it.ids["delivery_id"] = page.json[0]["id"]
        await it.call(f"get_{whose}_delivery")
        await it.call(f"replay_{whose}_delivery")
    await it.call("delete_webhook")


async def call_about_keys(it: Described) -> None:
    it.ids["key_id"] = (await it.call("create_key")).json["id"]
    for name in ("get_key", "list_keys", "change_key", "rotate_key", "revoke_key"):
        await it.call(name)


async def call_about_the_rest(it: Described) -> None:
    it.ids["model_id"] = "kimi-k2.5-fast"
    for name in ("get_balance", "list_transactions", "get_usage_summary", "list_latencies"):
        await it.call(name)
    for name in ("list_slowest", "get_status", "hold_talk", "list_voice_models"):
        await it.call(name)
    for name in ("list_openai_models", "list_models", "get_model", "list_voices"):
        await it.call(name)
    it.ids["voice_id"] = "priya"
    await it.call("get_voice_sample", query="?language=ta-IN")
    for name in ("list_languages", "is_alive", "is_ready"):
        await it.call(name)


async def test_every_route_answers_as_described(described: Described) -> None:
    async with asyncio.timeout(120):
        await call_about_sessions(described)
        await call_about_bots(described)
        await call_about_webhooks(described)
        await call_about_keys(described)
        await call_about_the_rest(described)

    assert described.seen == set(BY_NAME)


async def test_every_route_refuses_as_described(described: Described) -> None:
    described.ids.update(dict.fromkeys(_ids(), str(uuid4())))
    owner = {"Authorization": f"Bearer {described.api.token()}"}
    for operation in OPERATIONS:
        path = operation.path.format(**described.ids)
        hostile: list[dict[str, Any]] = [
            {"headers": {"Authorization": None}},
            {"headers": {"Authorization": "Bearer cm_live_unknown"}},
            {"headers": {"Authorization": f"Bearer {described.api.token(role='agent')}"}},
            {"headers": {**owner, "Idempotency-Key": "x" * 256, "Last-Event-ID": "-"}},
            {"headers": {**owner, "Content-Type": "application/json"}, "data": b"{"},
            {"headers": {**owner, "Content-Type": "text/plain"}, "data": b"{}"},
            {"headers": owner, "json": ["not", "an", "object"]},
            {"headers": owner, "params": {"limit": "0", "format": "x", "days": "0"}, "json": {}},
        ]
        for options in hostile:
            answer = await described.api.send(operation.method, path, **options)
            described.check(operation, answer)


def _ids() -> set[str]:
    return {name for operation in OPERATIONS for name in operation.path_parameters}
