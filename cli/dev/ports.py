"""Free ports: the usual one where it is free, another where it is taken."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

LOOPBACK = "127.0.0.1"
RESERVED: Final = Path(tempfile.gettempdir()) / f"vaarta-ports-{os.getuid()}"
"""A file for each port that a picker of this user has handed out, locked by its process."""


class PortPicker:
    """Hands out ports that nobody listens on, none of them twice.

    `say` hears about every port that had to be replaced. A port stays reserved among the pickers of
    this user until this process ends: systems that start at once do not get in each other's way.
    Another program may still take it before its part binds it.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def tcp(self, what: str, wanted: int, *, host: str = LOOPBACK) -> int:
        """A TCP port, `wanted` if it can be had; 0 wants any."""
        return self._pick(what, wanted, host, socket.SOCK_STREAM)

    def udp(self, what: str, wanted: int, *, host: str = LOOPBACK) -> int:
        """A UDP port, `wanted` if it can be had; 0 wants any."""
        return self._pick(what, wanted, host, socket.SOCK_DGRAM)

    def _pick(self, what: str, wanted: int, host: str, kind: socket.SocketKind) -> int:
        bound = _bind(host, wanted, kind)
        while bound is None or not _reserve(kind, bound):
            bound = _bind(host, 0, kind)
        if wanted not in (0, bound):
            self._say(f"port {wanted} is taken: {what} uses {bound}")
        return bound


def _reserve(kind: socket.SocketKind, port: int) -> bool:
    """Whether nobody had it; the lock goes with the process, as does the open file."""
    RESERVED.mkdir(mode=0o700, exist_ok=True)
    file = os.open(RESERVED / f"{kind.name.lower()}-{port}", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return False
    return True


def _bind(host: str, port: int, kind: socket.SocketKind) -> int | None:
    """The port that `bind` gives, None if it is taken or forbidden."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind is socket.SOCK_STREAM:  # closed connections of an earlier run do not count
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            if port == 0:
                raise
            return None
        bound: int = probe.getsockname()[1]
        return bound
