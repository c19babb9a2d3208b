"""The command around a suite: what it refuses before a call is held."""

from pathlib import Path

import pytest

from cli.main import main

SUITE = """
name = "Desk"
[[case]]
name = "Hours"
[[case.say]]
text = "When do you open?"
"""
NOBODY = ("--api-url", "http://127.0.0.1:9", "--key", "cm_live_none")


@pytest.mark.parametrize("report", ["--junit", "--html"])
def test_a_report_that_could_not_be_written_is_named_before_the_first_call(
    report: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suite, missing = tmp_path / "suite.toml", tmp_path / "reports" / "out"
    suite.write_text(SUITE)

    code = main(["eval", str(suite), report, str(missing), *NOBODY])

    told = capsys.readouterr()
    assert code == 2
    assert f"{missing}: no such folder: {missing.parent}" in told.err
    assert "try 1" not in told.err


def test_what_was_found_is_told_also_where_a_report_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suite = tmp_path / "suite.toml"
    suite.write_text(SUITE)

    code = main(["eval", str(suite), "--junit", str(tmp_path), *NOBODY])

    told = capsys.readouterr()
    assert code == 2
    assert "Hours, try 1: http://127.0.0.1:9" in told.out
    assert f"{tmp_path}: Is a directory" in told.err
