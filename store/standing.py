"""Whether what people came by still counts, asked again while they stay."""

from collections.abc import Collection
from typing import Final

from store.repository import Repository

_GOOD: Final = """
SELECT hash FROM api_keys
WHERE hash = ANY($1::bytea[]) AND is_active AND (expires_at IS NULL OR expires_at > now())"""


class StandingRepository(Repository):
    """Asks for many at once."""

    async def good_keys(self, hashes: Collection[bytes]) -> set[bytes]:
        """Those of the keys, by their hashes, that a request could still come by."""
        return {row["hash"] for row in await self._rows(_GOOD, list(hashes))}
