"""What recordings are worth: the measurements of it as commands, tiny."""

import os
from pathlib import Path

import pytest

from benchmarks.chaos.recording_faults import FAULTS
from benchmarks.recorded_calls import AGENT, CALLER, COSTS, UNEXPLAINED
from tests.benchmark_run import written_by

LOST_S = 1.5
"""A second of sound at most is not written when a process is killed; what was on its way to the
caller by then is heard for a moment longer, most of all on a busy machine."""


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_takes_no_more_than_the_last_second_of_sound(
    fault: str, tmp_path: Path
) -> None:
    if fault.startswith("disk-full") and os.geteuid() != 0:
        pytest.skip("a disk of its own needs root")
    result = await written_by("recording_losses", "--faults", fault, "--n", "1", folder=tmp_path)
    (row,) = result["rows"]
    assert row["broken"] == [], row
    (lost_s,) = row["lost_s"]
    assert lost_s <= LOST_S, row


@pytest.mark.long
async def test_what_a_recording_costs_is_measured_and_laid_beside_its_turns(tmp_path: Path) -> None:
    result = await written_by("recorded_calls", "--pairs", "1", "--turns", "2", folder=tmp_path)
    assert result["errors"] == {}
    counted = {name: len(of) for name, of in result["samples_ms"].items()}
    assert counted[CALLER] == counted[AGENT] == counted[UNEXPLAINED] == 2 - result["unheard_turns"]
    assert [len(of) for of in result["cpu_s_a_minute"].values()] == [1] * len(COSTS)
