"""`vaarta tenants`, `keys` and `sessions`, as an operator runs them on a system that serves."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from livekit.api import CreateRoomRequest, ListRoomsRequest, LiveKitAPI

from core.errors import NotFoundError
from store.keys import KeyRepository
from store.pool import Database
from store.records import TenantId
from tests.integration.commands import run, told
from tests.integration.rows import new_session, session
from tests.servers import LiveKitServer


async def audited(database: Database) -> list[tuple[str, str]]:
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT * FROM audit ORDER BY id")
    assert {row["actor_kind"] for row in rows} <= {"cli"}
    assert all("@" in row["actor_id"] for row in rows)
    return [(row["action"], row["resource"]) for row in rows]


async def test_credits_are_granted_and_taken_back(
    dsn: str, database: Database, tmp_path: Path
) -> None:
    tenant = told(dsn, tmp_path, "tenants", "create", "--name", "Asha", "--credits", "10")["id"]

    more = told(dsn, tmp_path, "tenants", "grant", "--tenant", tenant, "--credits", "2.5")
    less = told(dsn, tmp_path, "tenants", "grant", "--tenant", tenant, "--credits=-12.25")

    assert (more["balance"], less["balance"]) == (12.5, 0.25)
    async with database.connection() as connection:
        moved = await connection.fetch("SELECT kind, credits FROM ledger ORDER BY created_at")
    assert [(row["kind"], float(row["credits"])) for row in moved] == [
        ("grant", 10.0),
        ("grant", 2.5),
        ("adjustment", -12.25),
    ]
    assert await audited(database) == [
        ("tenant.create", tenant),
        ("tenant.grant", tenant),
        ("tenant.grant", tenant),
    ]


def test_tenants_are_listed_newest_first_and_their_plan_is_changed(
    dsn: str, tmp_path: Path
) -> None:
    names = ("Asha", "Bela", "Chetan")
    ids = [told(dsn, tmp_path, "tenants", "create", "--name", name)["id"] for name in names]

    changed = told(dsn, tmp_path, "tenants", "set-plan", "--tenant", ids[0], "--plan", "pro")
    page = told(dsn, tmp_path, "tenants", "list", "--limit", "2", "--offset", "1")
    text = run(dsn, tmp_path, "tenants", "list").stdout

    assert changed["plan"] == "pro"
    assert [one["name"] for one in page] == ["Bela", "Asha"]
    assert page[1] == changed == told(dsn, tmp_path, "tenants", "show", "--tenant", ids[0])
    assert [line.split()[-1] for line in text.splitlines()] == ["name", "Chetan", "Bela", "Asha"]


async def test_a_tenants_own_retention_is_set_kind_by_kind_and_taken_back(
    dsn: str, database: Database, tmp_path: Path
) -> None:
    tenant = told(dsn, tmp_path, "tenants", "create", "--name", "Asha")["id"]
    change = ("tenants", "set-retention", "--tenant", tenant)

    told(dsn, tmp_path, *change, "--transcripts", "30", "--audit", "90")
    told(dsn, tmp_path, *change, "--transcripts", "default", "--deliveries", "7")
    shown = told(dsn, tmp_path, "tenants", "show", "--tenant", tenant)

    days = [shown[f"{kind}_days"] for kind in ("transcripts", "deliveries", "audit")]
    assert days == [None, 7, 90]
    assert (await audited(database))[1:] == [("tenant.set_retention", tenant)] * 2
    assert run(dsn, tmp_path, *change, "--audit", "0").returncode == 2


async def test_a_key_is_listed_without_itself_and_revoked(
    dsn: str, database: Database, tmp_path: Path
) -> None:
    tenant = told(dsn, tmp_path, "tenants", "create", "--name", "Asha")["id"]
    key = told(dsn, tmp_path, "keys", "create", "--tenant", tenant, "--name", "site")

    (listed,) = told(dsn, tmp_path, "keys", "list", "--tenant", tenant)
    revoked = told(dsn, tmp_path, "keys", "revoke", "--tenant", tenant, "--key", key["id"])

    assert (listed["id"], listed["name"], listed["is_active"]) == (key["id"], "site", True)
    assert key["key"] not in str(listed)
    assert (revoked["id"], revoked["is_active"]) == (key["id"], False)
    assert told(dsn, tmp_path, "keys", "list", "--tenant", tenant) == []
    async with database.connection() as connection:
        with pytest.raises(NotFoundError):
            await KeyRepository(connection).get(TenantId(UUID(tenant)), key["id"])
    assert (await audited(database))[1:] == [("key.create", key["id"]), ("key.revoke", key["id"])]


async def test_a_session_is_ended_and_its_room_emptied(
    dsn: str, database: Database, livekit_server: LiveKitServer, tmp_path: Path
) -> None:
    session_id = await new_session(database)
    before = await session(database, session_id)
    tenant = str(before.tenant_id)
    env = {
        "LIVEKIT_URL": livekit_server.url,
        "LIVEKIT_API_KEY": livekit_server.key,
        "LIVEKIT_API_SECRET": livekit_server.secret,
    }
    arguments = ("sessions", "end", "--tenant", tenant, "--session", str(session_id))
    async with LiveKitAPI(livekit_server.url, livekit_server.key, livekit_server.secret) as livekit:
        await livekit.room.create_room(CreateRoomRequest(name=before.room_name))

        ended, again = (told(dsn, tmp_path, *arguments, env=env) for _ in range(2))

        rooms = await livekit.room.list_rooms(ListRoomsRequest(names=[before.room_name]))
    assert not rooms.rooms
    assert ended["end_reason"] == "api_delete"
    assert ended == again
    assert told(dsn, tmp_path, "sessions", "list", "--tenant", tenant) == [ended]
    assert told(dsn, tmp_path, "sessions", "list", "--tenant", tenant, "--status", "active") == []
    assert await audited(database) == [("session.end", str(session_id))]


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (("tenants", "show", "--tenant", str(uuid4())), 1, "no such tenant"),
        (("tenants", "grant", "--tenant", str(uuid4()), "--credits", "1"), 1, "no such tenant"),
        (("tenants", "grant", "--tenant", str(uuid4()), "--credits", "0"), 2, "--credits"),
        (("tenants", "set-plan", "--tenant", str(uuid4()), "--plan", "pro"), 1, "no such tenant"),
        (("tenants", "set-plan", "--tenant", str(uuid4()), "--plan", "gold"), 2, "--plan"),
        (("tenants", "list", "--limit", "0"), 2, "--limit"),
        (("tenants", "list", "--offset", "-1"), 2, "--offset"),
        (("keys", "list", "--tenant", str(uuid4())), 1, "no such tenant"),
        (("keys", "revoke", "--tenant", str(uuid4()), "--key", str(uuid4())), 1, "no such key"),
        (("sessions", "list", "--tenant", str(uuid4())), 1, "no such tenant"),
        (
            ("sessions", "end", "--tenant", str(uuid4()), "--session", str(uuid4())),
            1,
            "no such session",
        ),
    ],
)
def test_what_is_not_there_is_said_and_nothing_changed(
    dsn: str, tmp_path: Path, arguments: tuple[str, ...], code: int, named: str
) -> None:
    refused = run(dsn, tmp_path, *arguments)

    assert refused.returncode == code
    assert named in refused.stderr
    assert "Traceback" not in refused.stderr
