"""The caller's line where one holder hands over to another: what it carried can be heard again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from pipeline.audio import WINDOW_S
from tests.unit.pipeline.fake_caller import FakeCaller
from tests.unit.pipeline.fake_recogniser import FakeRecogniser


@dataclass(slots=True)
class Kept:
    """A window, when it ended, and the words that ended in it."""

    pcm: bytes
    at: float
    words: list[str] = field(default_factory=list)


class Line(FakeRecogniser):
    """Stands between a caller and who hears them, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.caller = FakeCaller(self)
        self._said: list[str] = []
        self._kept: list[Kept] = []
        self._grown = asyncio.Event()

    def overhear(self, word: str) -> None:
        """Keep `word` with the window that it ends in."""
        self._said.append(word)

    async def carry(self) -> None:
        """Keep each window as it comes, for ever."""
        async for pcm in self.caller.windows():
            words, self._said = self._said, []
            self._kept.append(Kept(pcm, asyncio.get_running_loop().time(), words))
            self._grown.set()

    def late_s(self, since: float) -> float:
        """How long ago the first window began that began after `since`."""
        began_at = self._kept[self._first(since)].at - WINDOW_S
        return asyncio.get_running_loop().time() - began_at

    async def heard_by(
        self, recogniser: FakeRecogniser, *, since: float = 0.0
    ) -> AsyncIterator[bytes]:
        """All windows that began after `since`, the kept ones at once; their words with them."""
        position = self._first(since)
        while True:
            while position == len(self._kept):
                self._grown.clear()
                await self._grown.wait()
            kept = self._kept[position]
            position += 1
            for word in kept.words:
                recogniser.overhear(word)
            yield kept.pcm

    def _first(self, since: float) -> int:
        began = [kept.at - WINDOW_S >= since for kept in self._kept]
        return began.index(True) if True in began else len(began)
