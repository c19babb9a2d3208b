"""The command line, as an operator runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.servers import ROOT


def run(
    dsn: str, folder: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": dsn}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        cwd=folder,
        env={**own, **(env or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def told(dsn: str, folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Any:
    """What it says with `--json`."""
    done = run(dsn, folder, *arguments, "--json", env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
