"""The example server of `docs/widget`: whom it gives a session, and what it keeps to itself."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, TypeAlias

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests import widget_example

pytestmark = pytest.mark.asyncio(loop_scope="session")

Answer: TypeAlias = tuple[int, Any]

KEY: Final = "cm_live_" + "k" * 43
SESSION: Final = {"id": "7c2b9e30", "ws_url": "wss://lk.example.com", "token": "t", "config": {}}


class FakeApi:
    """Answers as it is told, and notes what it was asked."""

    def __init__(self) -> None:
        self.status = 201
        self.asked: list[tuple[str | None, Any]] = []

    async def create(self, request: web.Request) -> web.Response:
        self.asked.append((request.headers.get("Authorization"), await request.json()))
        return web.json_response(SESSION if self.status == 201 else {}, status=self.status)


class Page:
    """A page of the example's own origin, or one that says it is of another."""

    def __init__(self, origin: str, http: aiohttp.ClientSession) -> None:
        self.origin = origin
        self.http = http

    async def call(self, body: object, headers: Mapping[str, str] | None = None) -> Answer:
        given = {"Origin": self.origin, **(headers or {})}
        async with self.http.post(f"{self.origin}/call", json=body, headers=given) as answer:
            return answer.status, await answer.json()


@pytest_asyncio.fixture(loop_scope="session")
async def api() -> FakeApi:
    return FakeApi()


@pytest_asyncio.fixture(loop_scope="session")
async def page(api: FakeApi) -> AsyncIterator[Page]:
    app = web.Application()
    app.router.add_post("/v1/voice/sessions", api.create)
    async with (
        TestServer(app) as server,
        widget_example.running(str(server.make_url("")).rstrip("/"), KEY, "bot-1") as origin,
        aiohttp.ClientSession() as http,
    ):
        yield Page(origin, http)


async def test_the_page_gets_what_it_needs_and_no_more(page: Page, api: FakeApi) -> None:
    answered = await page.call({"language": "hi"})

    assert answered == (200, {name: SESSION[name] for name in ("id", "ws_url", "token")})
    assert api.asked == [(f"Bearer {KEY}", {"language": "hi-IN", "bot_id": "bot-1"})]


async def test_scripts_of_other_pages_get_nothing(page: Page, api: FakeApi) -> None:
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Content-Type": "text/plain"},
    ):
        assert (await page.call({"language": "en"}, headers))[0] == 403
    assert api.asked == []


async def test_a_visitor_calls_five_times_then_waits(page: Page, api: FakeApi) -> None:
    answered = [(await page.call({"language": "en"}))[0] for _ in range(6)]

    assert answered == [200] * 5 + [429]
    assert len(api.asked) == 5


@pytest.mark.parametrize(
    ("status", "told"), [(402, 402), (429, 429), (503, 503), (401, 502), (403, 502), (422, 502)]
)
async def test_only_what_a_caller_can_do_something_about_is_passed_on(
    page: Page, api: FakeApi, status: int, told: int
) -> None:
    api.status = status

    assert await page.call({"language": "en"}) == (told, {"error": told})


@pytest.mark.parametrize("body", [[], ["en"], "en", {}, 1])
async def test_a_body_that_no_widget_sends_is_refused(
    page: Page, api: FakeApi, body: object
) -> None:
    assert (await page.call(body))[0] == 400
    assert api.asked == []


@pytest.mark.parametrize("path", ["/", "/hi"])
async def test_the_key_is_in_no_page(page: Page, path: str) -> None:
    async with page.http.get(f"{page.origin}{path}") as answer:
        text, policy = await answer.text(), answer.headers["Content-Security-Policy"]

    assert KEY not in text
    assert "/widget.js" in text
    assert "unsafe" not in policy
