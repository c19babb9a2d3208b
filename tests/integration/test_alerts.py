"""Prometheus's own judgement of the alert rules."""

import subprocess

import pytest

from tests.conftest import missing
from tests.servers import ROOT, MissingServer, promtool_binary


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "--lint=all", "--lint-fatal", "rules.yml"),
        ("test", "rules", "rules_test.yml"),
    ],
    ids=" ".join,
)
def test_promtool_finds_no_fault(arguments: tuple[str, ...]) -> None:
    try:
        promtool = promtool_binary()
    except MissingServer as problem:
        missing(problem)
        return
    done = subprocess.run(
        [promtool, *arguments],
        cwd=ROOT / "deploy/prometheus",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
