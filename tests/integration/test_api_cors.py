"""Answers to pages of other origins, for keys that are meant for some pages only."""

import pytest

from tests.integration.api import SESSIONS, Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHOP = "https://shop.example"


@pytest.mark.parametrize("domains", ["shop.example", "https://shop.example, x.example"])
@pytest.mark.parametrize("path", [SESSIONS, f"{SESSIONS}/nothing", f"{SESSIONS}?limit=0"])
async def test_a_listed_page_may_read_answers_and_errors(api: Api, domains: str, path: str) -> None:
    key = await api.new_key(allowed_domains=domains)

    answer = await api.get(path, headers={"Authorization": f"Bearer {key}", "Origin": SHOP})

    assert answer.status in {200, 404, 422}
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert answer.headers["Vary"] == "Origin"
    assert "X-Total-Count" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://shop.example.evil"])
async def test_another_page_is_refused_and_may_not_even_read_that(api: Api, origin: str) -> None:
    key = await api.new_key(allowed_domains="shop.example")

    answer = await api.get(SESSIONS, headers={"Authorization": f"Bearer {key}", "Origin": origin})

    assert (answer.status, answer.code) == (403, "domain_not_allowed")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Vary"] == "Origin"


async def test_an_origin_that_fits_no_header_is_not_repeated(api: Api) -> None:
    key = await api.new_key(allowed_domains="shop.example")
    hostile = f"{SHOP}/\xff"

    answer = await api.get(SESSIONS, headers={"Authorization": f"Bearer {key}", "Origin": hostile})

    assert answer.status < 500
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_key_for_all_pages_answers_all_alike(api: Api) -> None:
    answer = await api.get(SESSIONS, headers={"Origin": SHOP})

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Vary" not in answer.headers
