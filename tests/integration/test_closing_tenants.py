"""`vaarta tenants suspend`, `resume` and `erase`, on a system that serves."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from livekit.api import CreateRoomRequest, ListRoomsRequest, LiveKitAPI

import store.tenant_erasing as erasing
from agent.records.rows import Mandate, RowWriter, TurnRow
from core.errors import StoreUnavailable
from core.rights import Plan
from store.admission import AdmissionRepository, Verdict
from store.erasing import ErasingRepository
from store.records import NewSession, SessionId
from store.suspension import SuspensionRepository
from store.tenants import TenantRepository
from tests.integration.api import SESSIONS, Answer, Api
from tests.integration.commands import run, told
from tests.integration.dumps import dumped, found_in
from tests.integration.rows import NO_LIMITS, held, spent, turn_row
from tests.integration.sse import stream
from tests.servers import LiveKitServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS: Final = {
    "said": "langsat",
    "answered": "pulasan",
    "prompt": "marang",
    "greeting": "santol",
    "metadata": "cempedak",
    "address": "soursop",
    "key": "cherimoya",
    "bot": "feijoa",
    "note": "tamarillo",
    "variable": "jabuticaba",
    "document": "lucuma",
    "passage": "naranjilla",
    "header": "pitanga",
    "endpoint": "sapodilla",
    "person": "ugli",
    "tenant": "yuzu",
}


class Shell:
    """The operator's, beside the running API."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self._env = env
        self._folder = folder
        self.dsn = env["DATABASE_URL"]

    async def told(self, *arguments: str) -> Any:
        return await asyncio.to_thread(
            told, self.dsn, self._folder, "tenants", *arguments, env=self._env
        )

    async def run(self, *arguments: str) -> Any:
        return await asyncio.to_thread(
            run, self.dsn, self._folder, "tenants", *arguments, env=self._env
        )


@pytest.fixture
async def shell(api_env: dict[str, str], tmp_path: Path) -> Shell:
    return Shell(api_env, tmp_path)


async def by_owner(api: Api, method: str, path: str, *, owner: str = "asha", **body: Any) -> Answer:
    headers = {"Authorization": f"Bearer {api.token(sub=owner)}"}
    return await api.send(method, path, headers=headers, json=body)


async def actions(api: Api) -> list[str]:
    async with api.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT action FROM audit WHERE tenant_id = $1 ORDER BY id", api.tenant_id
        )
    return [row["action"] for row in rows]


async def test_a_suspended_tenant_is_served_nothing_until_it_is_resumed(
    api: Api, shell: Shell
) -> None:
    assert (await api.create()).status == 201

    suspended = await shell.told("suspend", "--tenant", str(api.tenant_id))
    refused = [await api.create(), await api.get(SESSIONS), await by_owner(api, "GET", SESSIONS)]
    shown = await shell.told("show", "--tenant", str(api.tenant_id))
    resumed = await shell.told("resume", "--tenant", str(api.tenant_id))

    assert {(one.status, one.code) for one in refused} == {(403, "permission_denied")}
    assert "suspended" in refused[0].json["error"]["message"]
    assert suspended["suspended_at"] == shown["suspended_at"]
    assert suspended["suspended_at"].endswith("Z")
    assert resumed["suspended_at"] is None
    assert (await api.create()).status == 201
    assert await actions(api) == ["tenant.suspend", "tenant.resume"]


async def test_its_sessions_end_and_nobody_is_left_in_their_rooms(
    api: Api, shell: Shell, livekit_server: LiveKitServer
) -> None:
    created = [(await api.create(webhook_url="https://8.8.8.8/")).json for _ in range(2)]
    await held(api.database, SessionId(UUID(created[0]["id"])))
    room = created[0]["config"]["livekit_room"]
    async with LiveKitAPI(livekit_server.url, livekit_server.key, livekit_server.secret) as livekit:
        await livekit.room.create_room(CreateRoomRequest(name=room))

        suspended = await shell.told("suspend", "--tenant", str(api.tenant_id))

        rooms = await livekit.room.list_rooms(ListRoomsRequest(names=[room]))
    await shell.told("resume", "--tenant", str(api.tenant_id))
    ended = (await api.get(SESSIONS)).json
    async with api.database.connection() as connection:
        events = await connection.fetch(
            "SELECT event FROM webhook_deliveries WHERE tenant_id = $1 ORDER BY event",
            api.tenant_id,
        )

    assert (suspended["ended_sessions"], suspended["rooms_left"]) == (2, 0)
    assert not rooms.rooms
    assert [one["end_reason"] for one in ended] == ["api_delete"] * 2
    assert [row["event"].split(".")[1] for row in events] == ["ended"] * 2 + ["started"] * 2


