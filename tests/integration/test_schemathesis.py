"""What Schemathesis finds between the API and its description: nothing."""

from pathlib import Path
from typing import Final

import pytest

from sandbox.script import parse_script
from sandbox.server import serve
from tests.integration.api import running_api
from tests.integration.schemathesis_run import run_schemathesis

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.lengthy]

_CONFIG: Final = Path(__file__).parent / "schemathesis.toml"
_SCOPES: Final = "bots:read,bots:write,webhooks:write,usage:read,sessions:listen"


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
