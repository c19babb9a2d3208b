"""A database that knows of one session only who holds it. Times are the loop's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import pytest

from core.errors import StoreUnavailable
from store.holds import Belongings, Claim
from store.pool import Database
from store.records import SessionId, SessionRecord, SessionStatus, TenantId, TurnRecord

SESSION = SessionId(UUID(int=7))
RECORD = SessionRecord(
    id=SESSION,
    tenant_id=TenantId(UUID(int=1)),
    bot_id=None,
    status=SessionStatus.ACTIVE,
    config={},
    room_name="voice-7",
    metadata=None,
    webhook_url=None,
    started_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    ended_at=None,
    end_reason=None,
    turn_count=0,
    total_audio_seconds=0.0,
    recoveries=0,
    created_at=datetime(2026, 3, 1, 9, 29, tzinfo=UTC),
)


class FakeHolds:
    """Stands for `Database` and for the repositories on its connections; use `placed`.

    `holder` has an active session until `lease_until`, and what it leaves in `left`. A database
    that `hangs` answers nothing, one that `is_away` says so.
    """

    def __init__(self, holder: str) -> None:
        self.holder: str | None = holder
        self.lease_until = _now() + 3.0
        self.successor: str | None = None
        self.seat = 0
        self.epoch = 1
        self.left: Belongings | None = None
        self.is_active = True
        self.is_away = self.hangs = False
        self.renewed_at: list[float] = []
        self.asked_at: list[float] = []
        self._began_at = _now()

    @classmethod
    def placed(cls, patched: pytest.MonkeyPatch, holder: str = "job") -> "FakeHolds":
        """In the place of the repositories, wherever the agent uses them."""
        for module in ("keeper", "held", "rehearsal"):
            patched.setattr(f"agent.holding.{module}.HoldRepository", _itself)
        patched.setattr("agent.holding.held.TurnRepository", _itself)
        return cls(holder)

    @property
    def database(self) -> Database:
        return cast(Database, self)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["FakeHolds"]:
        self.asked_at.append(_now())
        await asyncio.sleep(0.01)
        if self.hangs:
            await asyncio.Event().wait()
        if self.is_away:
            raise StoreUnavailable("away")
        yield self

    async def renew(
        self, session_id: SessionId, holder: str, *, lease_s: float, left: Belongings | None
    ) -> bool:
        if session_id != SESSION or holder != self.holder:
            return False
        self.renewed_at.append(_now())
        self.lease_until = _now() + lease_s
        self.left = left or self.left
        return True

    async def release(self, session_id: SessionId, holder: str) -> bool:
        if session_id != SESSION or holder != self.holder:
            return False
        self.lease_until = min(self.lease_until, _now())
        return True

    async def finish(self, session_id: SessionId, holder: str) -> None:
        if session_id == SESSION and holder == self.holder:
            self.holder = None

    async def announce(self, session_id: SessionId, holder: str, successor: str) -> bool:
        if session_id != SESSION or holder != self.holder or self.lease_until <= _now():
            return False
        self.successor = successor
        return True

    async def hand_over(
        self,
        session_id: SessionId,
        holder: str,
        successor: str,
        *,
        lease_s: float,
        left: Belongings,
    ) -> bool:
        is_theirs = session_id == SESSION and (holder, successor) == (self.holder, self.successor)
        if not is_theirs or not self.is_active:
            return False
        self._pass_to(successor, lease_s)
        self.left = left
        self.seat += 1
        return True

    async def take(self, session_id: SessionId, holder: str) -> Claim | None:
        is_theirs = session_id == SESSION and holder == self.holder and self.is_active
        return self._claim() if is_theirs else None

    async def claim(
        self, session_id: SessionId, holder: str, *, seat: int, lease_s: float
    ) -> Claim | None:
        is_free = self.lease_until <= _now() and seat in (0, self.seat + 1)
        if session_id != SESSION or not is_free or not self.is_active:
            return None
        self._pass_to(holder, lease_s)
        self.seat = max(seat, self.seat)
        return self._claim()

    async def list_turns(self, session_id: SessionId) -> list[TurnRecord]:
        assert session_id == SESSION
        return []

    def _pass_to(self, holder: str, lease_s: float) -> None:
        self.holder, self.successor = holder, None
        self.lease_until = _now() + lease_s
        self.epoch += 1

    def _claim(self) -> Claim:
        memory: dict[str, Any] | None = None if self.left is None else self.left.memory
        unbilled = () if self.left is None else self.left.unbilled
        return Claim(RECORD, self.epoch, _now() - self._began_at, memory, unbilled)


def _itself(connection: FakeHolds) -> FakeHolds:
    return connection


def _now() -> float:
    return asyncio.get_running_loop().time()
