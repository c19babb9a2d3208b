"""People look at sessions in the console: they find one, see where its time went, and end it."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e import room
from tests.e2e.accessibility import barriers
from tests.e2e.account import Account, call
from tests.e2e.browser import Tab, opened_tab
from tests.e2e.console_page import ConsolePage
from tests.e2e.past import add_past
from tests.e2e.sessions_page import SessionsPage
from tests.e2e.speech import OPENING_HOURS, spoken
from tests.e2e.system import System

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("providers")]

_log: Final = logging.getLogger(__name__)
DEADLINE_S: Final = 60.0
MANY: Final = 1_000
MOST_ROWS: Final = 80
"""In the document at once, however many sessions there are."""


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser) -> AsyncIterator[Tab]:
    """A tab of somebody who only looks."""
    async with opened_tab(browser) as tab:
        yield tab


@pytest_asyncio.fixture(loop_scope="session")
async def console(tab: Tab, account: Account) -> SessionsPage:
    """The console, signed in for the test's own account."""
    page = ConsolePage(tab.page, account)
    await page.open()
    await page.sign_in(account.key)
    await tab.page.get_by_role("link", name="Sessions", exact=True).click()
    return SessionsPage(tab.page)


async def test_a_live_session_is_found_followed_and_ended(
    console: SessionsPage, tab: Tab, account: Account
) -> None:
    await console.is_live()
    session = await account.create()
    row = console.row(session["id"])
    await expect(row).to_contain_text("created")
    async with call(session) as caller:
        await room.turn(caller, 0)
        await expect(row).to_contain_text("live")
        await console.filter("Status", "active")
        await expect(tab.page).to_have_url(re.compile(r"/console/sessions\?status=active$"))
        await expect(row).to_contain_text(re.compile(r"\d ms"))
        assert await barriers(tab) + await barriers_on_a_phone(tab) == []
        await row.get_by_role("link").click()

        transcript = console.section("Transcript")
        await caller.play(spoken(OPENING_HOURS))
        turn = await room.turn(caller, 1)
        await expect(transcript).to_contain_text(OPENING_HOURS.text)
        await tab.page.get_by_role("button", name="Turn 1, first audio").click()
        await expect(tab.page).to_have_url(re.compile(rf"/{session['id']}\?turn=1$"))
        figures = console.section("Where the time went").get_by_role("status")
        await expect(figures).to_contain_text(f"End of turn{turn.eou_delay_ms} ms")
        assert await barriers(tab) == []

        await tab.page.get_by_role("button", name="End session").click()
        await tab.page.get_by_role("button", name="End it").click()
        await expect(tab.page.get_by_text("The session was ended through the API.")).to_be_visible()
    assert (await account.ended(session["id"]))["end_reason"] == "api_delete"
    await expect(console.section("Cost")).to_contain_text("Recognition")
    await tab.page.get_by_role("link", name="All sessions").click()
    await expect(tab.page.get_by_text("No sessions match")).to_be_visible()
    assert tab.problems == []


async def barriers_on_a_phone(tab: Tab) -> list[str]:
    """What axe finds on a narrow screen in Hindi; the page is as it was afterwards."""
    size, language = tab.page.viewport_size, tab.page.locator("header select").first
    assert size is not None
    await tab.page.set_viewport_size({"width": 360, "height": 740})
    await language.select_option("hi")
    found = await barriers(tab)
    await language.select_option("en")
    await tab.page.set_viewport_size(size)
    return found


async def test_somebody_listens_in_and_leaves_no_trace(
    console: SessionsPage, tab: Tab, account: Account
) -> None:
    session = await account.create()
    async with call(session) as caller:
        await room.turn(caller, 0)
        await tab.page.goto(f"{account.url}/console/sessions/{session['id']}")
        await tab.page.get_by_role("button", name="Listen in").click()
        await expect(tab.page.get_by_text("You hear both sides")).to_be_visible()
        await caller.play(spoken(OPENING_HOURS))
        await tab.agent_is_heard()
        await tab.page.get_by_role("button", name="Stop listening").click()
        await expect(tab.page.locator("audio")).to_have_count(0)
        await room.turn(caller, 1)
    assert (await account.ended(session["id"]))["end_reason"] == "caller_hangup"
    assert tab.problems == []


async def test_a_thousand_sessions_are_scrolled_and_the_slowest_turn_is_a_click_away(
    console: SessionsPage, tab: Tab, account: Account, system: System
) -> None:
    await add_past(system, account, MANY)
    await tab.page.reload()
    await expect(tab.page.get_by_text(f"{MANY + 1:,} sessions")).to_be_visible()
    for _ in range(3):
        measured = await console.scroll(1.5)
        _log.info("1,001 sessions scrolled: %s", measured)
        assert 0 < int(str(measured["most"])) < MOST_ROWS
    async with asyncio.timeout(DEADLINE_S):
        while not await console.has_row_of(MANY + 1):
            await tab.page.keyboard.press("End")
            await tab.page.wait_for_timeout(50)
    assert await console.rows().count() < MOST_ROWS

    await tab.page.get_by_role("link", name="Latency", exact=True).click()
    slowest = console.section("Slowest turns").get_by_role("link").first
    await expect(slowest).to_be_visible()
    await tab.page.get_by_text("Show as a table").click()
    assert await barriers(tab) == []
    await slowest.click()
    await expect(tab.page).to_have_url(re.compile(r"/console/sessions/[0-9a-f-]{36}\?turn=1$"))
    chosen = tab.page.get_by_role("button", name="Turn 1, first audio", pressed=True)
    await expect(chosen).to_be_visible()
    assert tab.problems == []


async def test_a_link_to_nothing_says_so(console: SessionsPage, tab: Tab, account: Account) -> None:
    await tab.page.goto(f"{account.url}/console/sessions/00000000-0000-4000-8000-000000000000")
    await expect(tab.page.get_by_role("heading", level=1)).to_have_text("There is no such session")
    await tab.page.get_by_role("link", name="See all sessions").click()
    await expect(tab.page.get_by_text("No sessions yet")).to_be_visible()
    assert all("404" in problem for problem in tab.problems)
