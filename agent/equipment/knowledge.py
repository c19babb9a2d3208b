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

from pipeline.faults import FaultKind, Faults
from pipeline.ports import Item, LanguageModel, Message, Tool, never
from pipeline.served import Passage, served_at_hand
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

    async def __call__(self, question: str) -> list[Passage]:
        """The passages, none when nothing fits."""
        ...


class InformedModel:
    """Implements `pipeline.ports.LanguageModel`: another model, told what the documents say."""

    def __init__(self, model: LanguageModel, search: Search, faults: Faults) -> None:
        self._model = model
        self._faults = faults
        self._search = search
        self._searching: set[asyncio.Task[list[Passage]]] = set()

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, model: LanguageModel, search: Search, faults: Faults
    ) -> AsyncIterator["InformedModel"]:
        """The model; a search that nobody waits for any more is ended on leaving. What it lacks is
        put down in `faults`."""
        informed = cls(model, search, faults)
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
        passages = fitting(await self._find(question))
        served_at_hand().passages = passages
        told = with_passages(messages, passages)
        asked = self._model.reply(told, tools, may_call=may_call, may_withdraw=may_withdraw)
        async with asked as tokens:
            yield tokens

    async def _find(self, question: str) -> list[Passage]:
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
            self._faults.add(FaultKind.PASSAGES_MISSED, reason="late", lasted_s=SEARCH_TIMEOUT_S)
            return []
        return [] if task.cancelled() or task.exception() else task.result()

    def _forget(self, task: asyncio.Task[list[Passage]]) -> None:
        self._searching.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("knowledge.failed", extra={"error": type(error).__name__})
            self._faults.add(FaultKind.PASSAGES_MISSED, reason="failed")


def search_of(database: Database, bot_id: BotId) -> Search:
    """The search in a bot's documents."""

    async def search(question: str) -> list[Passage]:
        async with database.connection(spare_after_s=SPARE_AFTER_S) as connection:
            found = await KnowledgeRepository(connection).search(bot_id, question, MAX_PASSAGES)
        return [Passage(str(p.document_id), p.document, p.number, p.content) for p in found]

    return search


def with_passages(messages: Sequence[Message], passages: Sequence[Passage]) -> list[Message]:
    """The messages with the passages behind the system's own words."""
    if not passages:
        return list(messages)
    system, *rest = messages
    told = "\n\n".join([system.text, HEADING, *(one.text for one in passages)])
    return [replace(system, text=told), *rest]


def fitting(passages: Sequence[Passage]) -> Sequence[Passage]:
    """As many of them as a model is given, the best first."""
    left = MAX_TOKENS * BYTES_PER_TOKEN - len(HEADING) - 2
    chosen = []
    for passage in passages:
        left -= len(passage.text.encode()) + 2
        if left < 0:
            break
        chosen.append(passage)
    return chosen
