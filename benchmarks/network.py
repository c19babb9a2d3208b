"""Where the server's side of a run lives: on this machine's loopback, or behind a bad link.

A bad link needs root, `ip`, `nsenter` and the TUN driver; a machine without them is told so.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from benchmarks.bad_link import CUT, INTERFACE, MENDED, enter_namespace, set_namespace
from cli.dev.ports import LOOPBACK

NETWORKS: Final = ("clean", "lossy")

_ROOT: Final = Path(__file__).parent.parent
_CALLER_ADDRESS: Final = "10.0.0.1"
_SERVER_ADDRESS: Final = "10.0.0.2"
_STOP_TIMEOUT_S: Final = 5.0


class NetworkUnavailable(Exception):
    """This machine cannot make the network that was asked for; the message says why."""


@dataclass(frozen=True)
class Place:
    """The server's side: its address for callers, what starts a program there, and what its link
    is told by."""

    address: str = LOOPBACK
    interface: str | None = None
    prefix: tuple[str, ...] = ()
    link: IO[bytes] | None = None

    @property
    def is_remote(self) -> bool:
        return self.interface is not None

    def cut(self) -> None:
        """From now on the link loses everything, either way, and stays up."""
        self._tell(CUT)

    def mend(self) -> None:
        """As before."""
        self._tell(MENDED)

    def _tell(self, word: bytes) -> None:
        assert self.link is not None, "a bad link's"
        self.link.write(word)
        self.link.flush()


LOCAL: Final = Place()


@contextmanager
def network(name: str) -> Iterator[Place]:
    """One of `NETWORKS`. Within the block this process is on the caller's side.

    Enter it before anything else opens a socket or starts a thread. Raises NetworkUnavailable.
    """
    if name == "clean":
        yield LOCAL
        return
    _check_machine()
    caller, server = (f"vaarta-{os.getpid()}-{side}" for side in ("caller", "server"))
    with _namespace(caller), _namespace(server), _link(caller, server) as link, _inside(caller):
        prefix = ("nsenter", f"--net=/var/run/netns/{server}")
        yield Place(_SERVER_ADDRESS, INTERFACE, prefix, link)


def _check_machine() -> None:
    lacking = [name for name in ("ip", "nsenter") if shutil.which(name) is None]
    if not Path("/dev/net/tun").exists():
        lacking.append("/dev/net/tun")
    if os.geteuid() != 0:
        lacking.append("root")
    if lacking:
        raise NetworkUnavailable(f"--network lossy needs {', '.join(lacking)}")


@contextmanager
def _namespace(name: str) -> Iterator[None]:
    _run("ip", "netns", "add", name)
    try:
        _run("ip", "-n", name, "link", "set", "lo", "up")
        yield
    finally:
        _run("ip", "netns", "delete", name)


@contextmanager
def _link(caller: str, server: str) -> Iterator[IO[bytes]]:
    process = subprocess.Popen(
        (
            *(sys.executable, "-m", "benchmarks.bad_link"),
            *(caller, _CALLER_ADDRESS, server, _SERVER_ADDRESS),
        ),
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        if process.stdout.readline().strip() != b"ready":
            why = process.stderr.read().decode().strip().splitlines()
            raise NetworkUnavailable(f"--network lossy: {why[-1] if why else 'no link'}")
        yield process.stdin
    finally:
        process.stdin.close()
        try:
            process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()


@contextmanager
def _inside(namespace: str) -> Iterator[None]:
    """This thread's own namespace is kept open, and entered again at the end."""
    with Path("/proc/thread-self/ns/net").open("rb") as own, contextlib.ExitStack() as leaving:
        enter_namespace(namespace)
        leaving.callback(set_namespace, own.fileno())
        yield


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NetworkUnavailable(f"--network lossy: {' '.join(command)}: {done.stderr.strip()}")
