"""Lists page by page: each row once, whatever is added meanwhile, and nobody else's."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from store import pages
from store.pages import Part
from store.sessions import SessionRepository
from tests.integration.api import SESSIONS, Answer, Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEYS, BOTS, HOOKS = "/api/v1/keys", "/api/v1/bots", "/api/v1/webhooks"
ADD_CHARGES = """
INSERT INTO ledger (id, tenant_id, kind, credits)
SELECT gen_random_uuid(), $1, 'grant', n FROM generate_series(1, 3) AS n"""
ADD_ENTRIES = """
INSERT INTO audit (tenant_id, actor_kind, actor_id, action, resource)
SELECT $1, 'cli', 'asha', 'key.create', n::text FROM generate_series(1, 3) AS n"""
ADD_DELIVERIES = """
INSERT INTO webhook_deliveries
    (id, tenant_id, session_id, webhook_id, url, event, data, status, next_attempt_at, replay_of)
SELECT gen_random_uuid(), tenant_id, id, $2, 'https://example.com/', 'voice_session.started', '{}',
       'failed', NULL, gen_random_uuid()
FROM sessions, generate_series(1, 3) WHERE tenant_id = $1"""
ADD_TURNS = """
INSERT INTO turns (id, session_id, turn_index, user_transcript, agent_response, interrupted,
                   first_audio_ms, caller_audio_s, agent_audio_s)
