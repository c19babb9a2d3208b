"""The benchmark as a command, tiny, on islands where this machine can make them."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.servers import ROOT

DEADLINE_S = 240.0
WITHOUT_ROOT = "model-error"
WITH_ROOT = "caller-away"


async def test_the_table_is_made_of_real_trials(tmp_path: Path) -> None:
    fault = WITH_ROOT if os.geteuid() == 0 else WITHOUT_ROOT
    target = tmp_path / "recovery.json"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.recovery", "--faults", fault, "--n", "1"),
        *("--json", str(target)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(DEADLINE_S):
        output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    (row,) = json.loads(target.read_text())["rows"]
    assert_it_was_survived(row)


def assert_it_was_survived(row: dict[str, Any]) -> None:
    assert row["took"]["n"] == row["n"] == 1, row
    lost = {name: row[name] for name in ("turns_lost", "words_lost", "double_speech")}
    assert set(lost.values()) == {0}, row
    assert (row["ends"], row["left_active"], row["problems"]) == ({"1": 1}, 0, {}), row
