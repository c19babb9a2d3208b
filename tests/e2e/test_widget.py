"""People call from a page of another origin, whose server alone holds the key."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import pytest
from playwright.async_api import Browser, Locator, expect

from tests import widget_example
from tests.e2e.accessibility import Shade, barriers_in_plain
from tests.e2e.account import Account
from tests.e2e.browser import Tab, opened_tab
from tests.e2e.scripts import GREETING, HOURS
from tests.e2e.speech import OPENING_HOURS
from tests.e2e.system import System

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("providers")]

MOST_BYTES: Final = 40_000
WIDTHS: Final = (1280, 360)
REDS: Final[dict[Shade, str]] = {"light": "rgb(179, 38, 30)", "dark": "rgb(255, 154, 146)"}
# The microphone is open at once, and silent until the test has it speak.
SILENT_FIRST: Final = """{
  const devices = navigator.mediaDevices;
  const speaking = devices.getUserMedia.bind(devices);
  window.microphones = [];
  devices.getUserMedia = async (wanted) => {
    const context = new AudioContext();
    const heard = context.createMediaStreamDestination();
    speaking(wanted).then((voice) => context.createMediaStreamSource(voice).connect(heard));
    window.microphones.push(...heard.stream.getTracks());
    return heard.stream;
  };
}"""
LEFT: Final = """() => ({
  live: microphones.filter(({ readyState }) => readyState === "live").length,
  sounds: document.querySelector("vaarta-call").shadowRoot.querySelectorAll("audio").length,
})"""
TOLD: Final = """{
  window.told = [];
  for (const name of ["vaarta:state", "vaarta:ended"]) {
    addEventListener(name, ({ detail }) => told.push(detail));
  }
}"""


@dataclass(frozen=True)
class WidgetPage:
    """The example page with the widget on it, as a person uses it."""

    tab: Tab
    origin: str

    async def open(self, path: str = "/") -> None:
        await self.tab.page.goto(f"{self.origin}{path}")
        await expect(self.part("start")).to_be_visible()

    async def call(self) -> None:
        """Until the agent has greeted and listens."""
        await self.part("start").click()
        await expect(self.lines("agent")).to_contain_text(GREETING)
        await self.is_in("listening")

    async def is_in(self, state: str) -> None:
        await expect(self.part("call")).to_have_attribute("data-state", state)

    def part(self, name: str) -> Locator:
        return self.tab.page.locator(f"vaarta-call [part~={name}]")

    def lines(self, speaker: str) -> Locator:
        return self.tab.page.locator(f"vaarta-call [part='caption {speaker}']")


@asynccontextmanager
async def opened(
    browser: Browser, account: Account, *, has_microphone: bool = True
) -> AsyncIterator[WidgetPage]:
    """A tab for the page of a tenant whose bot greets with our greeting."""
    bot_id = await account.create_bot(greeting=GREETING, idle_prompt_s=0)
    async with (
        widget_example.running(account.url, account.key, bot_id) as origin,
        opened_tab(browser, has_microphone=has_microphone) as tab,
    ):
        await tab.page.add_init_script(TOLD)
        if has_microphone:
            await tab.page.add_init_script(SILENT_FIRST)
        yield WidgetPage(tab, origin)


async def test_a_person_talks_from_a_page_of_another_origin(
    browser: Browser, account: Account, system: System
) -> None:
    async with opened(browser, account) as widget:
        tab, before = widget.tab, list[str]()
        tab.page.on("request", lambda request: before.append(request.url))
        await widget.open()
        assert [url for url in before if account.url in url] == [f"{account.url}/widget.js"]
        await widget.call()
        await tab.allow_microphone()
        await tab.agent_is_heard()
        await expect(widget.lines("agent")).to_have_text([f"Agent: {GREETING}", f"Agent: {HOURS}"])
        await expect(widget.lines("you")).to_have_text(f"You: {OPENING_HOURS.text}")
        await widget.is_in("listening")
        await widget.part("hang-up").click()
        await expect(widget.part("state")).to_have_text("You ended the call.")
        told = await tab.page.evaluate("told")
        assert await tab.page.evaluate(LEFT) == {"live": 0, "sounds": 0}
        assert tab.problems == []
        assert account.key not in await tab.page.content()
    session = (await account.listed())[0]
    ended = await account.ended(session["id"])
    turns = await account.turns(session["id"])

    assert tab.hosts == {
        urlsplit(url).netloc for url in (widget.origin, account.url, system.livekit.url)
    }
    asked_of_api = {urlsplit(url).path for url in before if url.startswith(account.url)}
    assert {re.sub("-[^.]+", "", path) for path in asked_of_api} == {
        "/widget.js",
        "/widget/call.js",
    }
    assert [turn["agent_response"] for turn in turns] == [GREETING, HOURS]
    assert (ended["status"], ended["end_reason"]) == ("completed", "caller_hangup")
    states = [each["state"] for each in told if "state" in each]
    assert states[0] == "connecting"
    assert {"speaking", "listening"} < set(states)
    assert told[-1] == {"reason": "hung_up", "session_id": session["id"]}


async def test_an_end_that_comes_from_elsewhere_is_said(browser: Browser, account: Account) -> None:
    async with opened(browser, account) as widget:
        await widget.open("/hi")
        await widget.call()
        session = (await account.listed())[0]
        assert session["config"]["language"] == "hi-IN"
        await account.delete(session["id"])
        await expect(widget.part("state")).to_have_text("कॉल समाप्त हो गई।")
        assert await widget.tab.page.evaluate(LEFT) == {"live": 0, "sounds": 0}


async def test_a_page_that_takes_the_element_out_hangs_up(
    browser: Browser, account: Account
) -> None:
    async with opened(browser, account) as widget:
        await widget.open()
        await widget.call()
        await widget.tab.page.evaluate("document.querySelector('vaarta-call').remove()")
        session = (await account.listed())[0]
        ended = await account.ended(session["id"])
        assert await widget.tab.page.evaluate("microphones[0].readyState") == "ended"
    assert ended["end_reason"] == "caller_hangup"


async def test_who_refuses_the_microphone_is_told_so_and_costs_no_session(
    browser: Browser, account: Account
) -> None:
    async with opened(browser, account, has_microphone=False) as widget:
        await widget.open()
        await widget.tab.page.keyboard.press("Tab")
        await widget.tab.page.keyboard.press("Enter")
        await expect(widget.part("problem")).to_contain_text("The microphone is blocked")
        await expect(widget.part("start")).to_be_focused()
        assert await barriers_at_every_width(widget) == []
    assert await account.listed() == []


@pytest.mark.parametrize("path", ["/", "/hi"])
async def test_the_page_can_be_used_by_everyone(
    browser: Browser, account: Account, path: str
) -> None:
    async with opened(browser, account) as widget:
        await widget.open(path)
        assert await barriers_at_every_width(widget) == []
        await widget.call()
        assert await barriers_at_every_width(widget) == []
        for shade, red in REDS.items():
            await widget.tab.page.emulate_media(color_scheme=shade)
            await expect(widget.part("hang-up")).to_have_css("background-color", red)
        await widget.part("hang-up").click()
        await widget.is_in("ended")
        assert await barriers_at_every_width(widget) == []


async def test_it_is_small_before_the_call(account: Account) -> None:
    headers = {"Accept-Encoding": "gzip"}
    async with (
        aiohttp.ClientSession(auto_decompress=False) as http,
        http.get(f"{account.url}/widget.js", headers=headers) as answer,
    ):
        sent = await answer.read()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(sent) <= MOST_BYTES


async def barriers_at_every_width(widget: WidgetPage) -> list[str]:
    """What axe finds, and what one would have to scroll sideways for."""
    barriers: list[str] = []
    for width in WIDTHS:
        await widget.tab.page.set_viewport_size({"width": width, "height": 640})
        barriers += [f"{width}: {found}" for found in await barriers_in_plain(widget.tab)]
        if await widget.tab.page.evaluate("document.documentElement.scrollWidth") > width:
            barriers.append(f"{width}: wider than the page")
    return barriers
