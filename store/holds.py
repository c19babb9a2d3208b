"""Who holds a session: claimed under a lease, renewed while the job lives, handed on, taken over.

    nobody ─claim─▶ held ─renew─▶ held ─…─ lease runs out ─claim by another─▶ held (a recovery)
                      ├─ release: the job cannot go on ──────────┘
                      └─ hand_over: to the successor that announced itself, no lease in between

Each change of hands raises the session's epoch. Times are the database's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from store.kept import charge_of, charge_to_json, turn_to_json
from store.ledger import Charge
from store.records import NewTurn, SessionId, SessionRecord, SessionStatus
from store.repository import Repository
from store.sessions import COLUMNS, session_of

ALIVE_ATTRIBUTE: Final = "vaarta.alive"
"""What a holder that cannot renew its lease shows in the room: another text every second, taken
away once it can. Who has the database, which a claim needs, may not be cut off from it."""
MAX_RECOVERIES: Final = 3
"""A session that has lost as many workers is not the workers' misfortune any more."""

# The session's row is locked before its hold, as by every other statement that needs both.
_CLAIM: Final = f"""
WITH living AS (
    SELECT s.id FROM sessions s
    WHERE s.id = $1 AND $3 IN (0, s.seat + 1)
      AND (s.status = 'created' OR (s.status = 'active' AND s.recoveries < $5))
    FOR NO KEY UPDATE OF s
), held AS (
    INSERT INTO session_holds AS h (session_id, holder, lease_until)
    SELECT id, $2, clock_timestamp() + make_interval(secs => $4) FROM living
    ON CONFLICT (session_id) DO UPDATE
    SET holder = excluded.holder, lease_until = excluded.lease_until, successor = NULL
    WHERE h.lease_until <= clock_timestamp()
    RETURNING session_id, memory, unbilled
), changed AS (
    UPDATE sessions s
    SET epoch = epoch + 1, seat = greatest(seat, $3),
        recoveries = recoveries + CASE status WHEN 'active' THEN 1 ELSE 0 END
    FROM held WHERE s.id = held.session_id
    RETURNING {COLUMNS}, epoch
)
SELECT changed.*, held.memory, held.unbilled,
       extract(epoch FROM clock_timestamp() - started_at)::double precision AS elapsed_s
FROM changed, held"""  # noqa: S608 - only constants are filled in
_RENEW: Final = """
UPDATE session_holds
SET lease_until = clock_timestamp() + make_interval(secs => $3),
    memory = CASE WHEN NOT is_emptied THEN coalesce($4, memory) END,
    open_turn = CASE WHEN $4::jsonb IS NULL OR is_emptied THEN open_turn ELSE $5 END,
    unbilled = CASE WHEN $4::jsonb IS NULL THEN unbilled ELSE $6 END
WHERE session_id = $1 AND holder = $2
RETURNING session_id"""
_RELEASE: Final = """
UPDATE session_holds SET lease_until = least(lease_until, clock_timestamp())
WHERE session_id = $1 AND holder = $2
RETURNING session_id"""
_FINISH: Final = "DELETE FROM session_holds WHERE session_id = $1 AND holder = $2"
_ANNOUNCE: Final = """
UPDATE session_holds SET successor = $3
WHERE session_id = $1 AND holder = $2 AND lease_until > clock_timestamp()
RETURNING session_id"""
_HAND_OVER: Final = """
WITH living AS (
    SELECT id FROM sessions WHERE id = $1 AND status = 'active' FOR NO KEY UPDATE
), handed AS (
    UPDATE session_holds h
    SET holder = $3, successor = NULL, lease_until = clock_timestamp() + make_interval(secs => $4),
        memory = $5, open_turn = $6, unbilled = $7
    FROM living
    WHERE h.session_id = living.id AND h.holder = $2 AND h.successor = $3
    RETURNING h.session_id
)
UPDATE sessions s SET epoch = epoch + 1, seat = seat + 1 FROM handed WHERE s.id = handed.session_id
RETURNING s.id"""
_TAKE: Final = f"""
SELECT {COLUMNS}, s.epoch, h.memory, h.unbilled,
       extract(epoch FROM clock_timestamp() - s.started_at)::double precision AS elapsed_s
FROM sessions s JOIN session_holds h ON h.session_id = s.id
WHERE s.id = $1 AND h.holder = $2 AND s.status = 'active'"""  # noqa: S608

_IS_HELD: Final = """
SELECT FROM session_holds WHERE session_id = $1 AND lease_until > clock_timestamp()"""

