"""A benchmark as a command, and the result that it wrote."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

from tests.conftest import missing
from tests.servers import ROOT, MissingServer, livekit_server_binary

DEADLINE_S: Final = 400.0


async def written_by(module: str, *options: str, folder: Path) -> dict[str, Any]:
    """The result of a run that exits with 0."""
    try:
        env = {**os.environ, "LIVEKIT_SERVER_BIN": str(livekit_server_binary())}
    except MissingServer as problem:
        missing(problem)
    target = folder / "result.json"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"benchmarks.{module}", *options, "--json", str(target)),
        cwd=ROOT,
        env=env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(DEADLINE_S):
        output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    result: dict[str, Any] = json.loads(target.read_text())
    return result
