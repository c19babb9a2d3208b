"""A catalog model → its upstreams, of which the best one to be had answers."""

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager

from core.catalog import Route
from core.metrics import LLM_SUBSTITUTIONS
from pipeline.attempt import Question, Upstream
from pipeline.ports import Item, Message, Tool, never
from pipeline.race import Audience, Patience, Race
from pipeline.route_board import RouteBoard

log = logging.getLogger(__name__)


class Router:
    """Implements `pipeline.ports.LanguageModel`. `on_answer` hears of each route when it answers
    for the first time."""

    def __init__(
        self,
        upstreams: Sequence[Upstream],
        patience: Patience,
        board: RouteBoard,
        on_answer: Callable[[Route], None],
    ) -> None:
        self._upstreams = upstreams
        self._patience = patience
        self._board = board
        self._on_answer = on_answer
        self._has_answered: list[Route] = []

    @asynccontextmanager
    async def reply(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool] = (),
        *,
        may_call: bool = True,
        may_withdraw: Callable[[], bool] = never,
    ) -> AsyncIterator[AsyncIterator[Item]]:
        """Stream an answer, once there is one.

        Raises the last upstream's `ProviderError` when none gives one.
        """
        question = Question(messages, tools, may_call)
        audience = Audience(self._board, self._led, may_withdraw)
        race = Race(self._upstreams, question, self._patience, audience)
        try:
            await race.begin()
            async with aclosing(race.items()) as items:
                yield items
        finally:
            await race.close()

    def _led(self, route: Route) -> None:
        if route != self._upstreams[0].route:
            log.warning("llm.substituted", extra={"upstream": route.upstream})
            LLM_SUBSTITUTIONS.labels(route.upstream).inc()
        if route not in self._has_answered:
            self._has_answered.append(route)
            self._on_answer(route)
