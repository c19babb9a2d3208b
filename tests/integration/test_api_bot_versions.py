"""Versions of bots, over HTTP: a draft is changed, and serves once it is published."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import pytest

from store import bot_versions
from store.records import SessionId
from store.sealing import Sealer
from store.sessions import SessionRepository
from store.tools import ToolRecord, open_headers
from tests.integration.api import SESSIONS, Answer, Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

BOTS: Final = "/api/v1/bots"
TOOL: Final[Mapping[str, Any]] = {
    "name": "book_table",
    "description": "Books a table.",
    "url": "https://tools.example.com/book",
    "headers": {"Authorization": "first"},
}


class Bot:
    """A tenant's bot, in its owner's hands."""

    def __init__(self, api: Api, made: Mapping[str, Any]) -> None:
        self.api = api
        self.id = made["id"]

    @classmethod
    async def make(cls, api: Api, **fields: Any) -> "Bot":
        made = await as_owner(api, "POST", BOTS, json={"name": "till", **fields})
        assert made.status == 201, made.json
        return cls(api, made.json)

    async def get(self, path: str = "") -> Answer:
        return await as_owner(self.api, "GET", f"{BOTS}/{self.id}{path}")

    async def post(self, path: str, **options: Any) -> Answer:
        return await as_owner(self.api, "POST", f"{BOTS}/{self.id}{path}", **options)

    async def change(self, **fields: Any) -> Mapping[str, Any]:
        changed = await as_owner(self.api, "PATCH", f"{BOTS}/{self.id}", json=fields)
        assert changed.status == 200, changed.json
        shown: Mapping[str, Any] = changed.json
        return shown

    async def session(self, **fields: Any) -> Mapping[str, Any]:
        created = await self.api.create(bot_id=self.id, **fields)
        assert created.status == 201, created.json
        session: Mapping[str, Any] = created.json
        return session

    async def tool_headers(self) -> dict[str, str]:
        """What a session of the bot sends with its first tool."""
        session_id = SessionId(UUID((await self.session())["id"]))
        async with self.api.database.connection() as connection:
            row = await SessionRepository(connection).get_for_agent(session_id)
        kept = ToolRecord.of(row.config["tools"][0])
        sealer = Sealer(*self.api.settings.sealing_keys)
        return open_headers(sealer, self.api.tenant_id, kept.sealed_headers)


async def as_owner(api: Api, method: str, path: str, **options: Any) -> Answer:
    headers = {"Authorization": f"Bearer {api.token()}"}
    return await api.send(method, path, headers=headers, **options)


async def test_a_bot_is_published_at_its_creation(api: Api) -> None:
    bot = await Bot.make(api, system_prompt="Sell tea.")

    shown = (await bot.get()).json
    session = await bot.session()

    assert (shown["version"], shown["has_unpublished_changes"]) == (1, False)
    assert session["config"]["bot_version"] == 1
    kept = await api.get(f"/v1/voice/sessions/{session['id']}")
    assert kept.json["config"]["bot_version"] == 1


async def test_what_is_changed_serves_once_it_is_published(api: Api) -> None:
    bot = await Bot.make(api, system_prompt="Sell tea.", config={"greeting": "Hi!"})
    before = await bot.session()

    draft = await bot.change(system_prompt="Sell coffee.", config={"greeting": None})
    meanwhile = await bot.session()
    published = await bot.post("/publish")
    after = await bot.session()

    assert (draft["system_prompt"], draft["config"]) == ("Sell coffee.", {})
    assert (draft["version"], draft["has_unpublished_changes"]) == (1, True)
    prompts = [one["config"]["system_prompt"] for one in (before, meanwhile, after)]
    assert prompts == ["Sell tea.", "Sell tea.", "Sell coffee."]
    assert [one["config"]["bot_version"] for one in (meanwhile, after)] == [1, 2]
    assert (published.status, published.json["number"]) == (200, 2)
    assert published.json["changed_fields"] == ["config.greeting", "system_prompt"]
    shown = (await bot.get()).json
    assert (shown["version"], shown["has_unpublished_changes"]) == (2, False)


async def test_where_nothing_changed_what_serves_is_answered(api: Api) -> None:
    bot = await Bot.make(api, system_prompt="Sell tea.", config={"tools": [TOOL]})
    await bot.change(system_prompt="Sell coffee.")
    first = await bot.post("/publish")
    given = {"tools": [{**TOOL, "headers": {"Authorization": "***"}}]}

    unchanging: list[dict[str, Any]] = [{}, given, {"tools": [TOOL]}]
    for config in unchanging:
        changed = await bot.change(config=config)
        assert not changed["has_unpublished_changes"], config
    await bot.change(system_prompt="Sell tea.")
    await bot.change(system_prompt="Sell coffee.")
    again = await bot.post("/publish")

    assert again.json == first.json


async def test_name_and_activity_are_the_bots_own_and_act_at_once(api: Api) -> None:
    bot = await Bot.make(api)

    changed = await bot.change(name="shop", is_active=False)

    assert not changed["has_unpublished_changes"]
    assert (await api.create(bot_id=bot.id)).status == 404


async def test_a_version_serves_with_the_tools_it_was_published_with(api: Api) -> None:
    bot = await Bot.make(api, config={"tools": [TOOL]})

    await bot.change(config={"tools": [{**TOOL, "headers": {"Authorization": "second"}}]})
    assert await bot.tool_headers() == {"Authorization": "first"}
    published = await bot.post("/publish")

    assert await bot.tool_headers() == {"Authorization": "second"}
    assert published.json["changed_fields"] == ["config.tools"]
    assert published.json["config"]["tools"][0]["headers"] == {"Authorization": "***"}
    assert b"second" not in published.body


async def test_versions_are_listed_newest_first_and_read(api: Api) -> None:
    bot = await Bot.make(api, system_prompt="Sell tea.", config={"tools": [TOOL]})
    await bot.change(system_prompt="Sell coffee.", config={"voice": "amelia"})
    await bot.post("/publish")

    listed = await bot.get("/versions")
    first, second = [await bot.get(f"/versions/{number}") for number in (1, 2)]

    assert listed.headers["X-Total-Count"] == "2"
    keys = ["number", "changed_fields", "published_at", "published_by", "note"]
    assert [list(one) for one in listed.json] == [keys, keys]
    assert [one["number"] for one in listed.json] == [2, 1]
    changed = [one["changed_fields"] for one in listed.json]
    assert changed == [["config.voice", "system_prompt"], []]
    assert [one["published_by"]["kind"] for one in listed.json] == ["jwt", "jwt"]
    assert list(first.json) == [*keys, "system_prompt", "config"]
    assert (first.json["system_prompt"], second.json["system_prompt"]) == (
        "Sell tea.",
        "Sell coffee.",
    )
    assert first.json["config"]["tools"][0]["headers"] == {"Authorization": "***"}
    assert second.json["config"]["voice"] == "amelia"


async def test_a_version_is_restored_into_the_draft_and_serves_once_it_is_published(
    api: Api,
) -> None:
    bot = await Bot.make(api, system_prompt="Sell tea.", config={"tools": [TOOL]})
    await bot.change(system_prompt="Sell coffee.", config={"tools": None, "voice": "amelia"})
    await bot.post("/publish")

    restored = await bot.post("/versions/1/restore")
    meanwhile = await bot.session()
    published = await bot.post("/publish")

    draft = restored.json
    assert (draft["system_prompt"], list(draft["config"])) == ("Sell tea.", ["tools"])
    assert (draft["version"], draft["has_unpublished_changes"]) == (2, True)
    assert meanwhile["config"]["system_prompt"] == "Sell coffee."
    assert published.json["number"] == 3
    assert await bot.tool_headers() == TOOL["headers"]


async def test_a_draft_is_thrown_away_by_restoring_what_serves(api: Api) -> None:
    bot = await Bot.make(api, system_prompt="Sell tea.", config={"tools": [TOOL]})
    await bot.change(system_prompt="Sell coffee.", config={"tools": None})

    restored = await bot.post("/versions/1/restore")

    assert not restored.json["has_unpublished_changes"]


@pytest.mark.parametrize(
    "number", ["0", "2", "-1", "01", "1.0", "+1", "9" * 30, "\u0661", "draft", "1%00", "%31%0a"]
)
async def test_a_number_that_no_version_has_is_not_found(api: Api, number: str) -> None:
    bot = await Bot.make(api)

    read = await bot.get(f"/versions/{number}")
    restored = await bot.post(f"/versions/{number}/restore")

    assert [(one.status, one.code) for one in (read, restored)] == [(404, "not_found")] * 2


async def test_of_two_publishes_at_once_one_makes_the_version(api: Api) -> None:
    bot = await Bot.make(api)
    await bot.change(system_prompt="Sell tea.")

    both = await asyncio.gather(bot.post("/publish"), bot.post("/publish"))

    assert [(one.status, one.json["number"]) for one in both] == [(200, 2)] * 2
    assert both[0].json == both[1].json
    assert (await bot.get()).json["version"] == 2


async def test_a_version_says_who_published_it(api: Api) -> None:
    bot = await Bot.make(api)
    await bot.change(system_prompt="Sell tea.")
    key = await api.new_key(scopes="bots:write")

    headers = {"Authorization": f"Bearer {key}"}
    published = await api.send("POST", f"{BOTS}/{bot.id}/publish", headers=headers)

    listed = await as_owner(api, "GET", "/api/v1/keys")
    assert published.json["published_by"] == {"kind": "key", "id": listed.json[0]["id"]}
    assert published.json["published_at"].endswith("Z")


async def test_a_version_and_the_audit_say_why_it_was_published(api: Api) -> None:
    bot = await Bot.make(api)
    await bot.change(system_prompt="Sell tea.")

    published = await bot.post("/publish", json={"note": " चाय भी बेचें 🍵 "})
    again = await bot.post("/publish", json={"note": "Nothing is new."})

    assert published.json["note"] == "चाय भी बेचें 🍵"
    assert again.json == published.json == (await bot.get("/versions/2")).json
    listed = (await bot.get("/versions")).json
    assert [one["note"] for one in listed] == ["चाय भी बेचें 🍵", None]
    entries = (await as_owner(api, "GET", "/api/v1/audit")).json
    told = [(one["action"], one.get("note")) for one in entries]
    assert told == [
        ("bot.publish", "चाय भी बेचें 🍵"),
        ("bot.change", None),
        ("bot.create", None),
    ]
    assert "note" not in entries[1]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"data": b"", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"json": {}},
        {"json": {"note": None}},
        {"json": {"note": "  "}},
    ],
)
async def test_nobody_has_to_say_why(api: Api, options: dict[str, Any]) -> None:
    bot = await Bot.make(api)
    await bot.change(system_prompt="Sell tea.")
    owner = {"Authorization": f"Bearer {api.token()}"}
    options = {**options, "headers": {**owner, **options.get("headers", {})}}

    published = await api.send("POST", f"{BOTS}/{bot.id}/publish", **options)

    assert (published.status, published.json["number"]) == (200, 2), published.json
    assert published.json["note"] is None


@pytest.mark.parametrize(
    "note",
    ["x" * 501, "two\nlines", "a\ttab", "\x00", "\x7f", "\x85", "\u2028", "\ud800", 5, ["why"], {}],
)
async def test_why_is_said_in_one_line_or_nothing_is_published(api: Api, note: Any) -> None:
    bot = await Bot.make(api)
    await bot.change(system_prompt="Sell tea.")

    refused = await bot.post("/publish", json={"note": note})

    assert (refused.status, refused.json["error"]["param"]) == (422, "note")
    assert (await bot.get()).json["version"] == 1


async def test_the_longest_line_is_kept_whole(api: Api) -> None:
    bot = await Bot.make(api)
    await bot.change(system_prompt="Sell tea.")

    published = await bot.post("/publish", json={"note": "🍵" * 500})

    assert published.json["note"] == "🍵" * 500


@pytest.mark.parametrize("body", ["null", "[]", '"why"', "{"])
async def test_a_body_that_is_no_object_publishes_nothing(api: Api, body: str) -> None:
    bot = await Bot.make(api)
    await bot.change(system_prompt="Sell tea.")
    owner = {"Authorization": f"Bearer {api.token()}", "Content-Type": "application/json"}

    refused = await api.send("POST", f"{BOTS}/{bot.id}/publish", data=body, headers=owner)

    assert refused.status == (400 if body == "{" else 422)
    assert (await bot.get()).json["version"] == 1


async def test_why_is_said_again_to_a_publish_that_is_sent_again(api: Api) -> None:
    bot = await Bot.make(api)
    await bot.change(system_prompt="Sell tea.")
    headers = {"Authorization": f"Bearer {api.token()}", "Idempotency-Key": "once"}
    path = f"{BOTS}/{bot.id}/publish"

    first, again, other = [
        await api.send("POST", path, json={"note": note}, headers=headers)
        for note in ("Tea.", "Tea.", "Coffee.")
    ]

    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status, other.code) == (409, "idempotency_conflict")


async def test_versions_are_read_and_made_by_those_who_read_and_change_bots(api: Api) -> None:
    bot = await Bot.make(api)
    reader = await api.new_key(scopes="bots:read")
    writer = await api.new_key(scopes="bots:write")
    agent = api.token(role="agent")
    for token, reads, writes in (
        (reader, 200, 403),
        (writer, 403, 200),
        (agent, 200, 403),
        (api.key, 403, 403),
    ):
        headers = {"Authorization": f"Bearer {token}"}
        for method, path, status in (
            ("GET", "/versions", reads),
            ("GET", "/versions/1", reads),
            ("POST", "/publish", writes),
            ("POST", "/versions/1/restore", writes),
        ):
            answer = await api.send(method, f"{BOTS}/{bot.id}{path}", headers=headers)
            assert answer.status == status, (method, path)


async def test_of_a_bot_so_many_versions_are_kept(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_versions, "KEPT_VERSIONS", 2)
    bot = await Bot.make(api)
    for n in range(3):
        await bot.change(system_prompt=f"Sell {n}.")
        await bot.post("/publish")

    kept = (await bot.get("/versions")).json
    assert [one["number"] for one in kept] == [4, 3]
    assert (await bot.get("/versions/2")).status == 404
    assert (await bot.session())["config"]["bot_version"] == 4


async def test_a_draft_and_an_earlier_version_can_be_tried(api: Api) -> None:
    bot = await Bot.make(api, system_prompt="Sell tea.")
    await bot.change(system_prompt="Sell coffee.")
    await bot.post("/publish")
    await bot.change(system_prompt="Sell milk.")
    owner = {"Authorization": f"Bearer {api.token()}"}

    for wanted, prompt in (("draft", "milk"), (1, "tea"), (2.0, "coffee"), (None, "coffee")):
        body = {"bot_id": bot.id, "bot_version": wanted}
        created = await api.send("POST", SESSIONS, json=body, headers=owner)
        assert created.status == 201, created.json
        config = created.json["config"]
        assert config["system_prompt"] == f"Sell {prompt}."
        assert config["bot_version"] == (wanted or 2)
        read = await api.get(f"{SESSIONS}/{created.json['id']}")
        assert read.json["config"] == config


@pytest.mark.parametrize(
    "wanted", [0, -1, 1.5, True, "1", "Draft", "", [], {}, 10**9, "draft\n", 10**30]
)
async def test_what_names_no_version_is_refused(api: Api, wanted: Any) -> None:
    bot = await Bot.make(api)

    refused = await api.create(bot_id=bot.id, bot_version=wanted)

    assert (refused.status, refused.json["error"]["param"]) == (422, "bot_version")


async def test_a_version_is_of_a_bot_that_is_active_and_has_it(api: Api) -> None:
    bot = await Bot.make(api)
    key = await api.new_key(scopes="bots:read")
    headers = {"Authorization": f"Bearer {key}"}

    async def refused(**body: Any) -> tuple[int, str]:
        answer = await api.send("POST", SESSIONS, json=body, headers=headers)
        return answer.status, answer.json["error"]["param"]

    assert await refused(bot_version="draft") == (422, "bot_version")
    assert await refused(bot_id=bot.id, bot_version=2) == (404, "bot_version")
    await bot.change(is_active=False)
    assert await refused(bot_id=bot.id, bot_version="draft") == (404, "bot_id")


async def test_a_key_that_reads_no_bots_names_no_version(api: Api) -> None:
    bot = await Bot.make(api)

    refused = await api.create(bot_id=bot.id, bot_version="draft")

    assert (refused.status, refused.code) == (403, "permission_denied")
    assert "bots:read" in refused.json["error"]["message"]
