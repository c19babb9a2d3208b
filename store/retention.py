"""How long a tenant's own things are kept, where it wants less than the settings allow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

import asyncpg

from store.records import TenantId
from store.repository import Repository

# Only constants are filled into these.
COLUMNS: Final = "transcripts_days, recordings_days, deliveries_days, audit_days"
_SET: Final = f"""
INSERT INTO tenant_retention (tenant_id, {COLUMNS}) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id) DO UPDATE
SET transcripts_days = excluded.transcripts_days, recordings_days = excluded.recordings_days,
    deliveries_days = excluded.deliveries_days, audit_days = excluded.audit_days"""  # noqa: S608
_ALL: Final = f"SELECT tenant_id, {COLUMNS} FROM tenant_retention"  # noqa: S608


class Kind(StrEnum):
    """What is kept for a time."""

    TRANSCRIPTS = "transcripts"
    RECORDINGS = "recordings"
    DELIVERIES = "deliveries"
    AUDIT = "audit"
    ENDPOINTS = "endpoints"


@dataclass(frozen=True, slots=True)
class Retention:
    """Days of each kind; None: as long as the settings say."""

    transcripts_days: int | None = None
    recordings_days: int | None = None
    deliveries_days: int | None = None
    audit_days: int | None = None

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Retention":
        """A row with `COLUMNS`, and maybe more."""
        return cls(
            row["transcripts_days"],
            row["recordings_days"],
            row["deliveries_days"],
            row["audit_days"],
        )

    def kept_for(self, kind: Kind) -> timedelta | None:
        """Of one kind."""
        days = {
            Kind.TRANSCRIPTS: self.transcripts_days,
            Kind.RECORDINGS: self.recordings_days,
            Kind.DELIVERIES: self.deliveries_days,
            Kind.AUDIT: self.audit_days,
        }.get(kind)
        return None if days is None else timedelta(days=days)


class RetentionRepository(Repository):
    """Keeps what tenants want."""

    async def set(self, tenant_id: TenantId, wanted: Retention) -> None:
        """From the next look of the pruner on. Raises `ConflictError` for an unknown tenant."""
        await self._row(
            _SET,
            tenant_id,
            wanted.transcripts_days,
            wanted.recordings_days,
            wanted.deliveries_days,
            wanted.audit_days,
        )

    async def all(self) -> Mapping[TenantId, Retention]:
        """Of every tenant that wants anything."""
        return {row["tenant_id"]: Retention.of(row) for row in await self._rows(_ALL)}
