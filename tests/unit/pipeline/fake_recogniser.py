"""A recogniser that knows what the caller says, and keeps to the port's contract strictly."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from core.errors import ProviderClosed
from pipeline.ports import Final, Partial


class FakeRecogniser:
    """Words reach it by `overhear`; partials follow each word, finals each `settle`, in order.

    `violations` names calls that the port does not allow.
    """

    def __init__(self) -> None:
        self.partial_s: float | None = 0.05
        self.final_s = 0.05
        self.loses_finals = False
        self.tells_utterances = True
        self.violations: list[str] = []
        self.heard_windows = 0
        self.pre_rolls: list[bytes] = []
        self.n_settles = 0
        self.n_begins = 0
        self._is_open = False
        self._words: list[str] = []
        self._results: asyncio.Queue[Partial | Final | Exception] = asyncio.Queue()
        self._due: deque[Partial | Final | Exception] = deque()
        self._last_due_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether an utterance is going on."""
        return self._is_open

    @property
    def _utterance(self) -> int | None:
        return self.n_begins if self.tells_utterances else None

    def overhear(self, word: str) -> None:
        """The caller just said `word`."""
        self._words.append(word)
        if self._is_open and self.partial_s is not None:
            partial = Partial(" ".join(self._words), self._utterance)
            self.bring(partial, after_s=self.partial_s)

    def bring(self, result: Partial | Final | Exception, *, after_s: float = 0.0) -> None:
        """Deliver a result, never before an earlier one."""
        loop = asyncio.get_running_loop()
        self._last_due_at = max(self._last_due_at, loop.time() + after_s)
        self._due.append(result)  # timers of one moment keep no order
        loop.call_at(self._last_due_at, self._deliver)

    def _deliver(self) -> None:
        self._results.put_nowait(self._due.popleft())

    def fail(self, error: Exception | None = None) -> None:
        """Recognition is given up, or breaks with `error`."""
        self.bring(error or ProviderClosed("recogniser", "gone"))

    def begin(self, pre_roll: bytes) -> None:
        if self._is_open:
            self.violations.append("begin inside an utterance")
        self._is_open = True
        self.n_begins += 1
        self.pre_rolls.append(pre_roll)

    def hear(self, pcm: bytes) -> None:
        if not self._is_open:
            self.violations.append("hear outside an utterance")
        self.heard_windows += 1

    def settle(self) -> None:
        if not self._is_open:
            self.violations.append("settle outside an utterance")
        self.n_settles += 1
        text, self._words = " ".join(self._words), []
        if not self.loses_finals:
            self.bring(Final(text, utterance=self._utterance), after_s=self.final_s)

    def end(self) -> None:
        self._is_open = False
        self._words = []

    async def results(self) -> AsyncIterator[Partial | Final]:
        while True:
            result = await self._results.get()
            if isinstance(result, Exception):
                raise result
            yield result
