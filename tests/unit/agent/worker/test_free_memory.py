"""How much memory there is for more, as the kernel tells it."""

from pathlib import Path

import pytest

from agent.worker.free_memory import MACHINE, free_mb

MACHINE_SAYS = "MemTotal: 8000000 kB\nMemFree:   100000 kB\nMemAvailable:   2048000 kB\n"
MB = 2**20


def written(folder: Path, limit: str) -> tuple[Path, Path]:
    """A machine with 2000 MB free, in a container that has 300 MB, 50 of which are old pages."""
    machine = folder / "meminfo"
    machine.write_text(MACHINE_SAYS)
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{300 * MB}\n")
    (folder / "memory.stat").write_text(f"anon 7\ninactive_file {50 * MB}\nactive_file 9\n")
    return machine, folder


@pytest.mark.parametrize(
    ("limit", "free"), [("max", 2000), (f"{1000 * MB}", 750), (f"{9000 * MB}", 2000)]
)
def test_the_narrower_of_machine_and_container_counts(
    tmp_path: Path, limit: str, free: float
) -> None:
    assert free_mb(*written(tmp_path, limit)) == free


def test_a_machine_without_control_groups_is_asked_alone(tmp_path: Path) -> None:
    machine, _ = written(tmp_path, "max")
    assert free_mb(machine, tmp_path / "none") == 2000


def test_where_nothing_is_told_nothing_is_known(tmp_path: Path) -> None:
    assert free_mb(tmp_path / "none", tmp_path) is None


@pytest.mark.skipif(not MACHINE.exists(), reason="no /proc/meminfo")
def test_this_machine_tells_it() -> None:
    told = free_mb()
    assert told is not None
    assert told > 0
