"""What Schemathesis finds between the API and its description: nothing."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

import pytest

from sandbox.script import parse_script
from sandbox.server import serve
from tests.integration.api import Api, running_api
from tests.servers import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="session")

_PROGRAM: Final = str(Path(sys.executable).with_name("schemathesis"))
_CONFIG: Final = str(Path(__file__).parent / "schemathesis.toml")
_OPTIONS: Final = ("--checks", "all", "--no-color", "--warnings", "off")
_SCOPES: Final = "bots:read,bots:write,webhooks:write,usage:read,sessions:listen"
_DEADLINE_S: Final = 280.0


async def test_schemathesis_finds_nothing(
    dsn: str, api_env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Ten a minute, and the rest of the creates would be refused unseen.
    monkeypatch.setattr("control_api.sessions.creation.CREATES_PER_MINUTE", 1_000_000)
    env = {**api_env, "DATABASE_URL": dsn, "WEBHOOK_ALLOW_PRIVATE": "true"}
    voice = parse_script({"tts": {"first_byte_ms": 0, "realtime_factor": 10_000}})

    async with (
        serve(voice) as sandbox,
        running_api({**env, "SARVAM_API_URL": sandbox.http_url}) as api,
    ):
        key = await api.new_key(scopes=_SCOPES)
        code, written = await run_schemathesis(api, key, tmp_path)

    assert code == 0, written
    assert "No issues found" in written, written


async def run_schemathesis(api: Api, key: str, folder: Path) -> tuple[int, str]:
    secrets = {"VAARTA_KEY": key, "VAARTA_JWT": api.token(), "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        *(_PROGRAM, "--config-file", _CONFIG, "run", *_OPTIONS),
        f"http://127.0.0.1:{api.port}/openapi.json",
        cwd=folder,
        env={**os.environ, **secrets},
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
