"""Makes the analyses of sessions that are over: leased, asked of the session's model, settled.

    lease ──▶ turns ──▶ ask ──▶ fits ──▶ ready
      ▲                  │ ▲└── does not: told why, asked again, `MAX_ASKED` times in all ─▶ failed
      │                  │ └──────────────────────────┘
      └── later ◀── no host answers; after the last wait ─▶ failed

Every worker of the fleet runs one; a lease makes each analysis one worker's at a time, and runs out
when that is gone. Sessions on the same machine come first: nothing here is in a hurry.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Final, Self

from agent.analysis.answer import MAX_ANSWER_CHARS, AnswerUnfit, findings_of
from agent.analysis.question import question_of, schema_of
from agent.equipment.parts import upstreams_of
from agent.records.till import Till
from core.catalog import Catalog, Model, Route
from core.errors import ProviderError, ProviderTimeout, StoreError, StoreUnavailable
from core.log import log_context
from core.metrics import ANALYSES
from core.settings import Settings
from core.supervision import Health, kept_up, looked, stop_tasks
from pipeline.metering import Meter
from pipeline.ports import LanguageModel, Message
from pipeline.race import Patience
from pipeline.route_board import OwnBoard
from pipeline.router import Router
from store.analyses import (
    AnalysisError,
    AnalysisRepository,
    AnalysisStatus,
    Findings,
    LeasedAnalysis,
    Verdict,
)
from store.analysis_wish import AnalysisWish
from store.ledger import Charge, LedgerRepository
from store.pool import Database
from store.records import TurnRecord
from store.turns import TurnRepository

log = logging.getLogger(__name__)

POLL_S: Final = 5.0
MOST_AT_ONCE: Final = 2
ANSWER_S: Final = 90.0
"""For one answer, all hosts together."""
LEASE_S: Final = 360.0
"""Longer than all answers of an attempt can take."""
MAX_ASKED: Final = 3
RETRY_WAITS_S: Final = (10.0, 60.0, 300.0, 900.0)
"""Between attempts, while no host answers."""
PATIENCE: Final = Patience(
    first_token_s=30.0, token_s=20.0, stall_s=20.0, asks_beside=False, think_s=60.0
)
"""Nobody is on the line: a host is given up before another is asked."""
MOST_ATTEMPTS: Final = 8
"""Those count as well that ended with their process."""
STOP_S: Final = 3.0


class Analyst:
    """One worker's; use `opened`."""

    def __init__(self, database: Database, settings: Settings, catalog: Catalog) -> None:
        self._settings = settings
        self._catalog = catalog
        self._database = database
        self._board = OwnBoard()
        self._making: dict[asyncio.Task[None], LeasedAnalysis] = {}

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, database: Database, settings: Settings, catalog: Catalog, *, health: Health
    ) -> AsyncIterator[Self]:
        """Analyse in the background; what is not done on leaving is given back."""
        analyst = cls(database, settings, catalog)
        try:
            async with kept_up("analyst", analyst._run, health=health):
                yield analyst
        finally:
            await analyst._give_back()

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
                looked("analyst")
            except StoreUnavailable as exc:
                log.warning("analyses.waiting", extra={"reason": str(exc)})
            await asyncio.sleep(POLL_S)

    async def look(self) -> None:
        """Take up what is due, as much as there is room for. Raises `StoreUnavailable`."""
        if (places := MOST_AT_ONCE - len(self._making)) <= 0:
            return
        async with self._database.connection() as connection:
            leased = await AnalysisRepository(connection).lease(places, lease_s=LEASE_S)
        for one in leased:
            task = asyncio.create_task(self._make_safely(one), name="analysis")
            self._making[task] = one
            task.add_done_callback(self._making.pop)

    async def settled(self) -> None:
        """Wait until all that was taken up is done."""
        while self._making:
            await asyncio.wait(self._making)

    async def _make_safely(self, leased: LeasedAnalysis) -> None:
        with log_context(session=str(leased.session.id)):
            try:
                await self._make(leased)
            except StoreError as exc:  # its lease runs out, and it is made again
                log.warning("analysis.not_kept", extra={"error": type(exc).__name__})
            except Exception as exc:
                log.exception("analysis.broken", exc_info=exc)
                verdict = Verdict(_model_id(leased), error=AnalysisError.MODEL_FAILED)
                await self._settle(leased, verdict, ())

    async def _make(self, leased: LeasedAnalysis) -> None:
        async with self._database.connection() as connection:
            turns = await TurnRepository(connection).list_turns(leased.session.id)
            has_funds = await LedgerRepository(connection).has_funds(leased.session.id)
        model = self._catalog.model(_model_id(leased))
        error = None
        if not any(turn.user_transcript for turn in turns):
            error = AnalysisError.NOTHING_SAID
        elif leased.attempt > MOST_ATTEMPTS:
            error = AnalysisError.MODEL_FAILED
        elif not has_funds:
            error = AnalysisError.INSUFFICIENT_CREDITS
        elif model is None or not any(map(self._has_key, model.routes)):
            error = AnalysisError.MODEL_UNAVAILABLE
        if error is not None or model is None:
            await self._settle(leased, Verdict(_model_id(leased), error=error), ())
            return
        await self._ask(leased, model, turns)

    def _has_key(self, route: Route) -> bool:
        return self._settings.llm.upstream(route.upstream) is not None

    async def _ask(self, leased: LeasedAnalysis, model: Model, turns: Sequence[TurnRecord]) -> None:
        """Settle it with what the model says, or leave it to a later attempt."""
        till = Till(Meter(), self._catalog, leased.session.config)
        wish = AnalysisWish.of(leased.session.config["analysis"])
        try:
            async with self._asked(model, till.meter) as router:
                found = await _report(router, wish, question_of(wish, turns, model.context_window))
        except ProviderError as exc:
            log.warning("analysis.unanswered", extra={"provider": exc.provider})
            await self._postpone(leased, till.take())
            return
        error = AnalysisError.ANSWER_UNFIT if found is None else None
        await self._settle(leased, Verdict(model.id, found or Findings(), error), till.take())

    @asynccontextmanager
    async def _asked(self, model: Model, meter: Meter) -> AsyncIterator[Router]:
        async with AsyncExitStack() as stack:
            upstreams = upstreams_of(
                self._settings.llm, model, meter, self._board, silence_s=PATIENCE.first_token_s
            )
            for upstream in set(upstreams):
                stack.push_async_callback(upstream.aclose)
            yield Router(upstreams, PATIENCE, self._board, lambda _: None, order=model.order)

    async def _settle(
        self, leased: LeasedAnalysis, verdict: Verdict, charges: Sequence[Charge]
    ) -> None:
        async with self._database.transaction() as connection:
            is_kept = await AnalysisRepository(connection).settle(leased, verdict, charges)
        if is_kept:
            status = AnalysisStatus.READY if verdict.error is None else AnalysisStatus.FAILED
            ANALYSES.labels(verdict.error or status).inc()
            extra = {"status": status, "error": verdict.error, "attempt": leased.attempt}
            log.info("analysis.ended", extra=extra)

    async def _postpone(self, leased: LeasedAnalysis, charges: Sequence[Charge]) -> None:
        if leased.attempt > len(RETRY_WAITS_S):
            verdict = Verdict(_model_id(leased), error=AnalysisError.MODEL_FAILED)
            await self._settle(leased, verdict, charges)
            return
        wait_s = RETRY_WAITS_S[leased.attempt - 1]
        async with self._database.transaction() as connection:
            await AnalysisRepository(connection).postpone(leased, wait_s, charges)

    async def _give_back(self) -> None:
        """What is under way, so that another worker need not wait for the lease."""
        late = dict(self._making)
        await stop_tasks(late, within_s=STOP_S)
        with suppress(StoreError, TimeoutError):
            async with asyncio.timeout(STOP_S), self._database.connection() as connection:
                for leased in late.values():
                    await AnalysisRepository(connection).give_back(leased)


async def _report(
    model: LanguageModel, wish: AnalysisWish, messages: Sequence[Message]
) -> Findings | None:
    """What the model reports; None where its answers do not fit. Raises `ProviderError`."""
    schema, told = schema_of(wish), list(messages)
    for _ in range(MAX_ASKED):
        answer = await _answer(model, told)
        try:
            return findings_of(answer, schema)
        except AnswerUnfit as exc:
            log.info("analysis.unfit")
            why = f"That does not fit. {exc} Answer with the JSON object alone."
            told = [*messages, Message("assistant", answer or "…"), Message("user", why)]
    return None


async def _answer(model: LanguageModel, messages: Sequence[Message]) -> str:
    """Its text, no longer than one that could fit. Raises `ProviderError`."""
    text = ""
    try:
        async with asyncio.timeout(ANSWER_S), model.reply(messages) as items:
            async for item in items:
                text += item if isinstance(item, str) else ""
                if len(text) > MAX_ANSWER_CHARS:
                    return text
    except TimeoutError:
        raise ProviderTimeout("llm", "no whole answer in time") from None
    return text


def _model_id(leased: LeasedAnalysis) -> str:
    return str(leased.session.config["llm_model"])
