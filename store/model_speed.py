"""How fast each chat model has given its first token to a tenant of late."""

from dataclasses import dataclass
from typing import Final

import asyncpg

from store.records import TenantId
from store.repository import Repository

LAST_DAYS: Final = 7

# The sessions' own bound lets the index choose them: none lasts longer than three hours.
_SPEEDS: Final = """
SELECT t.llm_model AS model, count(*) AS n,
       percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY t.first_token_ms) AS first_token_ms
FROM sessions s JOIN turns t ON t.session_id = s.id
WHERE s.tenant_id = $1
  AND s.created_at > now() - make_interval(days => $2) - interval '3 hours'
  AND t.created_at > now() - make_interval(days => $2)
  AND t.llm_model IS NOT NULL AND t.first_token_ms IS NOT NULL
GROUP BY t.llm_model"""


@dataclass(frozen=True, slots=True)
class ModelSpeed:
    """Of `n` turns, from the request to the first token, in milliseconds."""

    p50: int
    p95: int
    n: int


class ModelSpeedRepository(Repository):
    """Reads what was measured."""

    async def speeds(self, tenant_id: TenantId) -> dict[str, ModelSpeed]:
        """By model id, of the last seven days; without those that nothing was measured of."""
        rows = await self._rows(_SPEEDS, tenant_id, LAST_DAYS)
        return {row["model"]: _speed_of(row) for row in rows}


def _speed_of(row: asyncpg.Record) -> ModelSpeed:
    p50, p95 = row["first_token_ms"]
    return ModelSpeed(p50, p95, row["n"])
