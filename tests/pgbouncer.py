"""A real PgBouncer between a test and the run's Postgres."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from benchmarks.child_process import ChildProcess
from tests.servers import MOST_STARTS, MissingServer, PortTaken, free_port

_CONFIG: Final = """
[databases]
* = host={host} user={user}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 500
"""


@asynccontextmanager
async def pgbouncer(dsn: str, *, pool_size: int = 4) -> AsyncIterator[str]:
    """The address of the DSN's database through a pooler in transaction mode.

    Raises `MissingServer`.
    """
    binary = pgbouncer_binary()
    with tempfile.TemporaryDirectory(prefix="vaarta-pgbouncer-") as folder:
        os.chmod(folder, 0o755)  # as root it runs as another user
        process, port = await _start(binary, Path(folder), dsn, pool_size)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}{urlsplit(dsn).path}"
        finally:
            process.stop()


async def _start(binary: Path, folder: Path, dsn: str, pool_size: int) -> tuple[ChildProcess, int]:
    for _ in range(MOST_STARTS - 1):
        with suppress(PortTaken):
            return await _start_once(binary, folder, dsn, pool_size)
    return await _start_once(binary, folder, dsn, pool_size)


async def _start_once(
    binary: Path, folder: Path, dsn: str, pool_size: int
) -> tuple[ChildProcess, int]:
    """Raises `PortTaken`: it has to be told its port, and others take some."""
    port, server = free_port(), urlsplit(dsn)
    host = Path(parse_qs(server.query)["host"][0])
    config = folder / "pgbouncer.ini"
    config.write_text(
        _CONFIG.format(host=host, user=server.username, port=port, pool_size=pool_size)
    )
    command = [str(binary), *_other_user(host), str(config)]
    process = ChildProcess.start(command, name="pgbouncer")
    try:
        await process.wait_for_port(port)
        assert process.is_running, f"another process has its port:\n{process.output()}"
    except BaseException:
        is_taken = "Address already in use" in process.output()
        process.stop()
        if is_taken:
            raise PortTaken from None
        raise
    return process, port


def _other_user(server_folder: Path) -> list[str]:
    """It refuses to be root, and the server's socket is in a folder of the server's user."""
    return ["-u", server_folder.owner()] if os.geteuid() == 0 else []


def pgbouncer_binary() -> Path:
    """Where PgBouncer is: Debian keeps it from the PATH of most. Raises `MissingServer`."""
    for candidate in (shutil.which("pgbouncer"), "/usr/sbin/pgbouncer"):
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    raise MissingServer("PgBouncer: install Debian's package pgbouncer (`scripts/pgbouncer`)")
