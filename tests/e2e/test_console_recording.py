"""People hear a recorded session on its page: from a turn, a word, a moment that a link names."""

import json
import re
from collections.abc import AsyncIterator
from typing import Final
from zipfile import ZipFile

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize, expect

from tests.e2e import room
from tests.e2e.accessibility import barriers
from tests.e2e.account import Account, Json, call
from tests.e2e.browser import Tab, opened_tab
from tests.e2e.console_page import ConsolePage
from tests.e2e.recording_page import RecordingPage
from tests.e2e.recordings import recording
from tests.e2e.speech import OPENING_HOURS, spoken

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("providers")]

NEAR_PX: Final = 30
"""Some 150 ms of a session of six seconds: a turn's speech may end 100 ms beside its last sound."""
PHONE: Final = ViewportSize(width=360, height=740)


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser) -> AsyncIterator[Tab]:
    """A tab that may copy."""
    async with opened_tab(browser) as tab:
        await tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield tab


@pytest_asyncio.fixture(loop_scope="session")
async def recorded(account: Account) -> Json:
    """A session in which somebody asked about opening hours, once its recording is stored."""
    session = await account.create(record=True)
    async with call(session) as caller:
        await room.greeted(caller)
        await caller.play(spoken(OPENING_HOURS))
        await room.turn(caller, 1)
        await account.delete(session["id"])
    await recording(account, session["id"])
    return session


async def test_a_recorded_session_is_seen_and_heard_from_a_turn_a_word_and_a_link(
    tab: Tab, account: Account, recorded: Json
) -> None:
    await ConsolePage(tab.page, account).open_signed_in()
    heard = RecordingPage(tab.page)
    await heard.open(f"{account.url}/console/sessions/{recorded['id']}")
    assert await heard.distance_px("callerSound", "caller") < NEAR_PX
    assert await heard.distance_px("agentSound", "playing") < NEAR_PX
    assert await barriers(tab) == []

    turn = (await account.turns(recorded["id"]))[1]
    begun_s, ended_s = turn["started_at_ms"] / 1000, turn["ended_at_ms"] / 1000
    await tab.page.get_by_role("button", name="Hear Turn 1").click()
    await heard.was_sent_to(begun_s - 0.1, begun_s + 0.1)
    await heard.sounds_within(begun_s, ended_s)
    await expect(heard.button("Play")).to_be_visible()
    await expect(tab.page).to_have_url(re.compile(r"\?turn=1$"))
    await expect(heard.exchange(1)).to_have_attribute("aria-current", "true")

    answered_s = (turn["speech_ended_at_ms"] + turn["first_audio_ms"]) / 1000
    await heard.word("nine").click()
    await heard.was_sent_to(answered_s, ended_s)
    await heard.sounds_within(answered_s, ended_s)
    await expect(heard.exchange(1).locator("[data-heard=true]")).to_be_visible()
    await heard.place.press("Home")
    await heard.place.press("ArrowRight")
    await heard.place.press("ArrowRight")
    await expect(heard.place).to_have_attribute("aria-valuetext", re.compile(r"^0:02 of 0:\d\d$"))

    await heard.button("Copy link to this moment").click()
    await expect(tab.page.get_by_text("The link was copied")).to_be_visible()
    link = await tab.page.evaluate("navigator.clipboard.readText()")
    assert link.endswith("&at=2000")
    async with tab.page.expect_download() as download:
        await heard.button("Everything as one file").click()
    with ZipFile(await (await download.value).path()) as whole:
        assert json.loads(whole.read("transcript.json")) == await account.turns(recorded["id"])
        assert whole.read("recording.ogg").startswith(b"OggS")

    await tab.page.set_viewport_size(PHONE)
    await heard.open(link)
    await expect(heard.place).to_have_attribute("aria-valuetext", re.compile("^0:02 of"))
    assert await heard.is_within(PHONE["width"])
    assert await heard.shows_whole("Cost")
    assert await barriers(tab) == []
    assert tab.problems == []


async def test_a_word_of_a_recorded_session_is_come_to_and_heard_by_keyboard(
    tab: Tab, account: Account, recorded: Json
) -> None:
    await ConsolePage(tab.page, account).open_signed_in()
    heard = RecordingPage(tab.page)
    await heard.open(f"{account.url}/console/sessions/{recorded['id']}?turn=1")
    turn = (await account.turns(recorded["id"]))[1]
    first, last = turn["user_transcript"].split()[0], turn["agent_response"].split()[-1]
    focused = tab.page.locator(":focus")

    await heard.button("Hear Turn 1").focus()
    await tab.page.keyboard.press("Tab")
    await expect(focused).to_have_text(first)
    await expect(focused).to_have_role("button")
    await tab.page.keyboard.press("ArrowUp")
    await expect(heard.exchange(0).locator(":focus")).to_be_visible()
    await tab.page.keyboard.press("ArrowDown")
    await tab.page.keyboard.press("End")
    await expect(focused).to_have_text(last)
    await expect(focused).to_have_css("outline-style", "solid")
    await tab.page.keyboard.press("Enter")

    answered_s = (turn["speech_ended_at_ms"] + turn["first_audio_ms"]) / 1000
    await heard.was_sent_to(answered_s, turn["ended_at_ms"] / 1000)
    await expect(heard.button("Pause")).to_be_visible()
    await heard.button("Pause").click()
    assert await barriers(tab) == []
    await tab.page.get_by_label("Language of this console").select_option("hi")
    await tab.page.set_viewport_size(PHONE)
    await expect(heard.exchange(1).get_by_role("button", name=last)).to_be_attached()
    assert await heard.is_within(PHONE["width"])
    assert await heard.shows_whole("ख़र्च")
    assert await barriers(tab) == []
    assert tab.problems == []
