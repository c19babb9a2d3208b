"""The console's page, its files, and the key and token that it may be given."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from control_api.app import build_app
from core.catalog import Catalog
from core.settings import Settings
from tests.integration.api import Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

Client: TypeAlias = TestClient[Any, Any]

KEY = "cm_live_" + "k" * 43
NOTHING = {"api_key": None, "jwt": None}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built = tmp_path / "console"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>Vaarta console</title>")
    (built / "assets" / "main-1a2b.js").write_text("export {};")
    (built / "assets" / "main-1a2b.js.br").write_bytes(b"brotli")
    (built / "assets" / "main-1a2b.js.gz").write_bytes(b"gzip")
    (tmp_path / "secret.txt").write_text("not for the web")
    return built


@pytest_asyncio.fixture(loop_scope="session")
async def client(api: Api, api_env: dict[str, str], folder: Path) -> AsyncIterator[Client]:
    env = {**api_env, "CONSOLE_API_KEY": KEY, "CONSOLE_TENANT_ID": str(api.tenant_id)}
    settings = Settings.from_env(env, dotenv=None)
    app = build_app(settings, Catalog.load(), built_folder=folder.parent)
    async with TestClient(TestServer(app), auto_decompress=False) as client:
        yield client


async def told(client: Client, **headers: str) -> dict[str, str | None]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.get("/console/config.json", headers=named) as answer:
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-store"
        body: dict[str, str | None] = await answer.json()
        return body


@pytest.mark.parametrize("path", ["/console", "/console/"])
async def test_the_page_comes_with_a_strict_policy(client: Client, path: str) -> None:
    async with client.get(path) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert "Vaarta console" in await answer.text()
        policy = answer.headers["Content-Security-Policy"]
        assert "connect-src 'self' wss://livekit.example.com https://livekit.example.com" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == "no-cache"


async def test_built_files_are_kept_by_browsers(client: Client) -> None:
    async with client.get("/console/assets/main-1a2b.js") as answer:
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert "javascript" in answer.content_type


@pytest.mark.parametrize(
    ("takes", "encoding", "sent"),
    [
        ("gzip, deflate, br, zstd", "br", b"brotli"),
        ("gzip", "gzip", b"gzip"),
        ("identity", None, b"export {};"),
    ],
)
async def test_built_files_are_sent_as_small_as_the_browser_takes_them(
    client: Client, takes: str, encoding: str | None, sent: bytes
) -> None:
    path, headers = "/console/assets/main-1a2b.js", {"Accept-Encoding": takes}
    async with client.get(path, headers=headers) as answer:
        assert answer.headers.get("Content-Encoding") == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "javascript" in answer.content_type
        assert await answer.read() == sent


@pytest.mark.parametrize("path", ["sessions", "sessions/7c2b9e30-1D8a", "setup/keys/"])
async def test_a_page_can_be_opened_by_its_own_address(client: Client, path: str) -> None:
    async with client.get(f"/console/{path}") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["assets", "assets/gone", "missing.js", "../secret.txt", "..%2fsecret.txt"]
)
async def test_nothing_else_is_served(client: Client, path: str) -> None:
    async with client.get(f"/console/{path}") as answer:
        assert answer.status == 404
        assert (await answer.json())["error"]["code"] == "not_found"


async def test_a_console_that_is_not_built_says_so(api_env: dict[str, str], tmp_path: Path) -> None:
    settings = Settings.from_env(api_env, dotenv=None)
    app = build_app(settings, Catalog.load(), built_folder=tmp_path)
    async with TestClient(TestServer(app)) as client, client.get("/console") as answer:
        assert answer.status == 200
        assert "not built" in await answer.text()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "localhost:8080"},
        {"Host": "[::1]:8080"},
        {"Sec_Fetch_Site": "same-origin"},
        {"Sec_Fetch_Site": "none"},
        {"Host": "localhost:8080", "Origin": "http://localhost:8080"},
    ],
    ids=str,
)
async def test_a_page_on_this_machine_is_given_key_and_token(
    client: Client, headers: dict[str, str]
) -> None:
    config = await told(client, **headers)
    assert config["api_key"] == KEY
    assert config["jwt"] is not None


async def test_the_token_is_the_owners_of_the_named_tenant(client: Client, api: Api) -> None:
    token = (await told(client))["jwt"]
    answer = await api.get("/api/v1/keys", headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 200
    assert [one["name"] for one in answer.json] == ["first"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8080"},
        {"Host": "localhost.evil.example"},
        {"Host": "[::1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Host": "localhost:8080", "Origin": "http://localhost:3000"},
        {"Host": "localhost:8080", "Origin": "null"},
    ],
    ids=str,
)
async def test_any_other_page_is_not(client: Client, headers: dict[str, str]) -> None:
    assert await told(client, **headers) == NOTHING


async def test_without_either_in_the_settings_there_is_none_to_give(api: Api) -> None:
    answer = await api.get("/console/config.json")

    assert answer.json == NOTHING
    assert "Access-Control-Allow-Origin" not in answer.headers