async def test_streams_end_with_the_suspension(api: Api, shell: Shell) -> None:
    async with (
        stream(api.http, f"{SESSIONS}/events", api.key) as by_key,
        stream(api.http, f"{SESSIONS}/events", api.token()) as by_token,
    ):
        await shell.told("suspend", "--tenant", str(api.tenant_id))
        for events in (by_key, by_token):
            async with asyncio.timeout(60.0):
                while await events.next() is not None:
                    pass


async def test_a_create_that_was_let_in_before_the_suspension_makes_nothing_after_it(
    api: Api,
) -> None:
    new = NewSession(SessionId(UUID(int=77)), api.tenant_id, {}, "voice-late")
    async with api.database.transaction() as suspending:
        await SuspensionRepository(suspending).suspend(api.tenant_id)

        async def create() -> Verdict:
            async with api.database.connection() as connection:
                return (await AdmissionRepository(connection).create(new, NO_LIMITS)).verdict

        creating = asyncio.create_task(create())
        done, _ = await asyncio.wait([creating], timeout=0.5)
        assert not done, "it waits for the tenant's turn"

    assert await creating is Verdict.SUSPENDED
    assert await api.row_count() == 0


async def full(api: Api) -> Api:
    """A tenant that has some of everything, called by its own name; it has paid for a turn."""
    async with api.database.transaction() as connection:
        tenant = await TenantRepository(connection).add(WORDS["tenant"], Plan.PRO, Decimal(1000))
    api = replace(api, tenant_id=tenant.id)
    key = await by_owner(api, "POST", "/api/v1/keys", owner=WORDS["person"], name=WORDS["key"])
    api = replace(api, key=key.json["key"])
    tool = {
        "name": "find",
        "description": "Finds.",
        "url": f"https://8.8.8.8/{WORDS['address']}",
        "headers": {"X-Name": WORDS["header"]},
    }
    config = {"variables": {"what": WORDS["variable"]}, "tools": [tool]}
    bot = await by_owner(api, "POST", "/api/v1/bots", name=WORDS["bot"], config=config)
    bot_path = f"/api/v1/bots/{bot.json['id']}"
    await by_owner(api, "PATCH", bot_path, config={"end_call": False})
    await by_owner(api, "POST", f"{bot_path}/publish", note=WORDS["note"])
    knowledge = f"{bot_path}/knowledge"
    document = {"name": WORDS["document"], "content": WORDS["passage"]}
    url = f"https://8.8.8.8/{WORDS['endpoint']}"
    webhook: dict[str, Any] = {"url": url, "events": ["voice_session.ended"]}
    made = [
        await by_owner(api, "POST", knowledge, **document),
        await by_owner(api, "POST", "/api/v1/webhooks", **webhook),
        await api.create(bot_id=bot.json["id"], metadata={"a": WORDS["metadata"]}),
        await api.create(
            system_prompt=WORDS["prompt"],
            greeting=WORDS["greeting"],
            webhook_url=f"https://8.8.8.8/{WORDS['address']}",
        ),
    ]
    assert [one.status for one in (key, bot, *made)] == [201] * 6
    mandate = await held(api.database, SessionId(UUID(made[3].json["id"])))
    await add_turn(api, mandate, turn_row(0))
    return api


async def add_turn(api: Api, mandate: Mandate, row: TurnRow) -> None:
    turn = replace(row.turn, user_transcript=WORDS["said"], agent_response=WORDS["answered"])
    await RowWriter(api.database, mandate).write(replace(row, turn=turn))


