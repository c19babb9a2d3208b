"""Whether a database can serve: does it answer, may it be written to, does it have our tables?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from store.migrate import pending
from store.pool import Database
from store.translation import translated

_IS_READ_ONLY: Final = "SELECT current_setting('transaction_read_only') = 'on'"


@dataclass(frozen=True, slots=True)
class Condition:
    """What an answering database told; `missing` names the migrations that it lacks."""

    is_read_only: bool
    missing: Sequence[str]


async def condition_of(database: Database) -> Condition:
    """A cheap look. Raises `StoreUnavailable`."""
    async with database.connection() as connection:
        with translated():
            is_read_only = await connection.fetchval(_IS_READ_ONLY)
            return Condition(is_read_only, await pending(connection))
