"""A session that is a job's: claimed, or handed over, with what is stored of it."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agent.holding.keeper import LEASE_S
from agent.holding.memory import past_of, resume_point
from core.errors import StoreError
from pipeline.resumption import PastTurn, ResumePoint
from pipeline.snapshot import Snapshot
from store.holds import Claim, HoldRepository
from store.pool import Database
from store.records import TurnRecord
from store.summons import Summons
from store.turns import TurnRepository

log = logging.getLogger(__name__)

CLAIM_WAITS_S: Final = (0.2, 1.0, 3.0)
"""Before a database that was away is asked again; then it is left to another agent."""


@dataclass(frozen=True, slots=True)
class Held:
    """A session that is the job's, with the turns that are stored of it. `at` is the loop's time at
    which it became so; `is_planned` says that its last holder has handed it over."""

    claim: Claim
    turns: list[TurnRecord]
    at: float
    is_planned: bool = False

    @property
    def is_taken_up(self) -> bool:
        """Whether another job has begun it."""
        return self.claim.elapsed_s is not None

    @property
    def elapsed_s(self) -> float:
        """How long it has been active by now."""
        return (self.claim.elapsed_s or 0.0) + asyncio.get_running_loop().time() - self.at

    @property
    def unheard_s(self) -> float:
        """How long ago the caller's sound began that belongs to no turn that was decided."""
        snapshot = Snapshot.from_json(self.claim.memory)
        return max(0.0, self.elapsed_s - snapshot.unheard_from_ms / 1000)

    @property
    def past(self) -> Sequence[PastTurn]:
        """What was said before, as far as anybody has it."""
        return past_of(self.claim.memory, self.turns)

    def resume_point(self, *, kept_s: float = 0.0) -> ResumePoint:
        """Where to go on. Of the caller's sound the last `kept_s` will be heard again."""
        return resume_point(
            self.claim.memory,
            self.turns,
            elapsed_s=self.elapsed_s,
            is_planned=self.is_planned,
            sound_from_s=self.elapsed_s - kept_s if kept_s else None,
        )


async def claimed(database: Database, holder: str, summons: Summons) -> Held | None:
    """The session, this job's own from now on; None when it is another's, over or unknown."""
    for wait_s in (*CLAIM_WAITS_S, None):
        try:
            return await claim_once(database, holder, summons)
        except StoreError as exc:
            log.error("session.unclaimed", extra={"error": type(exc).__name__})
            if wait_s is not None:
                await asyncio.sleep(wait_s)
    return None


async def claim_once(database: Database, holder: str, summons: Summons) -> Held | None:
    """As `claimed`. Raises `StoreError`."""
    async with database.connection() as connection:
        claim = await HoldRepository(connection).claim(
            summons.session_id, holder, seat=summons.seat, lease_s=LEASE_S
        )
    return None if claim is None else await _with_turns(database, claim, is_planned=False)


async def taken_over(database: Database, holder: str, summons: Summons) -> Held | None:
    """What was handed over to this job, None as long as nothing was. Raises `StoreError`."""
    async with database.connection() as connection:
        claim = await HoldRepository(connection).take(summons.session_id, holder)
    return None if claim is None else await _with_turns(database, claim, is_planned=True)


async def _with_turns(database: Database, claim: Claim, *, is_planned: bool) -> Held:
    at = asyncio.get_running_loop().time()
    turns: list[TurnRecord] = []
    if claim.elapsed_s is not None:
        async with database.connection() as connection:
            turns = await TurnRepository(connection).list_turns(claim.session.id)
    return Held(claim, turns, at, is_planned)
