"""Tools of bots, over HTTP: declared, checked, kept with their secrets, taken over by sessions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from store.records import SessionId, SessionRecord
from store.sealing import Sealer
from store.sessions import SessionRepository
from store.tools import ToolRecord, open_headers
from tests.integration.api import SESSIONS, Answer, Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

BOTS = "/api/v1/bots"
TOKEN = "Bearer a-token-that-no-answer-may-show"
SCHEMA = {
    "type": "object",
    "properties": {"people": {"type": "integer", "default": None}},
    "required": ["people"],
}
TOOL: Mapping[str, Any] = {
    "name": "book_table",
    "description": "Books a table.",
    "parameters": SCHEMA,
    "url": "https://tools.example.com/book?key=1",
    "headers": {"Authorization": TOKEN},
    "timeout_s": 5,
    "say_while_waiting": "I am booking it.",
}


async def as_owner(api: Api, method: str, path: str, **options: Any) -> Answer:
    headers = {"Authorization": f"Bearer {api.token()}"}
    return await api.send(method, path, headers=headers, **options)


async def make(api: Api, *tools: Mapping[str, Any], **config: Any) -> Answer:
    body = {"name": "till", "config": {"tools": list(tools), **config}}
    return await as_owner(api, "POST", BOTS, json=body)


async def row_of(api: Api, session: Mapping[str, Any]) -> SessionRecord:
    async with api.database.connection() as connection:
        sessions = SessionRepository(connection)
        return await sessions.get_for_agent(SessionId(UUID(session["id"])))


async def headers_kept(api: Api, bot_id: str) -> dict[str, str]:
    """The first tool's headers, as a session of the bot takes them over."""
    session = (await api.create(bot_id=bot_id)).json
    kept = ToolRecord.of((await row_of(api, session)).config["tools"][0])
    sealer = Sealer(*api.settings.sealing_keys)
    return open_headers(sealer, api.tenant_id, kept.sealed_headers)


async def test_a_tool_is_shown_as_it_was_given_but_for_its_headers(api: Api) -> None:
    made = await make(api, TOOL, end_call=False, idle_prompt_s=45)

    assert made.status == 201, made.json
    config = made.json["config"]
    assert config["tools"] == [{**TOOL, "headers": {"Authorization": "***"}}]
    assert list(config["tools"][0]) == list(TOOL)
    assert (config["end_call"], config["idle_prompt_s"]) == (False, 45)
    read = await as_owner(api, "GET", f"{BOTS}/{made.json['id']}")
    listed = await as_owner(api, "GET", BOTS)
    assert read.json == made.json == listed.json[0]
    assert not any(TOKEN.encode() in one.body for one in (made, read, listed))


async def test_a_tool_has_defaults(api: Api) -> None:
    bare = {key: TOOL[key] for key in ("name", "description", "url")}

    (shown,) = (await make(api, {**bare, "headers": None})).json["config"]["tools"]

    assert shown["parameters"] == {"type": "object", "properties": {}}
    assert (shown["headers"], shown["timeout_s"], shown["say_while_waiting"]) == ({}, 8, "")


async def test_a_header_at_rest_is_sealed(api: Api) -> None:
    made = await make(api, TOOL)

    async with api.database.connection() as connection:
        row = await connection.fetchrow(
            "SELECT config::text AS kept FROM bots WHERE id = $1", UUID(made.json["id"])
        )
    assert TOKEN not in row["kept"]


async def test_a_session_takes_tools_over_and_does_not_show_them(api: Api) -> None:
    made = await make(api, TOOL, end_call=False, idle_prompt_s=45)

    session = await api.create(bot_id=made.json["id"])

    assert not {"tools", "end_call", "idle_prompt_s"} & set(session.json["config"])
    shown = await api.get(f"{SESSIONS}/{session.json['id']}")
    assert b"book_table" not in session.body + shown.body
    kept = (await row_of(api, session.json)).config
    assert (kept["end_call"], kept["idle_prompt_s"]) == (False, 45)
    assert ToolRecord.of(kept["tools"][0]).url == TOOL["url"]
    assert await headers_kept(api, made.json["id"]) == {"Authorization": TOKEN}


async def test_a_masked_header_keeps_its_value_when_the_tool_is_changed(api: Api) -> None:
    made = await make(api, TOOL)
    path = f"{BOTS}/{made.json['id']}"
    (tool,) = made.json["config"]["tools"]

    change = {"config": {"tools": [{**tool, "description": "Books tables.", "timeout_s": 9}]}}
    changed = await as_owner(api, "PATCH", path, json=change)

    assert changed.status == 200, changed.json
    assert changed.json["config"]["tools"][0]["description"] == "Books tables."
    assert await headers_kept(api, made.json["id"]) == {"Authorization": TOKEN}


