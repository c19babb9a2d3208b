"""The console as a person uses it: what they fill in, press and read."""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from playwright.async_api import Locator, Page, expect

from tests.e2e.account import Account
from tests.e2e.scripts import GREETING

Figures: TypeAlias = dict[int, dict[str, str]]
"""Turn index -> stage -> what is shown of it."""

_MOST_TABS: Final = 40
_FIGURES: Final = """(turns) => turns.map((turn) => [
  Number(turn.dataset.turn),
  [...turn.querySelectorAll(".stages [data-stage]")].map((stage) => [
    stage.dataset.stage, stage.querySelector(".figure").textContent,
  ]),
])"""


@dataclass(frozen=True)
class ConsolePage:
    """The page of one account."""

    page: Page
    account: Account

    async def open(self) -> None:
        """The page as it greets a stranger."""
        await self.page.goto(f"{self.account.url}/console")

    async def sign_in(self, key: str) -> None:
        """With an API key."""
        await self.page.get_by_label("API key or JWT").fill(key)
        await self.button("Sign in").click()

    async def open_signed_in(self) -> None:
        """The page as whoever has the account's key meets it."""
        await self.open()
        await self.sign_in(self.account.key)
        await expect(self.button("Start talking")).to_be_enabled()

    async def start(self) -> None:
        """Sign in, fill in the form and send it."""
        await self.open()
        await self.sign_in(self.account.key)
        await self.page.get_by_label("Language", exact=True).select_option("en-IN")
        await self.choose("Voice", "Priya")
        await self.choose("Model", "A server of your own")
        await self.page.get_by_label("System prompt").fill("You keep a shop.")
        await self.page.get_by_label("Greeting (optional)").fill(GREETING)
        await self.button("Start talking").click()

    async def choose(self, field: str, choice: str) -> None:
        """One of many, found by its name."""
        await self.page.get_by_role("button", name=f"{field}: ").click()
        dialog = self.page.get_by_role("dialog", name=field)
        await dialog.get_by_role("searchbox").fill(choice)
        await dialog.get_by_role("radio", name=choice).check()
        await dialog.get_by_role("button", name="Done").click()

    async def write(self, words: str) -> None:
        """Type to the agent."""
        await self.page.get_by_label("Write to the agent").fill(words)
        await self.button("Send").click()

    async def agent_is(self, state: str) -> None:
        """Until the agent is in the state."""
        agent = self.page.get_by_role("region", name="Agent")
        await expect(agent).to_have_attribute("data-agent-state", state)

    async def turn_is_over(self, index: int) -> None:
        """Until the turn's latencies are shown."""
        await expect(self.page.locator(f"li[data-turn='{index}']")).to_be_visible()

    async def press_by_keys(self, name: str) -> None:
        """Go to a button as those do who have no mouse."""
        button = self.button(name)
        for _ in range(_MOST_TABS):
            await self.page.keyboard.press("Tab")
            if await button.evaluate("(button) => button === document.activeElement"):
                await self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"{name} is not reached")

    def button(self, name: str) -> Locator:
        """By its words."""
        return self.page.get_by_role("button", name=name, exact=True)

    def status(self, words: str) -> Locator:
        """Something told as a status."""
        return self.page.get_by_role("status").filter(has_text=re.compile(words))

    def alert(self) -> Locator:
        """Something told as a problem."""
        return self.page.get_by_role("alert")

    def lines(self, speaker: str) -> Locator:
        """What one side said for good."""
        return self.page.locator(f"li.line[data-speaker={speaker}][data-final=true]")

    async def said(self, count: int) -> list[tuple[str, str]]:
        """Who said what, in order, once that many lines are said for good."""
        await expect(self.page.locator("li.line[data-final=true]")).to_have_count(count)
        lines = await self.page.locator("li.line").all()
        return [
            (await line.get_attribute("data-speaker") or "", await line.locator("p").inner_text())
            for line in lines
        ]

    async def figures(self) -> Figures:
        """The latencies that are shown."""
        shown = await self.page.locator("li[data-turn]").evaluate_all(_FIGURES)
        return {index: dict(stages) for index, stages in shown}
