"""Whether what people came by still counts, asked again while they stay."""

from collections.abc import Collection
from typing import Final

from store.records import TenantId
from store.repository import Repository

_GOOD: Final = """
SELECT hash FROM api_keys
WHERE hash = ANY($1::bytea[]) AND is_active AND (expires_at IS NULL OR expires_at > now())"""
_SERVED: Final = "SELECT id FROM tenants WHERE id = ANY($1::uuid[]) AND suspended_at IS NULL"


class StandingRepository(Repository):
    """Asks for many at once."""

    async def good_keys(self, hashes: Collection[bytes]) -> set[bytes]:
        """Those of the keys, by their hashes, that a request could still come by."""
        return {row["hash"] for row in await self._rows(_GOOD, list(hashes))}

    async def served(self, tenants: Collection[TenantId]) -> set[TenantId]:
        """Those of the tenants that are not suspended."""
        return {row["id"] for row in await self._rows(_SERVED, list(tenants))}
