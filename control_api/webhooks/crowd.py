"""Whose deliveries are under way in one process, and who has enough of them.

A tenant may have as many as there are places left, an endpoint a third as many: whoever hangs takes
half of what the others before it left, and there is always a place for the next.

    128 places ─▶ 64 one tenant's (32 at most an endpoint's) ─▶ 32 another's ─▶ 16 a third's …
"""

from collections import Counter
from uuid import UUID

from store.outbox import Crowding, LeasedDelivery
from store.records import TenantId


class Crowd:
    """Counts deliveries under way."""

    def __init__(self) -> None:
        self._tenants: Counter[TenantId] = Counter()
        self._targets: Counter[UUID] = Counter()

    def add(self, delivery: LeasedDelivery) -> None:
        """One takes off."""
        self._tenants[delivery.tenant_id] += 1
        self._targets[delivery.target] += 1

    def remove(self, delivery: LeasedDelivery) -> None:
        """One is over."""
        self._tenants -= Counter([delivery.tenant_id])
        self._targets -= Counter([delivery.target])

    def crowding(self, n_free: int) -> Crowding:
        """Who gets none of the places that are free."""
        return Crowding(
            targets=[one for one, n in self._targets.items() if 3 * n >= n_free],
            tenants=[one for one, n in self._tenants.items() if n >= n_free],
        )
