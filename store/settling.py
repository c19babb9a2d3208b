"""What a holder that is gone left behind of a session that is over: written, then forgotten.

A job that lives writes its own and finishes its hold. One that died with its session, or was cut
off from the database until the session had ended without it, left a turn as it was a second before
and what no turn had been charged with.
"""

from typing import Final

import asyncpg

from core.errors import StoreError, StoreUnavailable
from store.kept import charge_of, turn_of
from store.ledger import LedgerRepository
from store.records import SessionId
from store.repository import Repository
from store.turns import TurnRepository

SETTLED_AFTER_S: Final = 15.0
"""After the end and the lease: time for a holder, or the journal of its machine, to write."""

_OWING: Final = """
SELECT s.id, s.epoch, h.open_turn, h.unbilled
FROM sessions s JOIN session_holds h ON h.session_id = s.id
WHERE greatest(s.ended_at, h.lease_until) < clock_timestamp() - make_interval(secs => $1)
  AND s.ended_at IS NOT NULL
LIMIT 1 FOR NO KEY UPDATE OF s, h SKIP LOCKED"""
_FORGET: Final = "DELETE FROM session_holds WHERE session_id = $1"


class SettlingRepository(Repository):
    """Settles what holders left. Call it in a transaction."""

    async def settle(self) -> SessionId | None:
        """Write what one session's holder left, and forget its memory; None when none is left.

        A turn that is stored already, or whose index another has, stays as it is. Raises
        `StoreUnavailable`.
        """
        owing = await self._row(_OWING, SETTLED_AFTER_S)
        if owing is None:
            return None
        for write in (self._write_turn, self._write_charges):
            try:
                async with self._connection.transaction():
                    await write(owing)
            except StoreUnavailable:
                raise
            except (StoreError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
                continue  # what cannot be a row is none
        session_id: SessionId = owing["id"]
        await self._row(_FORGET, session_id)
        return session_id

    async def _write_turn(self, owing: asyncpg.Record) -> None:
        if (kept := owing["open_turn"]) is not None:
            turns = TurnRepository(self._connection)
            await turns.add_turn(owing["id"], turn_of(kept), epoch=owing["epoch"])

    async def _write_charges(self, owing: asyncpg.Record) -> None:
        charges = [charge_of(one) for one in owing["unbilled"] or ()]
        ledger = LedgerRepository(self._connection)
        await ledger.charge(owing["id"], charges, epoch=owing["epoch"])
