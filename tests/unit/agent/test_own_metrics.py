from pathlib import Path

from agent.own_metrics import OwnMetrics


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
