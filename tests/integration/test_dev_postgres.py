"""The embedded PostgreSQL: first start, restart, and what an unclean end leaves behind."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from cli.dev import postgres
from cli.dev.console_log import ConsoleLog
from cli.dev.part import Part, StartError
from cli.dev.supervisor import Supervisor
from tests.servers import free_port


class Bench:
    """A cluster in a folder that only its owner may enter, and who starts it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = ConsoleLog(os.open(os.devnull, os.O_WRONLY))
        self.supervisors: list[Supervisor] = []

    async def start(self) -> tuple[postgres.Cluster, Part]:
        supervisor = Supervisor(self.log)
        self.supervisors.append(supervisor)
        cluster = postgres.Cluster(self.folder / "postgres", free_port())
        env = {"PATH": os.environ["PATH"]}
        await postgres.prepare(cluster, supervisor, env)
        part = await supervisor.start(postgres.part(cluster, env))
        version = await supervisor.ready(part, lambda: postgres.ready_version(cluster), 60.0)
        assert version.startswith("18.")
        return cluster, part

    async def stop(self) -> None:
        for supervisor in self.supervisors:
            await supervisor.stop_all()
        self.supervisors.clear()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    await bench.stop()
    bench.log.close()


async def remember(cluster: postgres.Cluster) -> None:
    connection = await asyncpg.connect(cluster.dsn)
    await connection.execute("CREATE TABLE kept (value text)")
    await connection.close()


async def remembers(cluster: postgres.Cluster) -> bool:
    connection = await asyncpg.connect(cluster.dsn)
    found = await connection.fetchval("SELECT to_regclass('kept') IS NOT NULL")
    await connection.close()
    return bool(found)


async def test_data_outlives_a_restart_and_a_kill(bench: Bench) -> None:
    cluster, _ = await bench.start()
    await remember(cluster)
    await bench.stop()
    assert not (cluster.data_dir / "postmaster.pid").exists()

    cluster, part = await bench.start()
    os.kill(part.pid, signal.SIGKILL)
    await part.wait()
    assert (cluster.data_dir / "postmaster.pid").exists()

    cluster, _ = await bench.start()
    assert await remembers(cluster)


async def test_a_server_that_outlived_its_owner_is_replaced(bench: Bench) -> None:
    first, part = await bench.start()
    await remember(first)
    second, _ = await bench.start()
    # Who waits for it first gets its exit status: here it is a child of both who might.
    await part.wait()
    assert not psutil.pid_exists(part.pid)
    assert await remembers(second)


async def test_a_pid_file_that_names_somebody_else_is_removed_and_nobody_hurt(
    bench: Bench,
) -> None:
    cluster, _ = await bench.start()
    await bench.stop()
    stale = cluster.data_dir / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{cluster.data_dir}\n0\n5432\n\n127.0.0.1\n0 0\nready\n")
    await bench.start()


async def test_strangers_need_the_password(bench: Bench) -> None:
    cluster, _ = await bench.start()
    address = f"postgresql://vaarta:guess@127.0.0.1:{cluster.port}/postgres"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(address)


async def test_an_interrupted_creation_is_begun_again(bench: Bench) -> None:
    half = bench.folder / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    cluster, _ = await bench.start()
    assert not half.exists()
    assert cluster.password_file.exists()


async def test_a_cluster_of_another_version_is_left_alone(bench: Bench) -> None:
    data_dir = bench.folder / "postgres"
    data_dir.mkdir()
    (data_dir / "PG_VERSION").write_text("16\n")
    with pytest.raises(StartError, match="PostgreSQL 16"):
        await bench.start()
