"""`vaarta tenants create` and `vaarta keys create`, as an operator runs them."""

from pathlib import Path
from uuid import uuid4

import pytest

from core.rights import Plan
from store.keys import KeyRepository
from store.pool import Database
from tests.integration.commands import run, told


async def test_a_tenant_with_a_plan_credits_and_a_key(
    dsn: str, database: Database, tmp_path: Path
) -> None:
    tenant = told(
        dsn, tmp_path, "tenants", "create", "--name", "Asha", "--plan", "pro", "--credits", "10.5"
    )
    key = told(
        dsn, tmp_path, "keys", "create", "--tenant", tenant["id"], "--permissions", "stt, tts"
    )
    async with database.connection() as connection:
        used = await KeyRepository(connection).use(key["key"])
        balance = await connection.fetchval("SELECT balance FROM tenants")
        granted = await connection.fetch("SELECT kind, credits FROM ledger")

    assert tenant | {"id": ""} == {"id": "", "name": "Asha", "plan": "pro", "credits": 10.5}
    assert (used.tenant.name, used.tenant.plan) == ("Asha", Plan.PRO)
    assert (used.key.permissions, key["permissions"]) == ("stt,tts", "stt,tts")
    assert float(balance) == 10.5
    assert [(row["kind"], float(row["credits"])) for row in granted] == [("grant", 10.5)]


def test_the_key_alone_is_printed_for_a_shell(dsn: str, tmp_path: Path) -> None:
    tenant = told(dsn, tmp_path, "tenants", "create", "--name", "Asha")
    done = run(dsn, tmp_path, "keys", "create", "--tenant", tenant["id"])

    assert done.stdout.startswith("cm_live_")
    assert len(done.stdout.split()) == 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("tenants", "create", "--name", ""), "--name"),
        (("tenants", "create", "--name", "x", "--plan", "gold"), "--plan"),
        (("tenants", "create", "--name", "x", "--credits", "NaN"), "--credits"),
        (("tenants", "create", "--name", "x", "--credits", "-1"), "--credits"),
        (("keys", "create", "--tenant", "x"), "--tenant"),
        (("keys", "create", "--tenant", str(uuid4())), "--tenant"),
        (("keys", "create", "--tenant", str(uuid4()), "--permissions", "fly"), "--permissions"),
    ],
)
def test_what_cannot_be_is_named(
    dsn: str, tmp_path: Path, arguments: tuple[str, ...], named: str
) -> None:
    refused = run(dsn, tmp_path, *arguments)

    assert refused.returncode == 2
    assert named in refused.stderr
    assert "Traceback" not in refused.stderr
