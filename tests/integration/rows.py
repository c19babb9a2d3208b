"""Rows that tests begin with, made as the processes make them."""

import asyncio
from decimal import Decimal
from typing import Final
from uuid import uuid4

from agent.holding.session_row import SessionRow
from agent.records.rows import EndRow, Mandate, TurnRow
from core.rights import Plan
from store.admission import AdmissionRepository, Terms
from store.holds import HoldRepository
from store.ledger import Charge, LedgerRepository, Service
from store.pool import Connection, Database
from store.records import (
    EndReason,
    NewSession,
    NewTurn,
    SessionId,
    SessionRecord,
    SessionStatus,
    TurnId,
)
from store.sessions import SessionRepository
from store.tenants import TenantRepository
from store.turns import TurnRepository

NO_LIMITS: Final = Terms(creates_per_minute=1_000_000, min_credits=Decimal(0), places={})


async def create_session(connection: Connection, new: NewSession) -> SessionRecord:
    """A session of a tenant that may have as many as it likes."""
    decision = await AdmissionRepository(connection).create(new, NO_LIMITS)
    assert decision.session is not None
    return decision.session


async def new_session(database: Database) -> SessionId:
    """One of a tenant of its own."""
    async with database.connection() as connection:
        tenant = await TenantRepository(connection).add("Asha's shop", Plan.FREE)
        new = NewSession(
            id=SessionId(uuid4()), tenant_id=tenant.id, config={}, room_name=f"voice-{uuid4().hex}"
        )
        return (await create_session(connection, new)).id


async def held(database: Database, session_id: SessionId, holder: str = "job") -> Mandate:
    """What a job has that holds the session, which is active then; its lease is over already."""
    async with database.connection() as connection:
        holds = HoldRepository(connection)
        claim = await holds.claim(session_id, holder, seat=0, lease_s=0.0)
    assert claim is not None
    mandate = Mandate(session_id, claim.epoch)
    if claim.session.status is SessionStatus.CREATED:
        assert await SessionRow(database, mandate, {}).begin() is None
    return mandate


def turn_row(index: int) -> TurnRow:
    """A turn that cost half a credit."""
    turn = NewTurn(
        id=TurnId(uuid4()), turn_index=index, user_transcript="When?", agent_response="At nine."
    )
    used = Charge(service=Service.LLM, model="gpt", credits=Decimal("0.5"), output_tokens=10)
    return TurnRow(turn, [used])


def end_row(ago_s: float = 0.0) -> EndRow:
    """A caller who hung up so long ago."""
    return EndRow(EndReason.CALLER_HANGUP, asyncio.get_running_loop().time() - ago_s)


async def session(database: Database, session_id: SessionId) -> SessionRecord:
    """As an agent would find it."""
    async with database.connection() as connection:
        return await SessionRepository(connection).get_for_agent(session_id)


async def turn_indexes(database: Database, session_id: SessionId) -> list[int]:
    """Of the turns that are stored."""
    async with database.connection() as connection:
        turns = await TurnRepository(connection).list_turns(session_id)
    return [one.turn_index for one in turns]


async def spent(database: Database, session_id: SessionId) -> Decimal:
    """What the session was charged."""
    async with database.connection() as connection:
        items = await LedgerRepository(connection).cost(session_id)
    return sum((one.credits for one in items), Decimal(0))
