"""The status of dependencies over HTTP: what is well, what to do, and how seldom they are asked."""

import asyncio

import pytest

from control_api.health import board as status
from sandbox.script import parse_script
from sandbox.server import serve
from tests.integration.api import Api, running_api
from tests.servers import free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

STATUS = "/api/v1/status"
NAMES = [
    "postgres",
    "livekit",
    "sarvam rest",
    "sarvam sockets",
    "llm sarvam",
    "llm openrouter",
]
ONE_MODEL = {
    "LLM_CLARIFAI_API_KEY": "",
    "LLM_MOONSHOT_API_KEY": "",
    "LLM_LOCAL_API_KEY": "",
    "LLM_OPENROUTER_API_KEY": "secret-key-of-openrouter",
}


def providers(url: str) -> dict[str, str]:
    return {
        **ONE_MODEL,
        "SARVAM_API_URL": url,
        "SARVAM_WS_URL": url.replace("http", "ws"),
        "LLM_SARVAM_URL": f"{url}/upstreams/sarvam/v1",
        "LLM_OPENROUTER_URL": f"{url}/upstreams/openrouter/v1",
    }


async def test_every_dependency_is_told_with_version_and_latency(api_env: dict[str, str]) -> None:
    async with (
        serve(parse_script({})) as sandbox,
        running_api({**api_env, **providers(sandbox.http_url)}) as api,
    ):
        answer = await api.get(STATUS)

    assert (answer.status, answer.json["ok"]) == (200, True)
    checks = {one["name"]: one for one in answer.json["checks"]}
    assert list(checks) == NAMES
    assert all(one["ok"] and one["hint"] is None for one in checks.values())
    assert all(one["latency_ms"] >= 0 for one in checks.values())
    assert checks["postgres"]["version"] is not None
    assert checks["livekit"]["version"] is not None
    # Of the keys of this environment only OpenRouter's is one that a provider gave out.
    replaced = {name for name, one in checks.items() if one["stand_in"]}
    assert replaced == {"sarvam rest", "sarvam sockets", "llm sarvam"}


async def test_what_is_away_says_what_to_do_and_no_address_or_key(api_env: dict[str, str]) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    env = {**api_env, **providers(f"http://user:pass@{nobody}")}
    async with running_api(env) as api:
        answer = await api.get(STATUS)

    assert (answer.status, answer.json["ok"]) == (200, False)
    away = [one for one in answer.json["checks"] if not one["ok"]]
    assert [one["name"] for one in away] == NAMES[2:]
    assert all(one["hint"] and one["latency_ms"] is None for one in away)
    assert "LLM_OPENROUTER_URL" in away[-1]["hint"]
    text = answer.body.decode()
    for secret in (nobody, "pass", "secret-key", "postgresql://"):
        assert secret not in text


async def test_dependencies_are_asked_once_for_all_who_want_to_know(
    api_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        serve(parse_script({})) as sandbox,
        running_api({**api_env, **providers(sandbox.http_url)}) as api,
    ):
        looks = await asyncio.gather(*(api.get(STATUS) for _ in range(10)))
        asked = len(sandbox.requests)
        monkeypatch.setattr(status, "FRESH_S", 0.0)
        await api.get(STATUS)

        assert len({one.json["checked_at"] for one in looks}) == 1
        assert len(sandbox.requests) == 2 * asked


async def test_it_takes_a_manager_or_a_key(api: Api) -> None:
    agent = {"Authorization": f"Bearer {api.token(role='agent')}"}

    assert (await api.get(STATUS, headers={"Authorization": None})).status == 401
    assert (await api.get(STATUS, headers=agent)).status == 403
    assert (await api.get(STATUS, headers={"Authorization": f"Bearer {api.token()}"})).status == 200
