"""Pictures of the console, light and dark and in Hindi, wide and on a phone: `scripts/screenshots`.

A system of its own runs meanwhile, with the sandbox's engines: what the pages show was said.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import aiohttp
from playwright.async_api import Page, expect

from tests.e2e import room
from tests.e2e.account import BOTS, SESSIONS, call
from tests.e2e.browser import Tab, launched, opened_tab
from tests.e2e.scripts import GREETING
from tests.e2e.speech import BOOK_TABLE, OPENING_HOURS, spoken
from tests.eventually import eventually
from tests.integration.receiver import Receiver, running_receiver
from tests.servers import ROOT

FOLDER: Final = ROOT / "docs/console"
START_S: Final = 240.0
STOP_S: Final = 20.0

QUESTIONS: Final = (OPENING_HOURS, BOOK_TABLE)
ENDED: Final = "voice_session.ended"
_ON_THE_WAY: Final = ".skeleton, main[aria-busy=true]"
SETTLE_MS: Final = 500
# What sticks to the top while a page is scrolled would be in the middle of a picture of all of it.
_OPEN_AND_GO_BACK: Final = """() => {
  for (const more of document.querySelectorAll(".record details")) more.open = true;
  for (const list of document.querySelectorAll(".exchanges")) list.style.maxBlockSize = "none";
  scrollTo(0, 0);
}"""

Shade: TypeAlias = Literal["light", "dark"]
SHADES: Final[tuple[Shade, ...]] = ("light", "dark")
WIDTHS: Final = {"wide": (1280, 800), "phone": (360, 740)}
# Example agent, model, what is typed to it.
CONVERSATIONS: Final = (
    ("Front desk", "Kimi K2.5", ("Are you open on Saturday?", "Thank you, that is all.")),
    ("Restaurant", "Sarvam 105B", ("A table for two tomorrow at eight, please.", "Asha Rao.")),
    ("Support", "Kimi K2.6", ("My internet is slow today.", "The light is orange.")),
)
PAGES: Final = {
    "sessions": "sessions",
    "session": "sessions/{session_id}",
    "latency": "latency",
    "keys": "setup/keys",
    "webhooks": "setup/webhooks",
    "bots": "bots",
    "bot": "bots/{bot_id}",
    "credits": "setup/credits",
    "doctor": "setup/doctor",
}


@dataclass(frozen=True)
class Pictures:
    """Takes them, of one page of one system."""

    page: Page
    url: str

    async def take(self, name: str) -> None:
        """The page as it is now, in every shade and width, and in Hindi."""
        for shade in SHADES:
            await self._take_widths(f"{name}-{shade}", shade)
        language = self.page.locator("header select").first
        await language.select_option("hi")
        await self._take_widths(f"{name}-hi", "light")
        await language.select_option("en")

    async def _take_widths(self, name: str, shade: Shade) -> None:
        await self.page.emulate_media(color_scheme=shade, reduced_motion="reduce")
        for width, (columns, rows) in WIDTHS.items():
            await self.page.set_viewport_size({"width": columns, "height": rows})
            await self.page.wait_for_timeout(SETTLE_MS)
            await self.page.screenshot(path=FOLDER / f"{name}-{width}.png")

    async def take_whole(self, name: str, width: str) -> None:
        """All of the page, light, with all of its transcript and what can be opened in it."""
        columns, rows = WIDTHS[width]
        await self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        await self.page.set_viewport_size({"width": columns, "height": rows})
        await self.page.evaluate(_OPEN_AND_GO_BACK)
        await self.page.wait_for_timeout(SETTLE_MS)
        path = FOLDER / f"{name}-light-{width}.png"
        await self.page.screenshot(path=path, full_page=True)

    async def open(self, path: str) -> None:
        """A page, once all that it asked for is there."""
        await self.page.goto(f"{self.url}/console/{path}")
        await expect(self.page.get_by_role("heading", level=1)).to_be_attached()
        await expect(self.page.locator(_ON_THE_WAY)).to_have_count(0)

    async def converse(self, agent: str, model: str, words: tuple[str, ...]) -> None:
        """Begin a conversation and write the words, each after the last answer."""
        await self.page.get_by_role("button", name=agent, exact=True).click()
        await self.page.get_by_role("button", name="Model: ").click()
        dialog = self.page.get_by_role("dialog", name="Model")
        await dialog.get_by_role("radio", name=model).first.check()
        await dialog.get_by_role("button", name="Done").click()
        await self.page.get_by_role("button", name="Start talking").click()
        await self.turn_is_over(0)
        for index, said in enumerate(words, start=1):
            await self.page.get_by_label("Write to the agent").fill(said)
            await self.page.get_by_role("button", name="Send").click()
            await self.turn_is_over(index)

    async def turn_is_over(self, index: int) -> None:
        """Until it was measured."""
        await expect(self.page.locator(f"li[data-turn='{index}']")).to_be_visible()

    async def hang_up(self) -> None:
        """Leave, and wait for what the API holds."""
        await self.page.get_by_role("button", name="Hang up").click()
        await expect(self.page.get_by_role("region", name="Turns")).to_be_visible()


@asynccontextmanager
async def development_system(folder: Path) -> AsyncIterator[dict[str, Any]]:
    """`vaarta dev` with an empty database; what its ready file says."""
    ready = folder / "ready.json"
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("vaarta"),
        "dev",
        *("--data-dir", folder / "data", "--ready-file", ready),
        stdout=asyncio.subprocess.DEVNULL,
        env={**os.environ, "WEBHOOK_ALLOW_PRIVATE": "true"},
    )
    try:

        async def is_ready() -> bool:
            return ready.is_file()

        await eventually(is_ready, deadline_s=START_S, what="the system's start")
        yield json.loads(ready.read_text(encoding="utf-8"))
    finally:
        process.terminate()
        async with asyncio.timeout(STOP_S):
            await process.wait()


async def take_talk(pictures: Pictures, tab: Tab) -> None:
    """The form, a conversation that goes on, and what is left of it."""
    await pictures.open("")
    await pictures.take("talk")
    for conversation in CONVERSATIONS:
        await pictures.converse(*conversation)
        await pictures.hang_up()
        await tab.page.get_by_role("button", name="New conversation").click()
    agent, model, words = CONVERSATIONS[0]
    await pictures.converse(agent, model, words[:1])
    await tab.allow_microphone()
    await pictures.turn_is_over(2)
    await pictures.take("conversation")


BOT: Final = {
    "name": "Front desk",
    "system_prompt": "You answer the phone of a small clinic. Answer briefly.",
    "config": {"language": "en-IN", "voice": "priya", "record": True},
}
BRIEFER: Final = {"system_prompt": "You answer the phone of a small clinic. One sentence at most."}
DOCUMENT: Final = {"name": "Opening hours", "content": "Monday to Saturday, nine to six."}
KEY: Final = {"name": "Website", "permissions": "stt,tts,llm", "allowed_domains": "shop.example"}


async def set_up(http: aiohttp.ClientSession, receiver: Receiver) -> str:
    """What a tenant has after its first day; the bot's id."""
    await post(http, "/api/v1/keys", KEY)
    bot_id: str = (await post(http, BOTS, BOT))["id"]
    await post(http, f"{BOTS}/{bot_id}/knowledge", DOCUMENT)
    async with http.patch(f"{BOTS}/{bot_id}", json=BRIEFER) as response:
        assert response.status == 200, await response.text()
    await post(http, "/api/v1/webhooks", {"url": receiver.url, "events": [ENDED]})
    return bot_id