SELECT gen_random_uuid(), id, n, '', '', false, 500, 0, 0
FROM sessions, generate_series(1, 3) AS n WHERE tenant_id = $1"""


async def owned(api: Api, method: str, path: str, **body: Any) -> Answer:
    headers = {"Authorization": f"Bearer {api.token()}"}
    return await api.send(method, path, headers=headers, json=body or None)


async def with_sessions(api: Api) -> str:
    for _ in range(3):
        await api.create()
    return SESSIONS


async def with_found_sessions(api: Api) -> str:
    return f"{await with_sessions(api)}?language=en-in"


async def with_keys(api: Api) -> str:
    for name in ("site", "till"):
        await api.new_key(scopes=name)
    return KEYS


async def with_bots(api: Api) -> str:
    for n in range(3):
        await owned(api, "POST", BOTS, name=f"desk {n}")
    return BOTS


async def with_versions(api: Api) -> str:
    bot = (await owned(api, "POST", BOTS, name="desk")).json
    for n in range(2):
        await owned(api, "PATCH", f"{BOTS}/{bot['id']}", system_prompt=f"Sell {n}.")
        await owned(api, "POST", f"{BOTS}/{bot['id']}/publish")
    return f"{BOTS}/{bot['id']}/versions"


async def with_documents(api: Api) -> str:
    bot = (await owned(api, "POST", BOTS, name="desk")).json
    path = f"{BOTS}/{bot['id']}/knowledge"
    for n in range(3):
        await owned(api, "POST", path, name=f"hours {n}", content="We open at nine.")
    return path


async def with_webhooks(api: Api) -> str:
    for n in range(3):
        await owned(api, "POST", HOOKS, url=f"https://example.com/{n}")
    return HOOKS


async def with_deliveries(api: Api) -> str:
    await api.create()
    await execute(api, ADD_DELIVERIES, None)
    return f"{HOOKS}/deliveries?status=failed"


async def with_an_endpoints_deliveries(api: Api) -> str:
    hook = (await owned(api, "POST", HOOKS, url="https://example.com/", is_active=False)).json
    await api.create()
    await execute(api, ADD_DELIVERIES, UUID(hook["id"]))
    return f"{HOOKS}/{hook['id']}/deliveries"


async def with_transactions(api: Api) -> str:
    await execute(api, ADD_CHARGES)
    return "/api/v1/credits/transactions"


async def with_audit(api: Api) -> str:
    await execute(api, ADD_ENTRIES)
    return "/api/v1/audit"


async def with_slow_turns(api: Api) -> str:
    await api.create()
    await execute(api, ADD_TURNS)
    return "/api/v1/usage/slowest"


async def with_voices(api: Api) -> str:
    return "/api/v1/voices"


async def execute(api: Api, statement: str, *arguments: Any) -> None:
    async with api.database.connection() as connection:
        await connection.execute(statement, api.tenant_id, *arguments)


LISTS = [
    with_sessions,
    with_found_sessions,
    with_keys,
    with_bots,
    with_versions,
    with_documents,
    with_webhooks,
    with_deliveries,
    with_an_endpoints_deliveries,
    with_transactions,
    with_audit,
    with_slow_turns,
    with_voices,
]
Fill = Callable[[Api], Awaitable[str]]


async def pages_of(api: Api, path: str, limit: int) -> AsyncIterator[Answer]:
    mark = "&" if "?" in path else "?"
    page = await owned(api, "GET", f"{path}{mark}limit={limit}")
    while True:
        assert page.status == 200, page.json
        yield page
        if (cursor := page.headers.get("X-Next-Cursor")) is None:
            return
        page = await owned(api, "GET", f"{path}{mark}limit={limit}&cursor={cursor}")


@pytest.mark.parametrize("fill", LISTS)
async def test_every_list_can_be_followed_to_its_end(api: Api, fill: Fill) -> None:
    path = await fill(api)
    (whole,) = [one async for one in pages_of(api, path, 200)]

    found = [one async for one in pages_of(api, path, 2)]

    assert [row for page in found for row in page.json] == whole.json
    assert {one.headers["X-Total-Count"] for one in found} == {str(len(whole.json))}
    assert all(len(one.json) == 2 for one in found[:-1])
    assert 1 <= len(found[-1].json) <= 2


@pytest.mark.parametrize("fill", LISTS)
async def test_a_cursor_is_worth_nothing_elsewhere(api: Api, fill: Fill) -> None:
    path = await fill(api)
    cursor = (await owned(api, "GET", f"{path.partition('?')[0]}?limit=1")).headers["X-Next-Cursor"]
    other = await api.for_new_tenant()
    elsewhere = BOTS if fill is with_keys else KEYS

    for asking, at in ((other, path), (api, elsewhere), (other, elsewhere)):
        answer = await owned(asking, "GET", f"{at.partition('?')[0]}?cursor={cursor}")
        if (asking, fill) == (other, with_voices) and at == path:
            continue  # everybody's list, everybody's cursor
        assert answer.status in {404, 422}, (at, answer.json)
        assert answer.status == 404 or answer.json["error"]["param"] == "cursor"


async def test_rows_that_come_meanwhile_push_none_out_of_the_next_page(api: Api) -> None:
    made = [(await api.create()).json["id"] for _ in range(4)]
    first = await api.get(f"{SESSIONS}?limit=2")

    for _ in range(3):
        await api.create()
    second = await api.get(f"{SESSIONS}?limit=2&cursor={first.headers['X-Next-Cursor']}")

    assert [one["id"] for one in [*first.json, *second.json]] == made[::-1]
    assert "X-Next-Cursor" not in second.headers


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("cursor=", "too_short"),
        ("cursor=next", "cursor_unknown"),
        ("cursor=%00", "text_unstorable"),
        ("cursor=" + "A" * 513, "too_long"),
        ("cursor=n5", "cursor_unknown"),
        ("cursor={cursor}&offset=0", "cursor_with_offset"),
        ("cursor={cursor}&offset=3", "cursor_with_offset"),
        ("cursor={cursor}A", "cursor_unknown"),
    ],
)
async def test_a_bad_cursor_is_refused_by_name(api: Api, query: str, kind: str) -> None:
    path = await with_sessions(api)
    cursor = (await api.get(f"{path}?limit=1")).headers["X-Next-Cursor"]

    answer = await api.get(f"{path}?{query.format(cursor=cursor)}")

    assert (answer.status, answer.json["error"]["param"]) == (422, "cursor")
    assert answer.json["detail"][0]["type"] == kind


async def test_an_offset_too_far_says_how_to_go_on(api: Api) -> None:
    answer = await api.get(f"{SESSIONS}?offset=100001")

    assert answer.status == 422
    assert "cursor" in answer.json["error"]["message"]


async def test_a_count_that_ended_early_says_so(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    await with_transactions(api)
    path = "/api/v1/credits/transactions"

    whole = await owned(api, "GET", path)
    monkeypatch.setattr(pages, "MOST_COUNTED", 3)
    some = await owned(api, "GET", path)
    monkeypatch.setattr(pages, "MOST_COUNTED", 4)
    just_all = await owned(api, "GET", path)

    assert whole.headers["X-Total-Count"] == just_all.headers["X-Total-Count"] == "4"
    assert (some.headers["X-Total-Count"], some.headers["X-Total-Count-Relation"]) == ("3", "gte")
    assert not any("X-Total-Count-Relation" in one.headers for one in (whole, just_all))


async def test_a_page_behind_a_place_reads_the_index_from_there(api: Api) -> None:
    for _ in range(3):
        await api.create()
    async with api.database.transaction() as connection:
        await connection.execute("SET LOCAL enable_seqscan = off")
        sessions = SessionRepository(connection)
        first = await sessions.list_page(api.tenant_id, Part(1))
        rows = await connection.fetch(
            "EXPLAIN SELECT id FROM sessions WHERE tenant_id = $1 "
            f"AND {pages.NEWEST.behind(2)} ORDER BY {pages.NEWEST} LIMIT 2",
            api.tenant_id,
            *(first.end or ()),
        )
    shown = "\n".join(row[0] for row in rows)

    assert "Sort" not in shown
    assert "ROW(created_at, id) <" in shown.partition("Index Cond")[2].partition("\n")[0]


async def test_a_place_of_a_row_that_is_gone_still_leads_on(api: Api) -> None:
    path = await with_bots(api)
    first = await owned(api, "GET", f"{path}?limit=1")
    await owned(api, "DELETE", f"{path}/{first.json[0]['id']}")

    rest = await owned(api, "GET", f"{path}?cursor={first.headers['X-Next-Cursor']}")

    assert [one["name"] for one in rest.json] == ["desk 1", "desk 0"]
