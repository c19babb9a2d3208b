"""What the bot's documents say about a question, given to the model beside it.

The search has its time and no more: what is late or failed is not waited for, the turn is then
answered without it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final, Protocol

from pipeline.ports import Item, LanguageModel, Message, Tool, never
from store.knowledge import KnowledgeRepository
from store.pool import Database
from store.records import BotId

log = logging.getLogger(__name__)

SEARCH_TIMEOUT_S: Final = 0.15
SPARE_AFTER_S: Final = 0.02
"""Of that, for the statement before it on the session's connection."""
MAX_PASSAGES: Final = 10
MAX_TOKENS: Final = 1500
BYTES_PER_TOKEN: Final = 3
"""Of UTF-8. English has four and more to a token, the Indic scripts about three."""
CLOSE_TIMEOUT_S: Final = 2.0

HEADING: Final = "What our documents say about this. Use it where it answers the caller:"


class Search(Protocol):
    """Finds passages for a question, the best first. Raises `StoreError`."""

    async def __call__(self, question: str) -> list[str]:
        """The passages, none when nothing fits."""
        ...


class InformedModel:
    """Implements `pipeline.ports.LanguageModel`: another model, told what the documents say."""

    def __init__(self, model: LanguageModel, search: Search) -> None:
        self._model = model
        self._search = search
        self._searching: set[asyncio.Task[list[str]]] = set()

    @classmethod
    @asynccontextmanager
    async def opened(cls, model: LanguageModel, search: Search) -> AsyncIterator["InformedModel"]:
        """The model; a search that nobody waits for any more is ended on leaving."""
        informed = cls(model, search)
        try:
            yield informed
        finally:
            for task in informed._searching:
                task.cancel()
            if informed._searching:
                await asyncio.wait(informed._searching, timeout=CLOSE_TIMEOUT_S)

    @asynccontextmanager
    async def reply(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool] = (),
        *,
        may_call: bool = True,
        may_withdraw: Callable[[], bool] = never,
    ) -> AsyncIterator[AsyncIterator[Item]]:
        """Stream an answer to messages that begin with the system's and hold the caller's."""
        question = next(one.text for one in reversed(messages) if one.role == "user")
        told = with_passages(messages, await self._find(question))
        asked = self._model.reply(told, tools, may_call=may_call, may_withdraw=may_withdraw)
        async with asked as tokens:
            yield tokens

    async def _find(self, question: str) -> list[str]:
        """The passages, none when they do not come in time.

        The search runs apart: giving up a statement can itself take as long as the statement.
        """
        task = asyncio.create_task(self._search(question), name="knowledge")
        self._searching.add(task)
        task.add_done_callback(self._forget)
        try:
            done, _ = await asyncio.wait([task], timeout=SEARCH_TIMEOUT_S)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if not done:
            task.cancel()
            log.warning("knowledge.late")
            return []
        return [] if task.cancelled() or task.exception() else task.result()

    def _forget(self, task: asyncio.Task[list[str]]) -> None:
        self._searching.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("knowledge.failed", extra={"error": type(error).__name__})


def search_of(database: Database, bot_id: BotId) -> Search:
    """The search in a bot's documents."""

    async def search(question: str) -> list[str]:
        async with database.connection(spare_after_s=SPARE_AFTER_S) as connection:
            return await KnowledgeRepository(connection).search(bot_id, question, MAX_PASSAGES)

    return search


def with_passages(messages: Sequence[Message], passages: Sequence[str]) -> list[Message]:
    """The messages with as many of the passages as fit, behind the system's own words."""
    chosen = _fitting(passages)
    if not chosen:
        return list(messages)
    system, *rest = messages
    told = "\n\n".join([system.text, HEADING, *chosen])
    return [replace(system, text=told), *rest]


def _fitting(passages: Sequence[str]) -> list[str]:
    left = MAX_TOKENS * BYTES_PER_TOKEN - len(HEADING) - 2
    chosen = []
    for passage in passages:
        left -= len(passage.encode()) + 2
        if left < 0:
            break
        chosen.append(passage)
    return chosen
