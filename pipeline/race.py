"""One answer, from whichever route gives it.

    first    ─────────── late ────────────────────╳ cancelled
                          └ second ── content ──▶ leads ─────────────▶ whole

The next route is asked when a request fails, and beside one that is late: whose answer has not
begun where its route's mostly have, or which stalls before a word of it is spoken. In a race from
the start the first is late at once. Who has content first leads. A leader that fails or is
overtaken before a word is spoken is withdrawn, and another's answer comes in its place; once it is
spoken, its end is the answer's end. Each route is asked once, one whose breaker is open only when
no other is left.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from core.catalog import Route
from core.errors import ProviderError, ProviderRefused, ProviderTimeout
from core.metrics import LLM_BREAKERS, LLM_HEDGES, LLM_REQUESTS
from pipeline.attempt import Attempt, Question, Upstream
from pipeline.clock import now
from pipeline.faults import FaultKind, Faults
from pipeline.ports import Item, Withdrawn
from pipeline.route_board import Change, RouteBoard

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for a first token and for each further one, in seconds.

    `stall_s` is for those of which none is spoken yet. `asks_beside` allows two requests at once;
    `races` makes them so from the start.
    A host that shows that it reasons may do so for `think_s` in all.
    """

    first_token_s: float
    token_s: float
    stall_s: float
    asks_beside: bool = True
    races: bool = False
    think_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Audience:
    """Who hears of the race. `on_lead` is told whose answer is given; `may_withdraw` says whether
    nothing is spoken of what was given since the last `Withdrawn`. `faults`: where failures are put
    down."""

    board: RouteBoard
    on_lead: Callable[[Route], None]
    may_withdraw: Callable[[], bool]
    faults: Faults