async def money(api: Api) -> list[Any]:
    async with api.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT id, credits, session_id, model FROM ledger WHERE tenant_id = $1 ORDER BY id",
            api.tenant_id,
        )
        balance = await connection.fetchval(
            "SELECT balance FROM tenants WHERE id = $1", api.tenant_id
        )
    return [balance, *map(tuple, rows)]


async def test_not_one_of_an_erased_tenants_words_is_left_and_its_money_is(
    api: Api, shell: Shell
) -> None:
    api = await full(api)
    before = await money(api)
    assert found_in(dumped(shell.dsn), WORDS.values()) == [
        word for name, word in WORDS.items() if name != "header"
    ], "what is looked for can be found"

    erased = await shell.told("erase", "--tenant", str(api.tenant_id), "--yes")

    assert found_in(dumped(shell.dsn), WORDS.values()) == []
    assert await money(api) == before
    assert erased["ended_sessions"] == 2
    assert erased["erased_at"].endswith("Z")
    assert (await api.get(SESSIONS)).code == "invalid_api_key"
    assert (await by_owner(api, "GET", SESSIONS)).code == "invalid_api_key"
    assert await actions(api) == ["tenant.erase"]
    (entry,) = [one for one in await shell.told("list") if one["id"] == str(api.tenant_id)]
    assert (entry["name"], entry["keys"], entry["sessions"]) == ("(erased)", 0, 2)


async def test_an_erasing_that_was_cut_short_is_begun_again(
    api: Api, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = await full(api)
    monkeypatch.setattr(erasing, "BATCH", 1)
    erase, n_erased = ErasingRepository.erase, 0

    async def erase_one(self: ErasingRepository, *args: Any) -> Any:
        nonlocal n_erased
        n_erased += 1
        if n_erased == 2:
            raise StoreUnavailable("killed")
        return await erase(self, *args)

    async with api.database.transaction() as connection:
        await SuspensionRepository(connection).suspend(api.tenant_id)
    with monkeypatch.context() as patched:
        patched.setattr(ErasingRepository, "erase", erase_one)
        with pytest.raises(StoreUnavailable):
            await erasing.erase_tenant(api.database, api.tenant_id)
    assert WORDS["tenant"] in dumped(shell.dsn)
    for _ in range(2):
        await erasing.erase_tenant(api.database, api.tenant_id)

    assert found_in(dumped(shell.dsn), WORDS.values()) == []


async def test_what_a_journal_brings_after_the_erasing_has_no_words_and_its_price(
    api: Api, shell: Shell
) -> None:
    api = await full(api)
    async with api.database.connection() as connection:
        session_id = await connection.fetchval(
            "SELECT id FROM sessions WHERE tenant_id = $1 AND turn_count = 1", api.tenant_id
        )
    await shell.told("erase", "--tenant", str(api.tenant_id), "--yes")

    await add_turn(api, Mandate(session_id, 1), turn_row(1))

    assert found_in(dumped(shell.dsn), WORDS.values()) == []
    assert await spent(api.database, session_id) == 1


async def test_erasing_is_asked_for_and_cannot_be_taken_back(api: Api, shell: Shell) -> None:
    unasked = await shell.run("erase", "--tenant", str(api.tenant_id))
    untouched = (await api.get(SESSIONS)).status
    await shell.told("erase", "--tenant", str(api.tenant_id), "--yes")
    resumed = await shell.run("resume", "--tenant", str(api.tenant_id))

    assert (unasked.returncode, untouched) == (2, 200)
    assert "--yes" in unasked.stderr
    assert resumed.returncode == 1
    assert "erased" in resumed.stderr


@pytest.mark.parametrize("action", ["suspend", "resume", "erase"])
async def test_a_tenant_that_is_not_there_is_said_so(shell: Shell, action: str) -> None:
    yes = ["--yes"] if action == "erase" else []
    refused = await shell.run(action, "--tenant", str(UUID(int=1)), *yes)

    assert refused.returncode == 1
    assert "no such tenant" in refused.stderr
