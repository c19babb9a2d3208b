"""Parts of lists: so many rows behind a row's place in the list's order.

A place is the values of the order's columns in one row. It stays where it is when rows are added
in front of it, and what lies behind it is found by an index, however far down that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

import asyncpg

from store.repository import Repository

MOST_COUNTED: Final = 10_000
"""Of a list without a count that is kept no more are counted: nobody turns that many pages."""

Place: TypeAlias = tuple[Any, ...]
RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is wanted: `limit` rows behind `after`, or behind the first `offset`."""

    limit: int
    offset: int = 0
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a list has; `is_least`: there are more, which nobody counted."""

    n: int
    is_least: bool = False


@dataclass(frozen=True, slots=True)
class Listed(Generic[RowT]):
    """The part that was asked for. `end`: the place behind which the list goes on, None: it does
    not."""

    rows: Sequence[RowT]
    total: Total
    end: Place | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Columns, the largest values first, that together no two rows have alike; their types."""

    columns: Sequence[str] = ("created_at", "id")
    types: Sequence[str] = ("timestamptz", "uuid")

    def behind(self, first_argument: int) -> str:
        """The condition that a row lies behind the place in the arguments from `$n` on."""
        place = [f"${n}::{kind}" for n, kind in enumerate(self.types, start=first_argument)]
        return f"({', '.join(self.columns)}) < ({', '.join(place)})"

    def __str__(self) -> str:
        return ", ".join(f"{one} DESC" for one in self.columns)

    def place_of(self, row: asyncpg.Record) -> Place:
        """Where the row stands."""
        return tuple(row[one.rpartition(".")[2]] for one in self.columns)


NEWEST: Final = Order()


def start_of(part: Part) -> int:
    """Where the part begins in a list whose places are numbers."""
    return part.offset if part.after is None else int(part.after[0])


def cut(entries: Sequence[RowT], part: Part) -> Listed[RowT]:
    """The part of a list that is at hand; a place in it is a number."""
    start = start_of(part)
    end = start + part.limit
    place = (end,) if end < len(entries) else None
    return Listed(entries[start:end], Total(len(entries)), place)


class ListRepository(Repository):
    """Reads lists, whose statements are given up to their last condition."""

    async def _part(
        self, statement: str, arguments: Sequence[Any], part: Part, order: Order = NEWEST
    ) -> tuple[list[asyncpg.Record], Place | None]:
        """The rows of the part and, where the list goes on behind them, the last one's place."""
        n = len(arguments)
        behind = "" if part.after is None else f" AND {order.behind(n + 3)}"
        found = await self._rows(
            f"{statement}{behind} ORDER BY {order} LIMIT ${n + 1} OFFSET ${n + 2}",
            *arguments,
            part.limit + 1,
            part.offset,
            *(part.after or ()),
        )
        rows = found[: part.limit]
        return rows, order.place_of(rows[-1]) if len(found) > part.limit else None

    async def _total(self, condition: str, arguments: Sequence[Any]) -> Total:
        """Of a `table WHERE condition`, up to `MOST_COUNTED`."""
        some = f"SELECT FROM {condition} LIMIT {MOST_COUNTED + 1}"
        row = await self._row(f"SELECT count(*) FROM ({some}) _", *arguments)  # noqa: S608
        n = row[0] if row else 0
        return Total(min(n, MOST_COUNTED), is_least=n > MOST_COUNTED)
