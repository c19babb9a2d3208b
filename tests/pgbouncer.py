"""A real PgBouncer between a test and the run's Postgres."""

import os
import re
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
listen_port = 6432
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
    server = urlsplit(dsn)
    socket_folder = socket_folder_of(dsn)
    config = _CONFIG.format(host=socket_folder, user=server.username, pool_size=pool_size)
    async with configured(config, socket_folder) as port:
        yield f"postgresql://postgres@127.0.0.1:{port}{server.path}"


@asynccontextmanager
async def configured(config: str, socket_folder: Path) -> AsyncIterator[int]:
    """A PgBouncer with that configuration but for its port, which is given. Raises
    `MissingServer`."""
    binary = pgbouncer_binary()
    with tempfile.TemporaryDirectory(prefix="vaarta-pgbouncer-") as folder:
        os.chmod(folder, 0o755)  # as root it runs as another user
        command = [str(binary), *_other_user(socket_folder), str(Path(folder) / "pgbouncer.ini")]
        process, port = await _start(command, config)
        try:
            yield port
        finally:
            process.stop()


def socket_folder_of(dsn: str) -> Path:
    """Where the run's Postgres has its socket."""
    return Path(parse_qs(urlsplit(dsn).query)["host"][0])


async def _start(command: list[str], config: str) -> tuple[ChildProcess, int]:
    for _ in range(MOST_STARTS - 1):
        with suppress(PortTaken):
            return await _start_once(command, config)
    return await _start_once(command, config)


async def _start_once(command: list[str], config: str) -> tuple[ChildProcess, int]:
    """Raises `PortTaken`: it has to be told its port, and others take some."""
    port = free_port()
    _write(Path(command[-1]), re.sub(r"(?m)^listen_port.*", f"listen_port = {port}", config))
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


def _write(path: Path, text: str) -> None:
    path.write_text(text)


def _other_user(server_folder: Path) -> list[str]:
    """It refuses to be root, and the server's socket is in a folder of the server's user."""
    return ["-u", server_folder.owner()] if os.geteuid() == 0 else []


def pgbouncer_binary() -> Path:
    """Where PgBouncer is: Debian keeps it from the PATH of most. Raises `MissingServer`."""
    for candidate in (shutil.which("pgbouncer"), "/usr/sbin/pgbouncer"):
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    raise MissingServer("PgBouncer: install Debian's package pgbouncer (`scripts/pgbouncer`)")
