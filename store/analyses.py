"""Analyses: an outbox of sessions that are over, leased by those who make them.

    session ends ──same statement──▶ pending ─lease─▶ leased ─settle─▶ ready │ failed
                                        ▲                │ postpone, or the lease ran out
                                        └────────────────┘

What came of it, what it cost and the webhooks that tell of it are one transaction.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from core.errors import StaleError
from store.ledger import Charge, LedgerRepository
from store.outbox import WebhookEvent, telling
from store.records import SessionId, SessionRecord
from store.repository import Repository
from store.sessions import COLUMNS, session_of

LAST_WORDS_S: Final = 60.0
"""How long the turns of a session are waited for whose job, or what it left, is still to be
written."""

_FOUND: Final = "summary, sentiment, disposition, goal_met, extracted"
_COLUMNS: Final = f"status, {_FOUND}, model, error, created_at, updated_at"
_GET: Final = f"SELECT {_COLUMNS} FROM analyses WHERE session_id = $1"  # noqa: S608
_LEASE: Final = f"""
WITH due AS (
    SELECT a.session_id FROM analyses a
    WHERE a.status = 'pending' AND a.next_attempt_at <= now()
      AND (a.leased_until IS NULL OR a.leased_until <= now())
      AND (a.created_at < now() - make_interval(secs => $4)
           OR NOT EXISTS (SELECT FROM session_holds h WHERE h.session_id = a.session_id))
    ORDER BY a.next_attempt_at LIMIT $1
    FOR UPDATE OF a SKIP LOCKED
), leased AS (
    UPDATE analyses a
    SET lease_id = $2, leased_until = now() + make_interval(secs => $3), attempts = attempts + 1
    FROM due WHERE a.session_id = due.session_id
    RETURNING a.session_id, a.lease_id, a.attempts
)
SELECT {COLUMNS}, s.epoch, l.lease_id, l.attempts
FROM leased l JOIN sessions s ON s.id = l.session_id"""  # noqa: S608
_POSTPONE: Final = """
UPDATE analyses
SET leased_until = NULL, next_attempt_at = now() + make_interval(secs => $3), updated_at = now()
WHERE session_id = $1 AND lease_id = $2 AND status = 'pending' AND leased_until IS NOT NULL"""
_GIVE_BACK: Final = """
UPDATE analyses SET leased_until = NULL, attempts = attempts - 1
WHERE session_id = $1 AND lease_id = $2 AND status = 'pending' AND leased_until IS NOT NULL"""
_SETTLE: Final = f"""
WITH settled AS (
    UPDATE analyses
    SET status = $3, summary = $4, sentiment = $5, disposition = $6, goal_met = $7, extracted = $8,
        model = $9, error = $10, leased_until = NULL, next_attempt_at = NULL, updated_at = now()
    WHERE session_id = $1 AND lease_id = $2 AND status = 'pending' AND leased_until IS NOT NULL
    RETURNING session_id, status AS analysis_status, {_FOUND}, model, error
), changed AS (
    UPDATE sessions s
    SET disposition = a.disposition, sentiment = a.sentiment, goal_met = a.goal_met
    FROM settled a WHERE s.id = a.session_id
    RETURNING s.*, a.analysis_status, a.summary, a.extracted, a.model, a.error
), {telling(WebhookEvent.ANALYZED)}
SELECT session_id FROM settled"""  # noqa: S608


class AnalysisStatus(StrEnum):
    """Where an analysis stands; the last two are final."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class AnalysisError(StrEnum):
    """Why there is none."""

    NOTHING_SAID = "nothing_said"
    INSUFFICIENT_CREDITS = "insufficient_credits"
    MODEL_UNAVAILABLE = "model_unavailable"
    MODEL_FAILED = "model_failed"
    ANSWER_UNFIT = "answer_unfit"


@dataclass(frozen=True, slots=True)
class Findings:
    """What a model made of a session; None for what was not wanted, or not found."""

    summary: str | None = None
    sentiment: str | None = None
    disposition: str | None = None
    goal_met: bool | None = None
    extracted: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AnalysisRecord(Findings):
    """An analysis as far as it has come."""

    status: AnalysisStatus = AnalysisStatus.PENDING
    model: str | None = None
    error: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeasedAnalysis:
    """A session that this process alone may analyse now, for the `attempt`th time, counted from
    1."""

    session: SessionRecord
    epoch: int
    lease_id: UUID
    attempt: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it: findings, or an `error`; `model` made them."""

    model: str
    findings: Findings = Findings()
    error: AnalysisError | None = None


class AnalysisRepository(Repository):
    """Leases analyses, settles and tells them."""

    async def find(self, session_id: SessionId) -> AnalysisRecord | None:
        """The session's, None where none was asked for, or it has not ended."""
        row = await self._row(_GET, session_id)
        return None if row is None else _record_of(row)

    async def lease(self, limit: int, *, lease_s: float) -> list[LeasedAnalysis]:
        """Up to `limit` that are due, for `lease_s` seconds."""
        rows = await self._rows(_LEASE, limit, uuid4(), lease_s, LAST_WORDS_S)
        return [
            LeasedAnalysis(session_of(row), row["epoch"], row["lease_id"], row["attempts"])
            for row in rows
        ]

    async def postpone(
        self, leased: LeasedAnalysis, retry_in_s: float, charges: Sequence[Charge] = ()
    ) -> None:
        """Leave it to a later attempt; what this one cost is charged. Call it in a transaction."""
        await self._charge(leased, charges)
        await self._row(_POSTPONE, leased.session.id, leased.lease_id, retry_in_s)

    async def give_back(self, leased: LeasedAnalysis) -> None:
        """It was not attempted to its end: another may do so at once."""
        await self._row(_GIVE_BACK, leased.session.id, leased.lease_id)

    async def settle(
        self, leased: LeasedAnalysis, verdict: Verdict, charges: Sequence[Charge] = ()
    ) -> bool:
        """Write what came of it, charge it, tell of it. Call it in a transaction.

        False where another has it by now, or it was erased: then it is charged and forgotten.
        """
        await self._charge(leased, charges)
        found, error = verdict.findings, verdict.error
        extracted = None if found.extracted is None else json.dumps(found.extracted)
        row = await self._row(
            _SETTLE,
            leased.session.id,
            leased.lease_id,
            AnalysisStatus.READY if error is None else AnalysisStatus.FAILED,
            found.summary,
            found.sentiment,
            found.disposition,
            found.goal_met,
            extracted,
            verdict.model,
            error,
        )
        return row is not None

    async def _charge(self, leased: LeasedAnalysis, charges: Sequence[Charge]) -> None:
        """First of all, also where it cost nothing: it locks the session, as all do that need both
        rows."""
        try:
            ledger = LedgerRepository(self._connection)
            await ledger.charge(leased.session.id, charges, epoch=leased.epoch)
        except StaleError:  # the session is gone
            return


def _record_of(row: asyncpg.Record) -> AnalysisRecord:
    fields = {name: row[name] for name in AnalysisRecord.__dataclass_fields__}
    extracted = row["extracted"]
    return AnalysisRecord(
        **{
            **fields,
            "status": AnalysisStatus(row["status"]),
            "extracted": None if extracted is None else json.loads(extracted),
        }
    )