_LAPSED: Final = """
SELECT s.id AS session_id, s.room_name, s.status, s.epoch, s.seat, s.recoveries,
       extract(epoch FROM clock_timestamp() - h.lease_until)::double precision AS lapsed_s
FROM session_holds h JOIN sessions s ON s.id = h.session_id
WHERE h.lease_until <= clock_timestamp() AND s.status IN ('created', 'active')
ORDER BY h.lease_until LIMIT $1"""


@dataclass(frozen=True, slots=True)
class LapsedHold:
    """A living session whose lease ran out `lapsed_s` ago."""

    session_id: SessionId
    room_name: str
    status: SessionStatus
    epoch: int
    seat: int
    recoveries: int
    lapsed_s: float


@dataclass(frozen=True, slots=True)
class Belongings:
    """What a holder leaves to whoever goes on: the conversation as it remembers it, and the rows
    that are owed if nobody does."""

    memory: dict[str, Any]
    open_turn: NewTurn | None = None
    unbilled: Sequence[Charge] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A session that is the claimant's now.

    `elapsed_s` is how long it has been active, None before; `memory` and `unbilled` are its last
    holder's, None and nothing where there was none.
    """

    session: SessionRecord
    epoch: int
    elapsed_s: float | None
    memory: dict[str, Any] | None
    unbilled: Sequence[Charge]


class HoldRepository(Repository):
    """Claims sessions for jobs and passes them on. `holder` is a job's id."""

    async def claim(
        self, session_id: SessionId, holder: str, *, seat: int, lease_s: float
    ) -> Claim | None:
        """Take a session that nobody holds, or whose holder's lease ran out.

        A successor takes the `seat` after its predecessor's; whom a new room has sent for has the
        first one again. None for a session that is over, has lost too many workers, or is held.
        """
        row = await self._row(_CLAIM, session_id, holder, seat, lease_s, MAX_RECOVERIES)
        return None if row is None else _claim_of(row)

    async def renew(
        self, session_id: SessionId, holder: str, *, lease_s: float, left: Belongings | None
    ) -> bool:
        """Keep the lease, and with `left` what is left behind; False when another holds it."""
        told = (None, None, None) if left is None else _columns_of(left)
        return await self._row(_RENEW, session_id, holder, lease_s, *told) is not None

    async def release(self, session_id: SessionId, holder: str) -> bool:
        """Let another claim it at once; False where it was not the holder's."""
        return await self._row(_RELEASE, session_id, holder) is not None

    async def finish(self, session_id: SessionId, holder: str) -> None:
        """The session is over and all of it is written: nothing is left behind."""
        await self._row(_FINISH, session_id, holder)

    async def announce(self, session_id: SessionId, holder: str, successor: str) -> bool:
        """A job is ready to take over from `holder`; False where that is not the holder."""
        return await self._row(_ANNOUNCE, session_id, holder, successor) is not None

    async def hand_over(
        self,
        session_id: SessionId,
        holder: str,
        successor: str,
        *,
        lease_s: float,
        left: Belongings,
    ) -> bool:
        """Pass an active session to the successor that announced itself, with the next seat.

        False, and nothing changed, when it is not the holder's any more, or over.
        """
        columns = _columns_of(left)
        row = await self._row(_HAND_OVER, session_id, holder, successor, lease_s, *columns)
        return row is not None

    async def is_held(self, session_id: SessionId) -> bool:
        """Whether somebody's lease is good: no other may claim it."""
        return await self._row(_IS_HELD, session_id) is not None

    async def lapsed(self, limit: int) -> list[LapsedHold]:
        """Living sessions whose holder has not renewed its lease, longest ago first."""
        rows = await self._rows(_LAPSED, limit)
        return [LapsedHold(**{**row, "status": SessionStatus(row["status"])}) for row in rows]

    async def take(self, session_id: SessionId, holder: str) -> Claim | None:
        """What was handed over to `holder`, None as long as nothing was."""
        row = await self._row(_TAKE, session_id, holder)
        return None if row is None else _claim_of(row)


def _claim_of(row: asyncpg.Record) -> Claim:
    unbilled = tuple(charge_of(one) for one in row["unbilled"] or ())
    return Claim(session_of(row), row["epoch"], row["elapsed_s"], row["memory"], unbilled)


def _columns_of(left: Belongings) -> tuple[object, object, object]:
    turn = None if left.open_turn is None else turn_to_json(left.open_turn)
    return left.memory, turn, [charge_to_json(one) for one in left.unbilled] or None
