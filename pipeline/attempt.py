"""One request for an answer, read ahead by a task of its own."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Protocol

from core.catalog import Route
from core.errors import ProviderClosed, ProviderError
from core.supervision import see_ended
from pipeline.clock import now
from pipeline.ports import Item, Message, Tool, Withdrawn
from pipeline.spending import account_at_hand

log = logging.getLogger(__name__)

MOST_AHEAD: Final = 1000
"""Tokens that wait to be taken; then the host has to wait."""


class Sign(Enum):
    """What a host shows between tokens."""

    THINKS = auto()
    """It reasons: alive, and no answer yet."""
    CALLS = auto()
    """It writes a call, which is given when it is whole: the answer has begun."""
    ENDS = auto()
    """The answer is complete; only its usage may follow."""


OnSign = Callable[[Sign], None]


class Upstream(Protocol):
    """One way to serve the model."""

    @property
    def route(self) -> Route:
        """Where it is, and what the model is called there."""
        ...

    def reply(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool],
        *,
        may_call: bool,
        on_sign: OnSign,
    ) -> AbstractAsyncContextManager[AsyncIterator[Item]]:
        """Stream an answer; leaving cancels it. After `Withdrawn` it begins anew."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked."""

    messages: Sequence[Message]
    tools: Sequence[Tool]
    may_call: bool


class Attempt:
    """A request to one upstream, begun at once. `on_news` is told of all that happens to it;
    `is_beside` marks one that was made while another was under way.

    White space before the first word is no answer: it is kept for the word, or dropped. An answer
    without a word or a call is a failure. `is_thinking` once it has shown that it reasons.
    """

    def __init__(
        self,
        upstream: Upstream,
        question: Question,
        on_news: Callable[[], None],
        *,
        is_beside: bool = False,
    ) -> None:
        self.route = upstream.route
        self.is_beside = is_beside
        self.failure: ProviderError | None = None
        self.is_whole = False
        self.is_ending = False
        self.is_thinking = False
        self.asked_at = self.alive_at = now()
        self.began_at: float | None = None
        self.account = account_at_hand().part()
        self._on_news = on_news
        self._items: deque[Item] = deque()
        self._has_content = self._was_taken = False
        self._blank = ""
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._task = asyncio.create_task(self._read(upstream, question), name="llm-attempt")

    @property
    def has_items(self) -> bool:
        """Whether there is something to take."""
        return bool(self._items)

    @property
    def is_running(self) -> bool:
        """Whether more may come of it."""
        return not self.is_whole and self.failure is None

    def take(self) -> Item:
        """The oldest of what has come."""
        self._was_taken = True
        if not self._has_room.is_set():
            self._has_room.set()
            self.alive_at = now()  # it was we who held it up
        return self._items.popleft()

    def cancel(self) -> None:
        """End it; `closed` waits until that is done."""
        self._task.cancel()

    def give_up(self, error: ProviderError) -> None:
        """End it as failed."""
        self.failure = error
        self.cancel()

    def finish(self) -> None:
        """Take it for whole: nothing but its usage is missing, and does not come."""
        self.is_whole = True
        self.cancel()

    async def closed(self) -> None:
        """Wait until the request is closed and metered, which is not for ever."""
        await see_ended([self._task])

    async def _read(self, upstream: Upstream, question: Question) -> None:
        try:
            reply = upstream.reply(
                question.messages,
                question.tools,
                may_call=question.may_call,
                on_sign=self._show,
            )
            with self.account.at_hand():
                async with reply as items:
                    async for item in items:
                        await self._add(item)
                if not self._has_content:
                    raise ProviderClosed(self.route.upstream, "an empty answer")
                self.is_whole = True
                self._on_news()
        except ProviderError as exc:
            self._fail(exc)
        except Exception as exc:  # whatever a host sends: it is this host that failed
            error = type(exc).__name__  # its text may hold what was said
            log.error("llm.broken", extra={"upstream": self.route.upstream, "error": error})
            self._fail(ProviderClosed(self.route.upstream, "its answer cannot be read"))

    def _fail(self, error: ProviderError) -> None:
        """What breaks after the answer was whole, or after it was given up, changes nothing."""
        if self.is_running:
            self.failure = error
            self._on_news()

    def _show(self, sign: Sign) -> None:
        self.alive_at = now()
        self.is_ending |= sign is Sign.ENDS
        self.is_thinking |= sign is Sign.THINKS
        if sign is Sign.CALLS:
            self._begin()

    async def _add(self, item: Item) -> None:
        self.alive_at = now()
        if isinstance(item, Withdrawn):
            self._forget(item)
            return
        if isinstance(item, str):
            item = self._blank + item
            if not self._has_content and not item.strip():
                self._blank = item
                return
            self._blank = ""
        self._begin()
        self._has_content = True
        self._items.append(item)
        self._on_news()
        while len(self._items) >= MOST_AHEAD:
            self._has_room.clear()
            await self._has_room.wait()

    def _forget(self, item: Withdrawn) -> None:
        self._items.clear()
        self._blank, self._has_content = "", False
        if self._was_taken:
            self._items.append(item)
            self._on_news()

    def _begin(self) -> None:
        if self.began_at is None:
            self.began_at = self.alive_at
            self._on_news()