async def speak(http: aiohttp.ClientSession, bot_id: str) -> str:
    """A spoken session of the bot's, and its recording; its id."""
    session = await post(http, SESSIONS, {"bot_id": bot_id, "greeting": GREETING})
    async with call(session) as caller:
        await room.greeted(caller)
        for index, question in enumerate(QUESTIONS, start=1):
            await caller.play(spoken(question))
            await room.turn(caller, index)
            await room.silence(caller)

    async def is_recorded() -> bool:
        async with http.get(f"{SESSIONS}/{session['id']}/recording") as response:
            return response.status == 200

    await eventually(is_recorded, what="the recording")
    return str(session["id"])


def speaking_as(url: str, credential: str) -> aiohttp.ClientSession:
    """The API as somebody."""
    return aiohttp.ClientSession(url, headers={"Authorization": f"Bearer {credential}"})


async def post(http: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Make something; what the API made of it."""
    async with http.post(path, json=body) as response:
        made: dict[str, Any] = await response.json()
        assert response.ok, made
        return made


async def take_all() -> None:
    """Every picture."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with (
            development_system(folder) as system,
            running_receiver() as receiver,
            launched(spoken(OPENING_HOURS), folder) as browser,
            opened_tab(browser) as tab,
            speaking_as(system["api_url"], system["jwt"]) as http,
        ):
            bot_id = await set_up(http, receiver)
            session_id = await speak(http, bot_id)
            pictures = Pictures(tab.page, system["api_url"])
            await take_talk(pictures, tab)
            for page, path in PAGES.items():
                await pictures.open(path.format(session_id=session_id, bot_id=bot_id))
                await pictures.take(page)


if __name__ == "__main__":
    asyncio.run(take_all())
