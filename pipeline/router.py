"""A catalog model → its upstreams, of which the best one to be had answers."""

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial

from core.catalog import HOSTS_OWN, Order, Route
from core.metrics import LLM_SUBSTITUTIONS
from pipeline.attempt import Question, Upstream
from pipeline.clock import now
from pipeline.faults import Faults
from pipeline.ports import Item, Message, Tool, never
from pipeline.race import Audience, Patience, Race
from pipeline.route_board import RouteBoard
from pipeline.route_order import by_speed, due
from pipeline.served import served_at_hand

log = logging.getLogger(__name__)


class Router:
    """Implements `pipeline.ports.LanguageModel`. `on_answer` hears of each route when it answers
    for the first time. With `measured` as the order, they are asked as `pipeline.route_order` says.
    What goes wrong with them is put down in `faults`.
    """

    def __init__(
        self,
        upstreams: Sequence[Upstream],
        patience: Patience,
        board: RouteBoard,
        on_answer: Callable[[Route], None],
        *,
        order: Order = "listed",
        faults: Faults | None = None,
    ) -> None:
        self._upstreams = upstreams
        self._patience = patience
        self._board = board
        self._on_answer = on_answer
        self._order = order
        self._faults = faults or Faults()
        self._has_answered: list[Route] = []

    @property
    def first(self) -> Upstream:
        """Who is asked first, unless another is to be measured."""
        return self._known_order()[0]

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
        upstreams = self._order_now()
        on_lead = partial(self._led, upstreams[0].route)
        audience = Audience(self._board, on_lead, may_withdraw, self._faults)
        race = Race(upstreams, question, self._patience, audience)
        try:
            await race.begin()
            async with aclosing(race.items()) as items:
                yield items
        finally:
            await race.close()

    def _known_order(self) -> Sequence[Upstream]:
        if self._order == "listed":
            return self._upstreams
        return by_speed(self._upstreams, self._board)

    def _order_now(self) -> Sequence[Upstream]:
        ordered, at = self._known_order(), now()
        if self._order == "listed" or (tried := due(ordered, self._board, at)) is None:
            return ordered
        self._board.note(tried.route, lambda health: health.on_trial(at))
        return [tried, *(one for one in ordered if one is not tried)]

    def _led(self, first: Route, route: Route) -> None:
        if route != first:
            log.warning("llm.substituted", extra={"upstream": route.upstream})
            LLM_SUBSTITUTIONS.labels(route.upstream).inc()
        served = served_at_hand()
        served.llm = route.upstream
        served.llm_model = None if route.model == HOSTS_OWN else route.model
        if route not in self._has_answered:
            self._has_answered.append(route)
            self._on_answer(route)
