"""The ledger: credits granted and charged. 1 credit = 1 rupee; every balance comes from here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from core.errors import StaleError
from store.fence import held
from store.pages import Listed, ListRepository, Part
from store.records import SessionId, TenantId


class Service(StrEnum):
    """What is paid for."""

    STT = "stt"
    LLM = "llm"
    TTS = "tts"


class EntryKind(StrEnum):
    """Why credits moved."""

    GRANT = "grant"
    CHARGE = "charge"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What one model used for a session and what that costs, as a positive number of credits.

    Its id makes it safe to store again.
    """

    service: Service
    model: str
    credits: Decimal
    input_tokens: int = 0
    output_tokens: int = 0
    characters: int = 0
    audio_seconds: Decimal = Decimal(0)
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """A movement; `credits` is negative for a charge."""

    id: UUID
    kind: EntryKind
    credits: Decimal
    service: Service | None
    model: str | None
    session_id: SessionId | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CostItem:
    """All that one model of a session cost."""

    service: Service
    model: str
    credits: Decimal
    input_tokens: int
    output_tokens: int
    characters: int
    audio_seconds: Decimal


_CHARGE_TYPES: Final = {
    "id": "uuid",
    "service": "text",
    "model": "text",
    "credits": "numeric",
    "input_tokens": "bigint",
    "output_tokens": "bigint",
    "characters": "bigint",
    "audio_seconds": "numeric",
}
_CHARGE_COLUMNS: Final = ", ".join(_CHARGE_TYPES)
# A charge that is there already moves nothing: the statement may be repeated.
_CHARGED: Final = f"""
INSERT INTO ledger (kind, tenant_id, session_id, {_CHARGE_COLUMNS})
SELECT 'charge', held.tenant_id, held.id, c.id, c.service, c.model, -c.credits, c.input_tokens,
       c.output_tokens, c.characters, c.audio_seconds
FROM held, unnest({{arrays}}) AS c ({_CHARGE_COLUMNS})
ON CONFLICT (id) DO NOTHING"""  # noqa: S608 - only constants are filled in

_GRANT: Final = """
INSERT INTO ledger (id, tenant_id, kind, credits)
VALUES ($1, $2, CASE WHEN $3::numeric < 0 THEN 'adjustment' ELSE 'grant' END, $3)"""
_BALANCE: Final = "SELECT balance FROM tenants WHERE id = $1"
_OF_TENANT: Final = "ledger WHERE tenant_id = $1"
_LIST: Final = f"""
SELECT id, kind, credits, service, model, session_id, created_at FROM {_OF_TENANT}"""  # noqa: S608
_COST: Final = """
SELECT service, model, -sum(credits) AS credits, sum(input_tokens)::bigint AS input_tokens,
       sum(output_tokens)::bigint AS output_tokens, sum(characters)::bigint AS characters,
       sum(audio_seconds) AS audio_seconds
FROM ledger WHERE session_id = $1 AND kind = 'charge'
GROUP BY service, model ORDER BY array_position(ARRAY['stt', 'llm', 'tts'], service), model"""
_HAS_FUNDS: Final = """
SELECT t.balance > 0 AND coalesce(k.budget_used < k.budget_limit, true)
FROM sessions s JOIN tenants t ON t.id = s.tenant_id LEFT JOIN api_keys k ON k.id = s.key_id
WHERE s.id = $1"""


def charged(first_argument: int) -> str:
    """The statement that charges the session in `held`, its columns as arrays from `$n` on."""
    arrays = ", ".join(
        f"${first_argument + n}::{kind}[]" for n, kind in enumerate(_CHARGE_TYPES.values())
    )
    return _CHARGED.format(arrays=arrays)


def columns_of(charges: Sequence[Charge]) -> list[list[object]]:
    """What `charged` takes."""
    return [[getattr(one, name) for one in charges] for name in _CHARGE_TYPES]


_CHARGE: Final = f"""
WITH {held(2)}, charged AS ({charged(3)})
SELECT id FROM held"""  # noqa: S608 - only constants are filled in


class LedgerRepository(ListRepository):
    """Moves credits and tells where they went."""

    async def grant(self, tenant_id: TenantId, credits: Decimal) -> None:
        """Give credits; fewer than none take some back. Raises `ConflictError` for an unknown
        tenant."""
        await self._row(_GRANT, uuid4(), tenant_id, credits)

    async def charge(
        self, session_id: SessionId, charges: Sequence[Charge], *, epoch: int = 0
    ) -> None:
        """Charge what no turn will: idempotent by the charges' ids. Raises `StaleError`."""
        if await self._row(_CHARGE, session_id, epoch, *columns_of(charges)) is None:
            raise StaleError("the session has another epoch")

    async def balance(self, tenant_id: TenantId) -> Decimal:
        """The tenant's credits; below zero by what the last turns cost too much."""
        row = await self._row(_BALANCE, tenant_id)
        assert row is not None, "callers have authenticated as the tenant"
        balance: Decimal = row["balance"]
        return balance

    async def list_page(self, tenant_id: TenantId, part: Part) -> Listed[EntryRecord]:
        """Part of the tenant's movements, newest first."""
        rows, end = await self._part(_LIST, [tenant_id], part)
        total = await self._total(_OF_TENANT, [tenant_id])
        entries = [
            EntryRecord(
                id=row["id"],
                kind=EntryKind(row["kind"]),
                credits=row["credits"],
                service=None if row["service"] is None else Service(row["service"]),
                model=row["model"],
                session_id=row["session_id"],
                created_at=row["created_at"],
            )
            for row in rows
        ]
        return Listed(entries, total, end)

    async def cost(self, session_id: SessionId) -> list[CostItem]:
        """What the session cost, one item a model: recognition, language model, voice."""
        rows = await self._rows(_COST, session_id)
        return [CostItem(**{**row, "service": Service(row["service"])}) for row in rows]

    async def has_funds(self, session_id: SessionId) -> bool:
        """Whether the session's tenant and key can pay for more of it."""
        row = await self._row(_HAS_FUNDS, session_id)
        return row is not None and bool(row[0])
