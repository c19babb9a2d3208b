"""Rows that tests begin with, made as the processes make them."""

from decimal import Decimal
from typing import Final

from store.admission import AdmissionRepository, Terms
from store.pool import Connection
from store.records import NewSession, SessionRecord

NO_LIMITS: Final = Terms(creates_per_minute=1_000_000, min_credits=Decimal(0), places={})


async def create_session(connection: Connection, new: NewSession) -> SessionRecord:
    """A session of a tenant that may have as many as it likes."""
    decision = await AdmissionRepository(connection).create(new, NO_LIMITS)
    assert decision.session is not None
    return decision.session
