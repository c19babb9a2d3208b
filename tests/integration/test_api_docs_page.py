"""The description and the page that shows it."""

import re

import pytest

from tests.integration.api import Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

OPEN = {"Authorization": None}
FILES = {
    "/docs": "text/html; charset=utf-8",
    "/docs/docs.js": "text/javascript; charset=utf-8",
    "/docs/docs.css": "text/css; charset=utf-8",
}


async def test_the_description_is_open_to_all(api: Api) -> None:
    answer = await api.get("/openapi.json", headers=OPEN)

    assert (answer.status, answer.json["openapi"]) == (200, "3.1.0")
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path", FILES)
async def test_the_page_keeps_to_its_own_files(api: Api, path: str) -> None:
    answer = await api.get(path, headers=OPEN)

    assert (answer.status, answer.headers["Content-Type"]) == (200, FILES[path])
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "://" not in answer.body.decode()


async def test_the_page_asks_for_nothing_that_is_not_there(api: Api) -> None:
    page = (await api.get("/docs", headers=OPEN)).body.decode()
    wanted = set(re.findall(r'(?:href|src)="([^"#]+)"', page))

    assert wanted == {"/docs/docs.css", "/docs/docs.js", "/openapi.json", "/console"}
    for path in wanted:
        assert (await api.get(path, headers=OPEN)).status == 200


async def test_the_page_needs_no_inline_code(api: Api) -> None:
    page = (await api.get("/docs", headers=OPEN)).body.decode()
    script = (await api.get("/docs/docs.js", headers=OPEN)).body.decode()

    assert not re.search(r"<script(?![^>]*src=)|style=|<style|\son\w+=", page)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|eval\(|\.style\b", script)


@pytest.mark.parametrize("path", ["/docs/", "/docs/index.html", "/docs/..%2fapp.py", "/docs/%00"])
async def test_nothing_else_is_served_from_the_folder(api: Api, path: str) -> None:
    assert (await api.get(path, headers=OPEN)).status == 404
