"""The widget's files, as pages of other origins are given them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from control_api.app import build_app
from core.catalog import Catalog
from core.settings import Settings

pytestmark = pytest.mark.asyncio(loop_scope="session")

Client: TypeAlias = TestClient[Any, Any]

SCRIPT, CALL, PRESENT = "/widget.js", "/widget/call-1a_2-B.js", "/widget/call.js"


@pytest_asyncio.fixture(loop_scope="session")
async def client(api_env: dict[str, str], tmp_path: Path) -> AsyncIterator[Client]:
    built = tmp_path / "widget"
    built.mkdir()
    for name in ("widget.js", "call-1a_2-B.js"):
        (built / name).write_text("plain")
        (built / f"{name}.br").write_bytes(b"brotli")
        (built / f"{name}.gz").write_bytes(b"gzip")
    (tmp_path / "secret.js").write_text("not for the web")
    settings = Settings.from_env(api_env, dotenv=None)
    app = build_app(settings, Catalog.load(), built_folder=tmp_path)
    async with TestClient(TestServer(app), auto_decompress=False) as client:
        yield client


@pytest.mark.parametrize("path", [SCRIPT, CALL, PRESENT])
async def test_pages_of_every_origin_may_run_it(client: Client, path: str) -> None:
    async with client.get(path, headers={"Origin": "https://shop.example"}) as answer:
        assert (answer.status, answer.content_type) == (200, "text/javascript")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", [SCRIPT, CALL, PRESENT])
@pytest.mark.parametrize(
    ("takes", "encoding", "sent"),
    [
        ("gzip, deflate, br, zstd", "br", b"brotli"),
        ("gzip", "gzip", b"gzip"),
        ("identity", None, b"plain"),
    ],
)
async def test_it_is_sent_as_small_as_the_browser_takes_it(
    client: Client, path: str, takes: str, encoding: str | None, sent: bytes
) -> None:
    async with client.get(path, headers={"Accept-Encoding": takes}) as answer:
        assert answer.headers.get("Content-Encoding") == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.content_type == "text/javascript"
        assert await answer.read() == sent


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        (SCRIPT, "no-cache"),
        (CALL, "public, max-age=31536000, immutable"),
        (PRESENT, "no-cache"),
    ],
)
async def test_what_has_its_hash_in_its_name_is_kept(client: Client, path: str, kept: str) -> None:
    async with client.get(path) as answer:
        assert answer.headers["Cache-Control"] == kept
        seen = {"If-None-Match": answer.headers["ETag"]}
    async with client.get(path, headers=seen) as again:
        assert again.status == 304
        assert again.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        "/widget",
        "/widget/",
        "/widget/call-gone.js",
        "/widget/widget.js",
        "/widget/call-1a_2-B.js.br",
        "/widget/../secret.js",
        "/widget/..%2fsecret.js",
        "/widget/%00.js",
    ],
)
async def test_nothing_else_is_served(client: Client, path: str) -> None:
    async with client.get(path) as answer:
        assert answer.status == 404
        assert (await answer.json())["error"]["code"] == "not_found"
        assert "immutable" not in answer.headers["Cache-Control"]
