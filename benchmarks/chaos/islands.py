"""Network namespaces for each worker and for the caller, whose way to LiveKit can be closed.

::

    caller's island ── router ──┐
                                ├── here: livekit-server at its own address, API, all proxies
    worker's island ── router ──┤
              └── side door ────┘   Postgres and the providers: never closed

A router that does not forward drops packets without a word, as a network does that is away: nobody
sees a link go down. Needs root, `ip` and `nsenter`.
"""

import contextlib
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from livekit import rtc
from livekit.rtc._ffi_client import FfiClient

from benchmarks.bad_link import enter_namespace, set_namespace
from benchmarks.network import Place

_TESTING: Final = "198.18"
"""198.18.0.0/15 is for measurements and routed nowhere."""


class IslandsUnavailable(Exception):
    """This machine cannot make them; the message says why."""


@dataclass(frozen=True)
class Road:
    """The way from an island to LiveKit, through its router."""

    router: str

    def close(self) -> None:
        """From now on nothing arrives, either way."""
        _forward(self.router, False)

    def open(self) -> None:
        """As before."""
        _forward(self.router, True)


@dataclass(frozen=True)
class Island:
    """`prefix` starts a program there."""

    prefix: tuple[str, ...]
    road: Road


@dataclass(frozen=True)
class Islands:
    """`livekit`: where its server is, `side_door`: the address of all else for workers."""

    livekit: Place
    side_door: str
    workers: tuple[Island, ...]
    callers_road: Road

    def open_roads(self) -> None:
        """All of them."""
        for road in (self.callers_road, *(island.road for island in self.workers)):
            road.open()


@contextmanager
def islands(n_workers: int) -> Iterator[Islands]:
    """While the block lasts; the callers of this process are on theirs from now on.

    Enter it before anybody has called: the SDK's threads stay where they began. Raises
    IslandsUnavailable.
    """
    _check_machine()
    net = f"{_TESTING}.{random.randrange(256)}"
    tag = f"v{os.getpid() % 100_000}"
    livekit, side_door = f"{net}.1", f"{net}.2"
    with ExitStack() as stack:
        here = stack.enter_context(_own_addresses(f"{tag}d", livekit, side_door))
        callers = stack.enter_context(_namespace(f"{tag}c"))
        callers_road = stack.enter_context(_road(callers, f"{net}.", 4, livekit))
        workers = []
        for number in range(n_workers):
            island = stack.enter_context(_namespace(f"{tag}w{number}"))
            base = 16 * (number + 1)
            road = stack.enter_context(_road(island, f"{net}.", base, livekit))
            stack.enter_context(_side_door(island, f"{net}.", base + 8, side_door))
            workers.append(Island(("nsenter", f"--net=/var/run/netns/{island}"), road))
        _call_from(callers)
        place = Place(livekit, here)
        yield Islands(place, side_door, tuple(workers), callers_road)


def _check_machine() -> None:
    lacking = [name for name in ("ip", "nsenter") if shutil.which(name) is None]
    if os.geteuid() != 0:
        lacking.append("root")
    if lacking:
        raise IslandsUnavailable(f"network namespaces need {', '.join(lacking)}")


@contextmanager
def _own_addresses(interface: str, *addresses: str) -> Iterator[str]:
    """An interface that leads nowhere: its addresses stay whatever happens to the roads."""
    _run("ip", "link", "add", interface, "type", "veth", "peer", "name", f"{interface}x")
    try:
        for address in addresses:
            _run("ip", "address", "add", f"{address}/32", "dev", interface)
        for end in (interface, f"{interface}x"):
            _run("ip", "link", "set", end, "up")
        yield interface
    finally:
        _run("ip", "link", "del", interface)


@contextmanager
def _road(island: str, net: str, base: int, livekit: str) -> Iterator[Road]:
    """Two links and a router between them; the addresses are `base` and seven more."""
    near, far = f"{net}{base + 1}", f"{net}{base + 2}"
    inner, outer = f"{net}{base + 5}", f"{net}{base + 6}"
    with (
        _namespace(f"{island}r") as router,
        _link((f"{island}0", near), (f"{island}1", far), inside=router),
        _link((f"{island}2", inner), (f"{island}3", outer), inside=island, other=router),
    ):
        _run("ip", "route", "add", f"{outer}/32", "via", far)
        _run("ip", "-n", router, "route", "add", f"{livekit}/32", "via", near)
        _run("ip", "-n", island, "route", "add", f"{livekit}/32", "via", inner)
        road = Road(router)
        road.open()
        yield road


@contextmanager
def _side_door(island: str, net: str, base: int, address: str) -> Iterator[None]:
    near, far = f"{net}{base + 1}", f"{net}{base + 2}"
    with _link((f"{island}4", near), (f"{island}5", far), inside=island):
        _run("ip", "-n", island, "route", "add", f"{address}/32", "via", near)
        yield


@contextmanager
def _link(
    here: tuple[str, str], there: tuple[str, str], *, inside: str, other: str | None = None
) -> Iterator[None]:
    """A pair of interfaces: `there` in a namespace, `here` in another one or in ours."""
    _run("ip", "link", "add", here[0], "type", "veth", "peer", "name", there[0])
    try:
        for (name, address), namespace in ((here, other), (there, inside)):
            where = ("-n", namespace) if namespace else ()
            if namespace:
                _run("ip", "link", "set", name, "netns", namespace)
            _run("ip", *where, "address", "add", f"{address}/30", "dev", name)
            _run("ip", *where, "link", "set", name, "up")
        yield
    finally:
        if other is None:  # the rest goes with its namespace
            with contextlib.suppress(IslandsUnavailable):
                _run("ip", "link", "del", here[0])


@contextmanager
def _namespace(name: str) -> Iterator[str]:
    _run("ip", "netns", "add", name)
    try:
        _run("ip", "-n", name, "link", "set", "lo", "up")
        yield name
    finally:
        _run("ip", "netns", "delete", name)


def _forward(router: str, on: bool) -> None:
    switch = "/proc/sys/net/ipv4/ip_forward"
    _run("ip", "netns", "exec", router, "sh", "-c", f"echo {int(on)} > {switch}")


def _call_from(island: str) -> None:
    """Have the SDK start its threads there; this thread comes back."""
    with Path("/proc/thread-self/ns/net").open("rb") as own:
        enter_namespace(island)
        try:
            FfiClient.instance  # noqa: B018 - the first look starts it
            rtc.AudioSource(16_000, 1, queue_size_ms=0)
        finally:
            set_namespace(own.fileno())


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise IslandsUnavailable(f"{' '.join(command)}: {done.stderr.strip()}")
