"""Free ports: the usual one where it is free, another where it is taken."""

import socket
from collections.abc import Callable

LOOPBACK = "127.0.0.1"


class PortPicker:
    """Hands out ports that nobody listens on, none of them twice.

    `say` hears about every port that had to be replaced. A port is only reserved among this
    picker's own users: another program may still take it before its part binds it.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._given: set[tuple[socket.SocketKind, int]] = set()

    def tcp(self, what: str, wanted: int, *, host: str = LOOPBACK) -> int:
        """A TCP port, `wanted` if it can be had; 0 wants any."""
        return self._pick(what, wanted, host, socket.SOCK_STREAM)

    def udp(self, what: str, wanted: int, *, host: str = LOOPBACK) -> int:
        """A UDP port, `wanted` if it can be had; 0 wants any."""
        return self._pick(what, wanted, host, socket.SOCK_DGRAM)

    def _pick(self, what: str, wanted: int, host: str, kind: socket.SocketKind) -> int:
        port = wanted if (kind, wanted) not in self._given else 0
        bound = _bind(host, port, kind)
        while bound is None or (kind, bound) in self._given:
            bound = _bind(host, 0, kind)
        self._given.add((kind, bound))
        if wanted not in (0, bound):
            self._say(f"port {wanted} is taken: {what} uses {bound}")
        return bound


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
