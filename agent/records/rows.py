"""What a session leaves in the store, row by row; each may be written again and changes nothing.

A turn and a charge are known by their ids, a substitution is listed once, the first end counts.
"""

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import assert_never

from core.metrics import ROWS_LOST, SESSIONS_ENDED
from pipeline.events import TurnEnded
from pipeline.spending import counts_of
from store.ledger import Charge, LedgerRepository
from store.pool import Connection, Database
from store.records import EndReason, NewTurn, SessionId, Substitution, TurnId, TurnRecord
from store.sessions import SessionRepository
from store.turns import TurnRepository

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A turn and what it is charged."""

    turn: NewTurn
    charges: Sequence[Charge]


@dataclass(frozen=True, slots=True)
class ChargesRow:
    """What is charged for after the last turn."""

    charges: Sequence[Charge]


@dataclass(frozen=True, slots=True)
class EndRow:
    """The session's end. `over_since_s` is its moment by the loop's clock."""

    reason: EndReason
    over_since_s: float


Row = TurnRow | ChargesRow | Substitution | EndRow


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a job writes for: a session, and the epoch that its claim of it was given."""

    session_id: SessionId
    epoch: int


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a row: the turn that everybody can read now, whether more can be paid for,
    whether the session ended by it."""

    turn: TurnRecord | None = None
    has_funds: bool = True
    has_ended: bool = False


class RowWriter:
    """Writes the rows of one session, each in a transaction of its own."""

    def __init__(self, database: Database, mandate: Mandate) -> None:
        self._database = database
        self._mandate = mandate

    async def write(self, row: Row) -> Written:
        """Raises `StoreError`; `StaleError` once another job holds the session."""
        async with self._database.transaction() as connection:
            written = await self._store(row, connection)
        if isinstance(row, EndRow) and written.has_ended:
            SESSIONS_ENDED.labels(row.reason.value).inc()
            log.info("session.ended", extra={"end_reason": row.reason.value})
        return written

    async def _store(self, row: Row, connection: Connection) -> Written:
        session_id, epoch = self._mandate.session_id, self._mandate.epoch
        sessions, ledger = SessionRepository(connection), LedgerRepository(connection)
        match row:
            case TurnRow():
                turns = TurnRepository(connection)
                turn = await turns.add_turn(session_id, row.turn, row.charges, epoch=epoch)
                return Written(turn, has_funds=await ledger.has_funds(session_id))
            case ChargesRow():
                await ledger.charge(session_id, row.charges, epoch=epoch)
            case Substitution():
                await sessions.add_substitution(session_id, row, epoch=epoch)
            case EndRow():
                over_s = asyncio.get_running_loop().time() - row.over_since_s
                ended = await sessions.end_session(
                    session_id, row.reason, ended_s_ago=over_s, epoch=epoch
                )
                return Written(has_ended=ended is not None)
            case _:
                assert_never(row)
        return Written()


def new_turn(event: TurnEnded, llm_model: str) -> NewTurn:
    """The row that a turn becomes."""
    return NewTurn(
        id=TurnId(uuid.UUID(event.id)),
        turn_index=event.turn_index,
        user_transcript=event.user_transcript,
        agent_response=event.agent_response,
        interrupted=event.interrupted,
        llm_model=llm_model,
        language=event.language,
        started_at_ms=event.started_at_ms,
        ended_at_ms=event.ended_at_ms,
        caller_audio_s=event.caller_audio_s,
        agent_audio_s=event.agent_audio_s,
        tool_rounds=event.tool_rounds,
        discarded_answers=event.n_discarded,
        upstream=event.upstream,
        passages=event.passages,
        faults=event.faults,
        **counts_of(event.used, event.discarded),
        **asdict(event.latencies),
        first_audio_at_ms=_since_start(event, "first_audio_at"),
        **asdict(event.moments),
    )


def _since_start(event: TurnEnded, mark: str) -> int | None:
    """Milliseconds; None for a mark that was not reached."""
    return max(0, event.marks[mark]) if mark in event.marks else None


def kind_of(row: Row) -> str:
    """What it is called in log and metrics."""
    match row:
        case TurnRow():
            return "turn"
        case ChargesRow():
            return "charges"
        case Substitution():
            return "substitution"
        case EndRow():
            return "end"
        case _:
            assert_never(row)


def count_lost(rows: Collection[Row]) -> Mapping[str, int]:
    """Count rows that nobody will write any more; how many of each kind."""
    kinds = Counter(map(kind_of, rows))
    for kind, n in kinds.items():
        ROWS_LOST.labels(kind).inc(n)
    return dict(kinds)
