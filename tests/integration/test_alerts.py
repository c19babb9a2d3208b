"""Prometheus's own judgement of the alert rules."""

import os
import shutil
import subprocess

import pytest

from tests.servers import ROOT

PROMTOOL = os.environ.get("PROMTOOL") or shutil.which("promtool")

# It takes ten minutes of CPU to build, so that not even CI does; tests/unit/deploy checks the rest.
pytestmark = pytest.mark.skipif(
    PROMTOOL is None,
    reason="promtool: go install github.com/prometheus/prometheus/cmd/promtool@v0.316.0",
)


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
    assert PROMTOOL is not None
    done = subprocess.run(
        [PROMTOOL, *arguments],
        cwd=ROOT / "deploy/prometheus",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
