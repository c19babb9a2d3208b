"""A link between two network namespaces that loses packets and delays each by another time.

`python -m benchmarks.bad_link NAMESPACE ADDRESS NAMESPACE ADDRESS` gives each namespace an
interface `lan0` with that address, prints `ready`, carries packets between them, and ends when
standard input closes. What standard input says last goes: `-` loses every packet, `+` as before. It
needs root and the kernel's TUN driver, no traffic control.

::

    caller's namespace               this process                server's namespace
    10.0.0.1  lan0 ──── read ──▶ 2 % lost, 0-60 ms late ──▶ write ──── lan0  10.0.0.2
"""

import argparse
import ctypes
import fcntl
import heapq
import itertools
import os
import random
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

LOSS: Final = 0.02
JITTER_S: Final = 0.060
INTERFACE: Final = "lan0"
CUT: Final = b"-"
MENDED: Final = b"+"

_NAMESPACES: Final = Path("/var/run/netns")
_CLONE_NEWNET: Final = 0x40000000
_TUNSETIFF: Final = 0x400454CA
_IFF_TUN: Final = 0x0001
_IFF_NO_PI: Final = 0x1000
_MTU: Final = 1500
_MOST_WAITING: Final = 10_000
"""Packets under way, seconds of a call's; one more is lost."""


def enter_namespace(name: str) -> None:
    """This thread, and what it starts from now on. Raises OSError."""
    with (_NAMESPACES / name).open("rb") as namespace:
        set_namespace(namespace.fileno())


def set_namespace(descriptor: int) -> None:
    """As `enter_namespace`, by an open file."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "cannot enter the network namespace")


def open_interface(namespace: str, address: str) -> int:
    """A descriptor of the packets that leave and enter by it. Raises OSError."""
    enter_namespace(namespace)
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    request = struct.pack("16sH22x", INTERFACE.encode(), _IFF_TUN | _IFF_NO_PI)
    fcntl.ioctl(descriptor, _TUNSETIFF, request)
    for command in (
        ("addr", "add", f"{address}/30", "dev", INTERFACE),
        ("link", "set", INTERFACE, "up"),
    ):
        subprocess.run(("ip", *command), check=True, capture_output=True)
    return descriptor


@dataclass
class Impairment:
    """Which packets arrive, and when: pure, the clock is the caller's."""

    chance: random.Random
    is_cut: bool = False
    _under_way: list[tuple[float, int, int, bytes]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def send(self, packet: bytes, target: int, now: float) -> None:
        """`target` gets it after a while, or never."""
        is_lost = self.is_cut or self.chance.random() < LOSS
        if not is_lost and len(self._under_way) < _MOST_WAITING:
            due_at = now + self.chance.uniform(0.0, JITTER_S)
            heapq.heappush(self._under_way, (due_at, next(self._numbers), target, packet))

    def due(self, now: float) -> Iterator[tuple[int, bytes]]:
        """(target, packet) of what has arrived by now."""
        while self._under_way and self._under_way[0][0] <= now:
            _, _, target, packet = heapq.heappop(self._under_way)
            yield target, packet

    def wait_s(self, now: float) -> float | None:
        """Until the next one arrives; None when nothing is under way."""
        return max(0.0, self._under_way[0][0] - now) if self._under_way else None


def carry(one: int, other: int, told: int) -> None:
    """Carry packets both ways until that descriptor, which says `CUT` and `MENDED`, is closed."""
    across = {one: other, other: one}
    link = Impairment(random.Random(0))
    while True:
        wait_s = link.wait_s(time.monotonic())
        readable, _, _ = select.select([one, other, told], [], [], wait_s)
        if told in readable:
            readable.remove(told)
            word = os.read(told, 1)
            if not word:
                return
            link.is_cut = word == CUT
        for source in readable:
            link.send(os.read(source, _MTU), across[source], time.monotonic())
        for target, packet in link.due(time.monotonic()):
            os.write(target, packet)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for side in ("one", "other"):
        parser.add_argument(f"{side}_namespace")
        parser.add_argument(f"{side}_address")
    args = parser.parse_args()
    one = open_interface(args.one_namespace, args.one_address)
    other = open_interface(args.other_namespace, args.other_address)
    print("ready", flush=True)
    carry(one, other, sys.stdin.fileno())


if __name__ == "__main__":
    main()
