"""What a bot may want to know of its sessions, at the API's edge."""

from typing import Any

import pytest

from tests.integration.api import Answer, Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

BOTS = "/api/v1/bots"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "pattern": {"type": "string"},
        "zeta": {"const": None},
        "alpha": {"enum": ["$ref", None]},
    },
}
WISH: dict[str, Any] = {
    "summary": True,
    "dispositions": ["booked", "lost"],
    "goal": "a table is booked",
    "schema": SCHEMA,
}


async def sent(api: Api, method: str, path: str, config: Any) -> Answer:
    owner = {"Authorization": f"Bearer {api.token()}"}
    body = {"name": "Desk", "config": config}
    return await api.send(method, path, headers=owner, json=body)


async def test_what_is_wanted_is_shown_as_it_was_given(api: Api) -> None:
    made = await sent(api, "POST", BOTS, {"analysis": WISH})

    assert made.status == 201
    assert made.json["config"] == {"analysis": WISH}
    assert list(made.json["config"]["analysis"]["schema"]["properties"]) == [
        *("pattern", "zeta", "alpha")
    ]
    path = f"{BOTS}/{made.json['id']}"
    changed = await sent(api, "PATCH", path, {"analysis": {"sentiment": True, "summary": False}})
    assert changed.json["config"] == {"analysis": {"sentiment": True}}
    gone = await sent(api, "PATCH", path, {"analysis": None})
    assert gone.json["config"] == {}


async def test_it_is_no_part_of_what_a_session_shows(api: Api) -> None:
    made = await sent(api, "POST", BOTS, {"analysis": WISH})
    session = (await api.create(bot_id=made.json["id"])).json
    assert "analysis" not in session
    assert "analysis" not in session["config"]


@pytest.mark.parametrize(
    ("wish", "field", "rule"),
    [
        ({}, "", "analysis_empty"),
        ({"summary": False, "goal": " "}, "", "analysis_empty"),
        ({"summary": "yes"}, ".summary", "bool_type"),
        ({"sentiment": 1}, ".sentiment", "bool_type"),
        ({"dispositions": "booked"}, ".dispositions", "list_type"),
        ({"dispositions": ["a", "a"]}, ".dispositions", "dispositions_repeated"),
        ({"dispositions": [""]}, ".dispositions.0", "too_short"),
        ({"dispositions": ["x" * 65]}, ".dispositions.0", "too_long"),
        ({"dispositions": [f"d{n}" for n in range(33)]}, ".dispositions", "too_long"),
        ({"goal": "x" * 501}, ".goal", "too_long"),
        ({"goal": "a\0b"}, ".goal", "text_unstorable"),
        ({"schema": []}, ".schema", "dict_type"),
        ({"schema": {"type": "string"}}, ".schema", "parameters_no_object"),
        ({"schema": {"type": "object", "properties": 7}}, ".schema", "parameters_no_schema"),
        ({"schema": {"type": "object", "title": "x" * 9000}}, ".schema", "parameters_too_large"),
        (
            {"schema": {"type": "object", "$ref": "https://evil.example/schema"}},
            ".schema",
            "parameters_no_schema",
        ),
        (
            {"schema": {"type": "object", "properties": {"a": {"pattern": "(a+)+$"}}}},
            ".schema",
            "schema_keyword_refused",
        ),
        (
            {"schema": {"type": "object", "anyOf": [{"not": {"$ref": "#"}}]}},
            ".schema",
            "schema_keyword_refused",
        ),
        ("everything", "", "model_type"),
    ],
)
async def test_what_cannot_be_wanted_is_refused_by_field_and_rule(
    api: Api, wish: Any, field: str, rule: str
) -> None:
    refused = await sent(api, "POST", BOTS, {"analysis": wish})

    assert (refused.status, refused.code) == (422, "validation_error")
    assert refused.json["error"]["param"] == f"config.analysis{field}"
    assert refused.json["detail"][0]["type"] == rule


async def test_what_is_not_kept_cannot_be_analysed(api: Api) -> None:
    config = {"store_transcript": False, "analysis": {"summary": True}}
    refused = await sent(api, "POST", BOTS, config)

    assert refused.status == 422
    assert refused.json["error"]["param"] == "config.analysis"
    assert "store_transcript" in refused.json["error"]["message"]
