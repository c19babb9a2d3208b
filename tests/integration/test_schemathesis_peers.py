"""What Schemathesis finds of one tenant's as another: nothing."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.integration.api import Api, running_api
from tests.integration.schemathesis_run import run_schemathesis

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.lengthy]

_CONFIG: Final = Path(__file__).parent / "schemathesis_peers.toml"


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
        code, written = await run_schemathesis(asha, _CONFIG, checks, secrets, tmp_path)

    assert code == 0, written
    assert "No issues found" in written, written


def _known(name: str, api: Api) -> dict[str, Any]:
    """A user of Schemathesis with the rights of the tenant's owner."""
    header = {"name": "Authorization", "value": f"Bearer {api.token()}"}
    return {"name": name, "fixedHeaders": [header]}
