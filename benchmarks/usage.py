"""What processes use of a machine: processor time by thread, wake-ups, memory, descriptors."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

_NS: Final = 1e9
_KB_PER_MB: Final = 1024


@dataclass(frozen=True)
class Memory:
    """What processes hold. A page that several share counts in `pss_mb` once, in `rss_mb` for each
    of them."""

    pss_mb: float
    rss_mb: float
    processes: int
    threads: int
    descriptors: int


@dataclass(frozen=True)
class Ran:
    """What one thread has run: seconds of processor time, and how often it was woken."""

    thread: str
    cpu_s: float
    wakeups: int


Runs = Mapping[tuple[int, int], Ran]
"""By process and thread, since each began."""


@dataclass(frozen=True)
class Work:
    """What was done between two looks: in all, and the processor time by the threads' names."""

    cpu_s: float
    wakeups: int
    by_thread: Mapping[str, float]


def family(pids: Iterable[int]) -> list[psutil.Process]:
    """The processes and all that came of them."""
    found: dict[int, psutil.Process] = {}
    for pid in pids:
        with suppress(psutil.Error):
            root = psutil.Process(pid)
            found |= {one.pid: one for one in (root, *root.children(recursive=True))}
    return list(found.values())


def memory_of(pids: Iterable[int]) -> Memory:
    """Of the family together; one that is gone by now holds nothing."""
    pss, rss, processes, threads, descriptors = 0.0, 0.0, 0, 0, 0
    for process in family(pids):
        with suppress(psutil.Error, OSError):
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
            held = dict(line.split(":", 1) for line in rollup.splitlines()[1:])
            counted = process.num_threads(), process.num_fds()
            pss += _mb(held["Pss"])
            rss += _mb(held["Rss"])
            processes, threads = processes + 1, threads + counted[0]
            descriptors += counted[1]
    return Memory(round(pss, 1), round(rss, 1), processes, threads, descriptors)


def runs_of(pids: Iterable[int]) -> Runs:
    """Of each thread of the family."""
    found = {}
    for process in family(pids):
        for task in Path(f"/proc/{process.pid}/task").glob("*"):
            with suppress(OSError):
                found[process.pid, int(task.name)] = _ran(task)
    return found


def work_between(before: Runs, after: Runs) -> Work:
    """Threads that began in between count whole, those that ended do not."""
    cpu_s, wakeups = 0.0, 0
    by_thread: dict[str, float] = {}
    for thread, ran in after.items():
        was = before.get(thread, Ran(ran.thread, 0.0, 0))
        cpu_s += ran.cpu_s - was.cpu_s
        wakeups += ran.wakeups - was.wakeups
        by_thread[ran.thread] = by_thread.get(ran.thread, 0.0) + ran.cpu_s - was.cpu_s
    return Work(cpu_s, wakeups, by_thread)


def _ran(task: Path) -> Ran:
    name = (task / "comm").read_text(encoding="utf-8").strip()
    on_cpu_ns, _, _ = (task / "schedstat").read_text(encoding="ascii").split()
    status = (task / "status").read_text(encoding="utf-8")
    switches = dict(line.split(":", 1) for line in status.splitlines() if "ctxt" in line)
    return Ran(name, int(on_cpu_ns) / _NS, int(switches["voluntary_ctxt_switches"]))


def _mb(amount: str) -> float:
    """Of what the kernel writes as `123 kB`."""
    return int(amount.split()[0]) / _KB_PER_MB
