"""What Schemathesis finds between the API and its description: nothing."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from sandbox.script import parse_script
from sandbox.server import serve
from tests.integration.api import Api, running_api
from tests.servers import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="session")

_PROGRAM: Final = str(Path(sys.executable).with_name("schemathesis"))
_CONFIG: Final = Path(__file__).parent / "schemathesis.toml"
_PEERS: Final = Path(__file__).parent / "schemathesis_peers.toml"
_OPTIONS: Final = ("--no-color", "--warnings", "off")
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
        secrets = {"VAARTA_KEY": await api.new_key(scopes=_SCOPES), "VAARTA_JWT": api.token()}
        code, written = await run_schemathesis(api, _CONFIG, ("all",), secrets, tmp_path)

    assert code == 0, written
    assert "No issues found" in written, written


async def test_schemathesis_finds_no_way_to_what_belongs_to_another_tenant(
    dsn: str, api_env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control_api.sessions.creation.CREATES_PER_MINUTE", 1_000_000)
    env = {**api_env, "DATABASE_URL": dsn, "WEBHOOK_ALLOW_PRIVATE": "true"}

    async with running_api(env) as asha, running_api(env) as ravi:
        tenants = tmp_path / "tenants.json"
        tenants.write_text(json.dumps({"auth": [_known("asha", asha), _known("ravi", ravi)]}))
        secrets = {"VAARTA_TENANTS": str(tenants)}
        checks = ("object_level_authorization",)
        code, written = await run_schemathesis(asha, _PEERS, checks, secrets, tmp_path)

    assert code == 0, written
    assert "No issues found" in written, written


def _known(name: str, api: Api) -> dict[str, Any]:
    """A user of Schemathesis with the rights of the tenant's owner."""
    header = {"name": "Authorization", "value": f"Bearer {api.token()}"}
    return {"name": name, "fixedHeaders": [header]}


async def run_schemathesis(
    api: Api, config: Path, checks: Sequence[str], secrets: Mapping[str, str], folder: Path
) -> tuple[int, str]:
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
