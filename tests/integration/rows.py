"""Rows that tests begin with, made as the processes make them."""

from decimal import Decimal
from typing import Final
from uuid import uuid4

from agent.rows import Mandate
from agent.session_row import SessionRow
from store.admission import AdmissionRepository, Terms
from store.holds import HoldRepository
from store.pool import Connection, Database
from store.records import NewSession, Plan, SessionId, SessionRecord, SessionStatus
from store.tenants import TenantRepository

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
