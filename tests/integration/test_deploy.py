"""What `deploy/` holds, on a real Postgres and a real livekit-server: role, backup, restore."""

import os
import subprocess
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from store.migrate import migrate, migrations
from store.pool import Database
from store.turns import TurnRepository
from tests.integration.rows import new_session, turn_row
from tests.servers import ROOT, EmbeddedPostgres, livekit_server_binary, postgres_programs

DEPLOY = ROOT / "deploy"


def ran(script: Path, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    path = f"{postgres_programs()}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", str(script), *arguments],
        env={"PATH": path, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


async def test_vaarta_has_a_role_that_owns_its_database_and_may_nothing_beside(
    postgres: EmbeddedPostgres,
) -> None:
    host = str(postgres.folder / "data")
    password = f"it's {uuid4().hex}"
    superuser = await asyncpg.connect(postgres.dsn())
    try:
        made = ran(DEPLOY / "postgres/10-vaarta.sh", PGHOST=host, VAARTA_DB_PASSWORD=password)
        assert made.returncode == 0, made.stderr

        dsn = f"postgresql://vaarta@/vaarta?host={host}"
        assert await migrate(dsn) == [one.name for one in migrations()]
        own = await asyncpg.connect(dsn)
        try:
            program = "COPY (SELECT 1) TO PROGRAM 'true'"
            for forbidden in ("CREATE ROLE other", "CREATE DATABASE other", program):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await own.execute(forbidden)
        finally:
            await own.close()
        assert await superuser.fetchval(
            "SELECT rolpassword IS NOT NULL FROM pg_authid WHERE rolname = 'vaarta'"
        )
        assert not await superuser.fetchval(
            "SELECT has_database_privilege('pg_monitor', 'vaarta', 'CONNECT')"
        )
    finally:
        await superuser.execute("DROP DATABASE IF EXISTS vaarta WITH (FORCE)")
        await superuser.execute("DROP ROLE IF EXISTS vaarta")
        await superuser.close()


def test_livekit_does_not_start_without_keys_of_ones_own() -> None:
    started = subprocess.run(
        [str(livekit_server_binary()), "--config", str(DEPLOY / "livekit.yaml")],
        env={"PATH": os.environ["PATH"], "NODE_IP": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert "keys must be provided" in started.stdout + started.stderr


async def test_a_backup_that_was_made_while_it_served_is_restored_whole(
    dsn: str, empty_dsn: str, database: Database, tmp_path: Path
) -> None:
    session_id = await new_session(database)
    said = [turn_row(index) for index in range(3)]
    async with database.connection() as connection:
        for row in said:
            await TurnRepository(connection).add_turn(session_id, row.turn, row.charges)
    file = tmp_path / "vaarta.dump"

    saved = ran(DEPLOY / "backup", str(file), DATABASE_URL=dsn)
    restored = ran(DEPLOY / "restore", str(file), DATABASE_URL=empty_dsn)

    assert (saved.returncode, restored.returncode) == (0, 0), saved.stderr + restored.stderr
    assert await migrate(empty_dsn) == []
    there = await asyncpg.connect(empty_dsn)
    try:
        turns = await there.fetch(
            "SELECT user_transcript, agent_response FROM turns WHERE session_id = $1 "
            "ORDER BY turn_index",
            session_id,
        )
        counts = await there.fetchval("SELECT turn_count FROM sessions WHERE id = $1", session_id)
    finally:
        await there.close()
    assert [tuple(turn) for turn in turns] == [
        (row.turn.user_transcript, row.turn.agent_response) for row in said
    ]
    assert counts == len(said)


async def test_a_backup_that_does_not_fit_leaves_the_database_as_it_was(
    dsn: str, empty_dsn: str, tmp_path: Path
) -> None:
    file = tmp_path / "vaarta.dump"
    assert ran(DEPLOY / "backup", str(file), DATABASE_URL=dsn).returncode == 0
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])

    assert ran(DEPLOY / "restore", str(file), DATABASE_URL=empty_dsn).returncode != 0

    there = await asyncpg.connect(empty_dsn)
    try:
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert await there.fetchval(tables) == 0
    finally:
        await there.close()


@pytest.mark.parametrize("name", ["backup", "restore"])
def test_without_a_file_it_says_how_it_is_called(name: str) -> None:
    refused = ran(DEPLOY / name)

    assert refused.returncode == 2
    assert f"deploy/{name} FILE" in refused.stderr
