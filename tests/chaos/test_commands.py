"""The benchmarks of failure as commands, tiny."""

import os
from pathlib import Path

from tests.benchmark_run import written_by

WITHOUT_ROOT = "model-error"
WITH_ROOT = "caller-away"
"""Happens on islands, which this machine can make as root."""


async def test_the_table_is_made_of_real_trials(tmp_path: Path) -> None:
    fault = WITH_ROOT if os.geteuid() == 0 else WITHOUT_ROOT
    result = await written_by("recovery", "--faults", fault, "--n", "1", folder=tmp_path)
    (row,) = result["rows"]
    assert row["problems"] == {}, row
    assert row["took"]["n"] == row["n"] == 1, row
    assert (row["turns_lost"], row["words_lost"], row["double_speech"]) == (0, 0, 0), row
    assert (row["ends"], row["left_active"]) == ({"1": 1}, 0), row


async def test_a_soak_counts_what_was_said_and_what_was_lost(tmp_path: Path) -> None:
    options = ("--minutes", "0.2", "--sessions", "1", "--workers", "1", "--fault-every", "600")
    result = await written_by("soak", *options, folder=tmp_path)
    assert result["questions"] >= result["sessions"] >= 1
    assert result["ends"] == {"1": result["sessions"]}
    lost = (result["turns_lost"], result["words_lost"], result["left_active"])
    assert (lost, result["broken"]) == ((0, 0, 0), {}), result
