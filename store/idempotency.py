"""Idempotency keys: claimed by the first request, answered once, replayed for a day.

    free ─claim─▶ running ─keep─▶ answered ─24 h─▶ free
      ▲              │
      └─free, lease──┘

A lease, because a process that dies frees nothing. Who lost a claim to the next request can
keep no answer any more: both steps ask for the claim.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from store.records import TenantId
from store.repository import Repository

ANSWER_LIFE: Final = timedelta(hours=24)
LEASE: Final = timedelta(seconds=20)
"""Longer than the timeouts of what a request waits for once its body has come."""

# A claim waits for no disk: one that a crash of the server takes away is lost to who made it, too.
# A lease that is longer than any was given by a clock that has been set back since.
_CLAIM: Final = """
INSERT INTO idempotency_keys AS kept (tenant_id, path, key, fingerprint, claim, leased_until)
SELECT $1, $2, $3, $4, $5, now() + $6 FROM set_config('synchronous_commit', 'off', true)
ON CONFLICT (tenant_id, path, key) DO UPDATE
SET fingerprint = excluded.fingerprint, claim = excluded.claim, claimed_at = now(),
    leased_until = excluded.leased_until, status = NULL, answer = NULL
WHERE CASE WHEN kept.answer IS NULL THEN kept.leased_until NOT BETWEEN now() AND now() + $6
           ELSE kept.claimed_at < now() - $7::interval END
RETURNING claimed_at"""
_FIND: Final = """
SELECT fingerprint, status, answer FROM idempotency_keys
WHERE tenant_id = $1 AND path = $2 AND key = $3"""
_KEEP: Final = """
UPDATE idempotency_keys SET status = $2, answer = $3 WHERE claim = $1 AND answer IS NULL
RETURNING claim"""
_FREE: Final = "DELETE FROM idempotency_keys WHERE claim = $1 AND answer IS NULL"
_ERASE: Final = """
DELETE FROM idempotency_keys
WHERE claimed_at < now() - $1::interval AND leased_until < now()"""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """An idempotency key where it counts, and what it came with."""

    tenant_id: TenantId
    path: str
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """This request is the one that answers. `at` is the database's clock."""

    id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """Another request has the key. It came with `fingerprint`; `answer` is sealed, None while
    it is still running."""

    fingerprint: bytes
    status: int | None
    answer: bytes | None


class IdempotencyRepository(Repository):
    """Claims keys and keeps answers."""

    async def claim(self, wanted: RequestKey) -> Claim | Taken:
        """Have the key, or learn who has it; one round trip for the first request."""
        claim_id = uuid4()
        place = (wanted.tenant_id, wanted.path, wanted.key)
        row = await self._row(_CLAIM, *place, wanted.fingerprint, claim_id, LEASE, ANSWER_LIFE)
        if row is not None:
            return Claim(claim_id, row["claimed_at"])
        row = await self._row(_FIND, *place)
        if row is None:  # freed in between: the next try has it
            return Taken(wanted.fingerprint, None, None)
        return Taken(row["fingerprint"], row["status"], row["answer"])

    async def keep(self, claim_id: UUID, status: int, answer: bytes) -> bool:
        """Keep the sealed answer of a claim; False where it does not hold any more."""
        return await self._row(_KEEP, claim_id, status, answer) is not None

    async def free(self, claim_id: UUID) -> None:
        """Give up a claim that got no answer."""
        await self._row(_FREE, claim_id)

    async def erase_old(self) -> None:
        """Erase what is older than a day."""
        await self._row(_ERASE, ANSWER_LIFE)
