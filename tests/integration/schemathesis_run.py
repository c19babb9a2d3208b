"""Schemathesis as a command, against the API under test."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.integration.api import Api
from tests.servers import ROOT

_PROGRAM: Final = str(Path(sys.executable).with_name("schemathesis"))
_OPTIONS: Final = ("--no-color", "--warnings", "off")
_DEADLINE_S: Final = 280.0


async def run_schemathesis(
    api: Api, config: Path, checks: Sequence[str], secrets: Mapping[str, str], folder: Path
) -> tuple[int, str]:
    """Its exit code and what it wrote, below `folder`."""
    process = await asyncio.create_subprocess_exec(
        *(_PROGRAM, "--config-file", str(config), "run", "--checks", ",".join(checks), *_OPTIONS),
        f"http://127.0.0.1:{api.port}/openapi.json",
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **secrets},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(_DEADLINE_S):
            written, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, written.decode()
