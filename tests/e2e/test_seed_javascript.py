"""The JavaScript sample of the API's documentation, as it stands there, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.e2e.account import Account
from tests.e2e.browser import Tab, opened_tab
from tests.e2e.bundle import build, served
from tests.e2e.scripts import HOURS
from tests.e2e.speech import OPENING_HOURS
from tests.eventually import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("providers")]

SAMPLE: Final = Path(__file__).with_name("seed_sample.js").read_text(encoding="utf-8")
HOST: Final = "https://api.callmissed.com"
KEY: Final = "cm_your_api_key"


@pytest_asyncio.fixture(loop_scope="session")
async def sample_url(account: Account, tmp_path: Path) -> AsyncIterator[str]:
    """A page of another origin, with nothing in it but the sample."""
    assert SAMPLE.count(HOST) == SAMPLE.count(KEY) == 1
    script = SAMPLE.replace(HOST, account.url).replace(KEY, account.key)
    async with served(await build(script, tmp_path)) as url:
        yield url


async def test_the_sample_prints_both_sides_and_plays_the_agent(
    browser: Browser, sample_url: str, account: Account
) -> None:
    async with opened_tab(browser) as tab:
        await tab.page.goto(sample_url)
        greeting = await said(tab, 1)
        session = (await account.listed())[0]
        await account.turns_stored(session["id"], 1)
        await tab.allow_microphone()
        await tab.agent_is_heard()
        spoken_lines = await said(tab, 3)
        await account.turns_stored(session["id"], 2)
        assert tab.problems == []
    ended = await account.ended(session["id"])
    turns = await account.turns(session["id"])

    assert greeting == [f"Agent: {session['config']['greeting']}"]
    assert spoken_lines == [*greeting, f"You: {OPENING_HOURS.text}", f"Agent: {HOURS}"]
    assert [turn["user_transcript"] for turn in turns] == ["", OPENING_HOURS.text]
    assert (ended["status"], ended["end_reason"]) == ("completed", "caller_hangup")


async def said(tab: Tab, count: int) -> list[str]:
    """What the sample printed, once that is `count` lines."""

    async def is_printed() -> bool:
        return len(tab.said) >= count

    await eventually(is_printed, what=f"{count} printed lines")
    return list(tab.said)
