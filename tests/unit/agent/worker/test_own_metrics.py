from pathlib import Path

import psutil
import pytest
from livekit.agents import telemetry

from agent.worker.own_metrics import OwnMetrics, count_no_processes

COUNT = "_update_child_proc_count"
"""As the SDK's server looks it up, each time."""


def test_what_was_counted_into_a_file_is_read_though_its_folder_was_emptied(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    with (folder / "counter_7.db").open("w") as counting:
        own = OwnMetrics(folder, tmp_path / "own")
        for file in folder.iterdir():
            file.unlink()
        (folder / "counter_8.db").write_text("a job's")
        own.give_back()
        own.give_back()
        counting.write("one more")

    found = {file.name: file.read_text() for file in folder.iterdir()}
    assert found == {"counter_7.db": "one more", "counter_8.db": "a job's"}


def test_the_machines_processes_are_not_walked_through_to_count_the_workers_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walked: list[object] = []

    def children(process: object, recursive: bool = False) -> list[object]:
        walked.append(process)
        return []

    monkeypatch.setattr(psutil.Process, "children", children)
    monkeypatch.setattr(telemetry.metrics, COUNT, getattr(telemetry.metrics, COUNT))
    getattr(telemetry.metrics, COUNT)()
    count_no_processes()
    getattr(telemetry.metrics, COUNT)()
    assert len(walked) == 1
