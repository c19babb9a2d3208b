"""The benchmarks of failure as commands, tiny."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.benchmark_run import written_by

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")


async def row_of(fault: str, folder: Path) -> dict[str, Any]:
    """One trial of it."""
    result = await written_by("recovery", "--faults", fault, "--n", "1", folder=folder)
    (row,) = result["rows"]
    assert row["problems"] == {}, row
    assert row["took"]["n"] == row["n"] == 1, row
    return dict(row)


def assert_unharmed(row: dict[str, Any]) -> None:
    assert (row["turns_lost"], row["words_lost"], row["double_speech"]) == (0, 0, 0), row
    assert (row["ends"], row["left_active"]) == ({"1": 1}, 0), row


@pytest.mark.long
async def test_a_row_of_the_table_is_made_of_real_trials(tmp_path: Path) -> None:
    assert_unharmed(await row_of("quick-leave", tmp_path))


@needs_root
@pytest.mark.long
async def test_a_caller_whose_network_was_away_goes_on_in_the_same_conversation(
    tmp_path: Path,
) -> None:
    assert_unharmed(await row_of("caller-away", tmp_path))


@needs_root
@pytest.mark.long
async def test_a_session_is_taken_up_from_a_worker_that_livekit_is_away_from(
    tmp_path: Path,
) -> None:
    assert_unharmed(await row_of("worker-without-livekit", tmp_path))


async def test_a_soak_counts_what_was_said_and_what_was_lost(tmp_path: Path) -> None:
    options = ("--minutes", "0.2", "--sessions", "1", "--workers", "1", "--fault-every", "600")
    result = await written_by("soak", *options, folder=tmp_path)
    assert result["questions"] >= result["sessions"] >= 1
    assert result["ends"] == {"1": result["sessions"]}
    lost = (result["turns_lost"], result["words_lost"], result["left_active"])
    assert (lost, result["broken"]) == ((0, 0, 0), {}), result