async def test_a_masked_header_goes_to_no_other_address(api: Api) -> None:
    made = await make(api, TOOL)
    (tool,) = made.json["config"]["tools"]

    change = {"config": {"tools": [{**tool, "url": "https://elsewhere.example.com/"}]}}
    refused = await as_owner(api, "PATCH", f"{BOTS}/{made.json['id']}", json=change)

    assert refused.status == 422
    assert refused.json["error"]["param"] == "config.tools.0.headers.Authorization"


async def test_tools_are_taken_away(api: Api) -> None:
    made = await make(api, TOOL)

    change = {"config": {"tools": None}}
    changed = await as_owner(api, "PATCH", f"{BOTS}/{made.json['id']}", json=change)

    assert changed.json["config"] == {}


@pytest.mark.parametrize(
    ("field", "value", "param", "rule"),
    [
        ("name", "book table", "name", "pattern"),
        ("name", "x" * 65, "name", "pattern"),
        ("name", "end_call", "name", "built-in"),
        ("description", "", "description", "at least 1"),
        ("description", "x" * 1025, "description", "at most 1024"),
        ("parameters", {"type": "array"}, "parameters", "type object"),
        ("parameters", {"type": "object", "required": "all"}, "parameters", "required is wrong"),
        (
            "parameters",
            {"type": "object", "properties": {"a": {"type": "x"}}},
            "parameters",
            "type",
        ),
        ("parameters", {"type": "object", "$ref": "https://a.example/s"}, "parameters", "within"),
        ("parameters", {"type": "object", "title": "x" * 8192}, "parameters", "8 KiB"),
        ("parameters", [], "parameters", "dictionary"),
        ("url", "http://tools.example.com/", "url", "https"),
        ("url", "ftp://tools.example.com/", "url", "http"),
        ("url", "https://127.0.0.1/", "url", "public addresses"),
        ("url", "https://localhost:8443/", "url", "public addresses"),
        ("url", "https://me:secret@tools.example.com/", "url", "user or a password"),
        ("headers", {"Bad name": "x"}, "headers.Bad name.[key]", "pattern"),
        ("headers", {"Host": "other.example.com"}, "headers.Host.[key]", "service itself"),
        ("headers", {"webhook-signature": "v1,x"}, "headers.webhook-signature.[key]", "itself"),
        ("headers", {"X-A": "line\nline"}, "headers.X-A", "pattern"),
        ("headers", {"X-A": "1", "x-a": "2"}, "headers", "differ"),
        ("headers", {"X-A": "***"}, "headers.X-A", "give the value"),
        ("headers", {f"X-{n}": "1" for n in range(17)}, "headers", "at most 16"),
        ("timeout_s", 0.5, "timeout_s", "greater than or equal to 1"),
        ("timeout_s", 31, "timeout_s", "less than or equal to 30"),
        ("say_while_waiting", "x" * 201, "say_while_waiting", "at most 200"),
    ],
)
async def test_a_malformed_tool_is_refused_by_field_and_rule(
    api: Api, field: str, value: Any, param: str, rule: str
) -> None:
    refused = await make(api, {**TOOL, field: value})

    assert refused.status == 422
    assert refused.json["error"]["param"] == f"config.tools.0.{param}"
    assert rule in refused.json["error"]["message"]
    assert refused.json["detail"][0]["loc"][:4] == ["body", "config", "tools", 0]


@pytest.mark.parametrize(
    ("config", "param"),
    [
        ({"tools": [TOOL, {**TOOL, "description": "Again."}]}, "config.tools"),
        ({"tools": [{**TOOL, "name": f"tool_{n}"} for n in range(17)]}, "config.tools"),
        ({"tools": {}}, "config.tools"),
        ({"end_call": "no"}, "config.end_call"),
        ({"idle_prompt_s": -1}, "config.idle_prompt_s"),
        ({"idle_prompt_s": 601}, "config.idle_prompt_s"),
    ],
)
async def test_a_malformed_config_is_refused_by_field(
    api: Api, config: dict[str, Any], param: str
) -> None:
    refused = await as_owner(api, "POST", BOTS, json={"name": "till", "config": config})

    assert (refused.status, refused.json["error"]["param"]) == (422, param)
