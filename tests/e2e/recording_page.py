"""What a recorded session's page has to be heard and seen with."""

from dataclasses import dataclass
from typing import Final

from playwright.async_api import Locator, Page, expect

from tests.e2e.browser import DEADLINE_MS

# The page's players hang in no document: each is noted when it is made, and so is where it is sent
# to. They begin anew at their end, so that a slow machine finds them playing.
_NOTE_PLAYERS: Final = """
const Made = window.Audio;
window.players = [];
window.Audio = function (address) {
  const player = Object.assign(new Made(address), { loop: true, sought: [] });
  player.addEventListener("seeking", () => player.sought.push(player.currentTime));
  players.push(player);
  return player;
};
"""
_SOUNDS: Final = """([from, to]) => {
  const player = players.findLast(({ paused }) => !paused);
  if (!player) return false;
  if (!window.listened) {
    const context = new AudioContext();
    window.listened = Object.assign(context.createAnalyser(), { fftSize: 2048 });
    context.createMediaElementSource(player).connect(listened).connect(context.destination);
  }
  const samples = new Float32Array(listened.fftSize);
  listened.getFloatTimeDomainData(samples);
  const isLoud = samples.some((sample) => Math.abs(sample) > 0.05);
  if (!isLoud || player.currentTime < from || player.currentTime > to) return false;
  player.pause();
  return true;
}"""
_SOUGHT: Final = "([from, to]) => players.at(-1).sought.some((at) => at >= from && at <= to)"
# Where the last sound of a channel ends as it is drawn, from where the last turn's bar ends.
_DISTANCE: Final = """([channel, lane]) => {
  const tiles = [...document.querySelectorAll(`.sound[data-lane=${channel}] svg`)];
  const loud = tiles.flatMap((tile) => {
    const points = tile.querySelector("path").getAttribute("d").slice(1, -1).split("L");
    const left = tile.getBoundingClientRect().left;
    return points.map((point) => point.split(" ").map(Number))
      .filter(([, height]) => height > 0.25)
      .map(([x]) => left + x);
  });
  const bars = document.querySelectorAll(`.span[data-lane=${lane}]`);
  return Math.abs(Math.max(...loud) - [...bars].at(-1).getBoundingClientRect().right);
}"""

_SHOWN_WHOLE: Final = "({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth"


@dataclass(frozen=True)
class RecordingPage:
    """The page of one session that was recorded."""

    page: Page

    async def open(self, url: str) -> None:
        """Until its sound is there and drawn."""
        await self.page.add_init_script(_NOTE_PLAYERS)
        await self.page.goto(url)
        await expect(self.button("Play")).to_be_enabled()
        await expect(self.page.locator(".sound svg").first).to_be_attached()

    def button(self, name: str) -> Locator:
        """By its words."""
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def place(self) -> Locator:
        """The slider."""
        return self.page.get_by_role("slider", name="Place in the recording")

    def exchange(self, turn_index: int) -> Locator:
        """A turn of the transcript."""
        return self.page.locator(f".exchange[data-turn='{turn_index}']")

    def word(self, word: str) -> Locator:
        """A word that can be heard."""
        return self.page.locator(".heard-word").get_by_text(word).last

    async def sounds_within(self, from_s: float, to_s: float) -> None:
        """Until something is heard in that part of the recording; then it is stopped there."""
        span = [from_s, to_s]
        await self.page.wait_for_function(_SOUNDS, arg=span, polling=50, timeout=DEADLINE_MS)

    async def was_sent_to(self, from_s: float, to_s: float) -> None:
        """Until it has been made to play from a place in that part."""
        span = [from_s, to_s]
        await self.page.wait_for_function(_SOUGHT, arg=span, polling=50, timeout=DEADLINE_MS)

    async def distance_px(self, channel: str, lane: str) -> float:
        """How far the end of what is drawn of a channel is from that of the last turn's bar."""
        distance: float = await self.page.evaluate(_DISTANCE, [channel, lane])
        return distance

    async def is_within(self, width: int) -> bool:
        """Whether nothing makes the page wider than the screen."""
        wide: int = await self.page.evaluate("document.documentElement.scrollWidth")
        return wide <= width

    async def shows_whole(self, table: str) -> bool:
        """Whether nothing of it has to be scrolled to."""
        frame = self.page.locator(".table").filter(has=self.page.get_by_role("table", name=table))
        whole: bool = await frame.evaluate(_SHOWN_WHOLE)
        return whole