class Race:
    """`begin`, then read `items`, then `close`, whatever happened."""

    def __init__(
        self,
        upstreams: Sequence[Upstream],
        question: Question,
        patience: Patience,
        audience: Audience,
    ) -> None:
        self._left = list(upstreams)
        self._question = question
        self._patience = patience
        self._board = audience.board
        self._on_lead = audience.on_lead
        self._may_withdraw = audience.may_withdraw
        self._faults = audience.faults
        self._running: list[Attempt] = []
        self._over: list[Attempt] = []
        self._leader: Attempt | None = None
        self._has_given = False
        self._owes_withdrawal = False
        self._failure: ProviderError | None = None
        self._news = asyncio.Event()

    async def begin(self) -> None:
        """Wait until an answer begins. Raises the last `ProviderError` where none does."""
        while self._leader is None:
            await self._step()

    async def items(self) -> AsyncGenerator[Item]:
        """The answer. Raises `ProviderError` where it breaks and nothing can take its place."""
        while True:
            leader = self._leader
            if self._owes_withdrawal:
                self._owes_withdrawal = self._has_given = False
                yield Withdrawn()
            elif leader is not None and leader.has_items and not self._is_void(leader):
                item = leader.take()
                if not isinstance(item, Withdrawn):
                    self._has_given = True
                elif self._may_withdraw():
                    self._has_given = False
                else:
                    continue
                yield item
            elif leader is not None and leader.is_whole:
                return
            else:
                await self._step()

    async def close(self) -> None:
        """End what still runs, and wait until all is closed and metered."""
        for attempt in list(self._running):
            if attempt is self._leader:
                self._board.note(attempt.route, lambda health: health.answered())
            self._end(attempt, "answered" if attempt.is_whole else "left")
        for attempt in self._over:
            await attempt.closed()

    def _is_void(self, leader: Attempt) -> bool:
        return leader.failure is not None and self._may_withdraw()

    async def _step(self) -> None:
        """Act on what happened and on what is due; where that gives nothing, wait for more."""
        self._news.clear()
        self._act(now())
        leader = self._leader
        if self._owes_withdrawal or (leader and (leader.has_items or leader.is_whole)):
            return
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._next_due()):
                await self._news.wait()

    def _act(self, at: float) -> None:
        for attempt in list(self._running):
            self._check(attempt, at)
        self._choose_leader(at)
        self._ask_next(at)

    # What is waited for

    def _next_due(self) -> float:
        due = [self._gives_up_at(attempt) for attempt in self._running]
        if (late_at := self._late_at()) is not None:
            due.append(late_at)
        return min(due)

    def _gives_up_at(self, attempt: Attempt) -> float:
        """When it has failed, or is taken for whole as only its usage is missing."""
        if attempt.began_at is None:
            due_at = attempt.asked_at + self._patience.first_token_s
            return max(due_at, self._is_worth_waiting_until(attempt))
        wait_s = self._patience.stall_s if attempt.is_ending else self._patience.token_s
        return attempt.alive_at + wait_s

    def _is_worth_waiting_until(self, attempt: Attempt) -> float:
        """One that reasons is alive; one that loads the model is given up only for another."""
        until = attempt.asked_at
        if attempt.is_thinking:
            thought_out_at = attempt.asked_at + self._patience.think_s
            until = min(attempt.alive_at + self._patience.token_s, thought_out_at)
        routes = [one.route for one in self._running] + [one.route for one in self._left]
        if all(route == attempt.route for route in routes):
            until = max(until, attempt.asked_at + attempt.route.load_s)
        return until

    def _late_at(self) -> float | None:
        """When the last request is late, and the next route is asked."""
        last, late_at = self._running[-1], None
        if last is not self._leader and self._patience.asks_beside:
            late_at = last.asked_at + self._late_after_s(last)
        elif last is self._leader and self._may_withdraw() and not last.is_ending:
            late_at = last.alive_at + self._patience.stall_s
        return late_at if late_at is not None and self._next_upstream(now()) else None

    def _late_after_s(self, last: Attempt) -> float:
        if self._patience.races and not last.is_beside:
            return 0.0
        return self._board.health(last.route).late_after_s

    # What is done

    def _check(self, attempt: Attempt, at: float) -> None:
        if attempt.is_running and at >= self._gives_up_at(attempt):
            if attempt.is_ending and attempt.began_at is not None:
                attempt.finish()
            else:
                self._give_up(attempt)
        if attempt.failure is not None:
            self._drop(attempt, attempt.failure, at)

    def _give_up(self, attempt: Attempt) -> ProviderError:
        error = ProviderTimeout(attempt.route.upstream, "no token in time")
        attempt.give_up(error)
        return error

    def _drop(self, attempt: Attempt, failure: ProviderError, at: float) -> None:
        """It failed. Raises that where the caller hears its answer already."""
        log.warning(
            "llm.upstream_failed", extra={"upstream": failure.provider, "reason": failure.reason}
        )
        self._faults.add(
            FaultKind.MODEL_FAILED,
            provider=failure.provider,
            reason=failure.reason,
            at=attempt.asked_at,
            lasted_s=at - attempt.asked_at,
        )
        self._count_against(attempt.route, lambda health: health.failed(failure, at))
        self._end(attempt, "failed")
        self._failure = failure
        if isinstance(failure, ProviderRefused):
            self._left = [one for one in self._left if one.route != attempt.route]
        if attempt is self._leader:
            if self._has_given and not self._may_withdraw():
                raise failure
            self._leader = None

    def _choose_leader(self, at: float) -> None:
        """Who began first, where nobody leads or the leader stalls and can be withdrawn."""
        leader = self._leader
        others = [attempt for attempt in self._running if attempt is not leader]
        if leader is not None and (leader.has_items or not self._may_withdraw()):
            for other in others:
                self._outrun(other, at)
            return
        began = [other for other in others if other.began_at is not None]
        if not began:
            return
        if leader is not None:
            self._drop(leader, self._give_up(leader), at)
        self._lead(min(began, key=lambda other: other.began_at or at), at)

    def _lead(self, attempt: Attempt, at: float) -> None:
        self._leader = attempt
        if attempt.is_beside:
            LLM_HEDGES.labels("won").inc()
        self._owes_withdrawal = self._has_given
        first_token_s = (attempt.began_at or at) - attempt.asked_at
        self._board.note(attempt.route, lambda health: health.began(first_token_s, at))
        for other in [one for one in self._running if one is not attempt]:
            self._outrun(other, at)
        self._on_lead(attempt.route)

    def _outrun(self, attempt: Attempt, at: float) -> None:
        """Another's answer is given."""
        if attempt.began_at is None:
            elapsed_s = at - attempt.asked_at
            self._count_against(attempt.route, lambda health: health.was_outrun(elapsed_s, at))
        self._end(attempt, "outrun")

    def _count_against(self, route: Route, change: Change) -> None:
        """Note what may open the route's breaker, and tell when it does."""
        n_before = self._board.health(route).n_openings
        if self._board.note(route, change).n_openings > n_before:
            log.warning("llm.left_alone", extra={"upstream": route.upstream, "model": route.model})
            LLM_BREAKERS.labels(route.upstream).inc()

    def _ask_next(self, at: float) -> None:
        """Ask the next route where nobody answers, or where the last one asked is late."""
        if not self._running:
            upstream = self._next_upstream(at) or next(iter(self._left), None)
            if upstream is None:
                assert self._failure is not None, "a model has at least one upstream"
                raise self._failure
            self._ask(upstream, at)
            return
        late_at = self._late_at()
        upstream = self._next_upstream(at)
        if late_at is None or at < late_at or upstream is None:
            return
        last = self._running[-1]
        if self._late_after_s(last):
            after_ms = round(1000 * (at - last.asked_at))
            log.info("llm.late", extra={"upstream": last.route.upstream, "after_ms": after_ms})
            self._faults.add(
                FaultKind.MODEL_LATE,
                provider=last.route.upstream,
                at=last.asked_at,
                lasted_s=at - last.asked_at,
            )
        if not self._patience.asks_beside:
            self._drop(last, self._give_up(last), at)
        self._ask(upstream, at, is_beside=bool(self._running))

    def _next_upstream(self, at: float) -> Upstream | None:
        """The first that was not asked and may be."""
        allowed = (one for one in self._left if not self._board.health(one.route).is_open(at))
        return next(allowed, None)

    def _ask(self, upstream: Upstream, at: float, *, is_beside: bool = False) -> None:
        self._left.remove(upstream)
        self._board.note(upstream.route, lambda health: health.tried(at))
        attempt = Attempt(upstream, self._question, self._news.set, is_beside=is_beside)
        self._running.append(attempt)

    def _end(self, attempt: Attempt, outcome: str) -> None:
        """It is no longer in the race: its request is closed in the background."""
        is_heard = attempt is self._leader and (outcome != "failed" or not self._may_withdraw())
        attempt.account.is_void = not is_heard
        self._running.remove(attempt)
        self._over.append(attempt)
        LLM_REQUESTS.labels(attempt.route.upstream, outcome).inc()
        if attempt.is_beside and attempt is not self._leader:
            LLM_HEDGES.labels("failed" if outcome == "failed" else "lost").inc()
        if not attempt.is_whole:
            attempt.cancel()
