"""How much memory there is for more: of the machine, and of the container where one bounds it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

MACHINE: Final = Path("/proc/meminfo")
CONTAINER: Final = Path("/sys/fs/cgroup")


def free_mb(machine: Path = MACHINE, container: Path = CONTAINER) -> float | None:
    """The smaller of the two; None where neither can be read."""
    return min((*_of_machine(machine), *_of_container(container)), default=None)


def _of_machine(path: Path) -> Iterator[float]:
    """In lines such as `MemAvailable:   20318104 kB`."""
    for name, n_kb, *_ in _words(path):
        if name == "MemAvailable:":
            yield int(n_kb) / 1024


def _of_container(folder: Path) -> Iterator[float]:
    """By its control group (version 2): what it may have, without what it has; pages of files that
    were not used of late are given back before they are missed."""
    limits = [one for (one,) in _words(folder / "memory.max")]
    has = [int(one) for (one,) in _words(folder / "memory.current")]
    if limits and has and limits[0] != "max":
        idle = (int(n) for name, n in _words(folder / "memory.stat") if name == "inactive_file")
        yield (int(limits[0]) - has[0] + sum(idle)) / 2**20


def _words(path: Path) -> Iterable[list[str]]:
    try:
        return [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    except OSError:
        return []
