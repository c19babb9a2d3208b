"""The suite that ships, held with a whole development system and its own model."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.conftest import missing
from tests.dev_process import DevProcess
from tests.engines import require_engines
from tests.servers import ROOT, MissingServer

pytestmark = pytest.mark.lengthy

SUITE = ROOT / "evals/demo.toml"
FACT = "We open from nine in the morning to seven in the evening, Monday to Saturday."
DEADLINE_S = 300.0


@pytest.fixture
def dev(tmp_path: Path) -> Iterator[DevProcess]:
    """A development system whose sandbox answers from what it is told."""
    require_engines()
    try:
        run = DevProcess(tmp_path, log="output.log", env={}, has_engines=True)
    except MissingServer as exc:
        missing(exc)
        return
    yield run
    run.kill()


async def held(suite: Path, ready: dict[str, Any], *options: str) -> tuple[int, dict[str, Any]]:
    """What `vaarta eval` came to: its exit code, and what it tells a program."""
    address = {"VAARTA_API_URL": ready["api_url"], "VAARTA_API_KEY": ready["api_key"]}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "cli.main", "eval", str(suite), "--json", *options),
        cwd=ROOT,
        env={**os.environ, **address},
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(DEADLINE_S):
        output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, json.loads(output)


async def test_the_demos_suite_is_green_and_red_once_the_prompt_lacks_a_fact(
    dev: DevProcess, tmp_path: Path
) -> None:
    ready = await dev.ready()
    report, page = tmp_path / "report.xml", tmp_path / "report.html"
    written = ("--at-once", "2", "--junit", str(report), "--html", str(page))

    code, told = await held(SUITE, ready, *written)
    assert (code, told["passed"]) == (0, True), told
    assert ElementTree.parse(report).getroot().get("failures") == "0"
    assert "Lotus Dental" in page.read_text()

    broken = tmp_path / "broken.toml"
    text = SUITE.read_text()
    assert FACT in text
    broken.write_text(text.replace(FACT, ""))
    code, told = await held(broken, ready, "--case", "Opening hours")
    assert code == 1
    (case,) = told["cases"]
    assert case["tries"][0]["failures"][0].startswith("say 1: says: 'nine' is not in")
