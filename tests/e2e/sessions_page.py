"""The console's list of sessions and the page of one, as a person uses them."""

from dataclasses import dataclass
from typing import Final

from playwright.async_api import Locator, Page, expect

# Scrolls like a wheel that is turned for a while; how long frames took, and the longest tasks.
_SCROLL: Final = """(ms) => new Promise((resolve) => {
  const frames = [], tasks = [];
  let most = 0, last = performance.now();
  const observer = new PerformanceObserver((list) =>
    tasks.push(...list.getEntries().map((entry) => Math.round(entry.duration))),
  );
  observer.observe({ type: "longtask" });
  const end = last + ms;
  const step = (now) => {
    frames.push(now - last);
    last = now;
    most = Math.max(most, document.querySelectorAll("tr[data-session]").length);
    window.scrollBy(0, 120);
    if (now < end) return requestAnimationFrame(step);
    observer.disconnect();
    frames.sort((a, b) => a - b);
    const at = (part) => Math.round(frames[Math.floor((frames.length - 1) * part)]);
    resolve({ frames: frames.length, p50: at(0.5), p95: at(0.95), max: at(1), tasks, most });
  };
  requestAnimationFrame(step);
})"""


@dataclass(frozen=True)
class SessionsPage:
    """What there is to see and to press."""

    page: Page

    def rows(self) -> Locator:
        """The sessions that are in the document."""
        return self.page.locator("tr[data-session]")

    def row(self, session_id: str) -> Locator:
        """One of them."""
        return self.page.locator(f"tr[data-session='{session_id}']")

    async def has_row_of(self, place: int) -> bool:
        """Whether the session at that place of the whole list, from 1, is in the document."""
        return await self.page.locator(f"tr[aria-rowindex='{place + 1}']").count() > 0

    def section(self, title: str) -> Locator:
        """A part of one session's page."""
        return self.page.get_by_role("region", name=title, exact=True)

    async def filter(self, label: str, choice: str) -> None:
        """Narrow the list down."""
        await self.page.get_by_label(label, exact=True).select_option(choice)

    async def is_live(self) -> None:
        """Until the page is told of changes."""
        await expect(self.page.locator("[data-connection=live]")).to_be_visible()

    async def scroll(self, for_s: float) -> dict[str, object]:
        """Scroll down without a pause; frames and long tasks, milliseconds, and the most rows."""
        measured: dict[str, object] = await self.page.evaluate(_SCROLL, for_s * 1000)
        return measured
