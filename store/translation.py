"""Whatever asyncpg raises → an error of ours."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import asyncpg

from core.errors import ConflictError, StoreError, StoreLate, StoreRefused, StoreUnavailable

_FOREIGN: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,  # refused, reset, no such socket; TimeoutError is one too
)
# Classes of SQLSTATE, their first two characters, that are about the statement: its text, its
# arguments, what a trigger makes of them. All others, unknown ones too, are about the server.
_ABOUT_THE_STATEMENT: Final = frozenset(
    "03 09 0A 0B 0F 0L 0P 0Z 10 20 21 22 24 27 2B 2D 2F 34 38 39 3B 42 44 54 P0".split()
)
_HEALS_AFTER_ALL: Final = (
    # The schema is about to be migrated, has just been, or its grants are on their way.
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedFunctionError,
    asyncpg.UndefinedObjectError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidCachedStatementError,
    # A pooler between us and the server mixed up whose prepared statements are whose.
    asyncpg.DuplicatePreparedStatementError,
)


class StoreReadOnly(StoreUnavailable):
    """This server only reads: it was, or will be, replaced by another."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn whatever asyncpg raises into a `StoreError`.

    The original is not chained: its text may quote the row. One that came of tidying up after a
    cancellation does not take that one's place.
    """
    handled = sys.exception()
    try:
        yield
    except _FOREIGN as exc:
        if _hides_cancellation(exc, handled):
            raise asyncio.CancelledError from None
        raise _translation_of(exc) from None


def _translation_of(exc: Exception) -> StoreError:
    kind = type(exc).__name__
    match exc:
        case asyncpg.IntegrityConstraintViolationError():
            return ConflictError(exc.constraint_name or kind)
        case asyncpg.ReadOnlySQLTransactionError():
            return StoreReadOnly(kind)
        case asyncpg.ClientConfigurationError():
            return StoreUnavailable("DATABASE_URL is not a Postgres address")
        case asyncpg.UnsupportedClientFeatureError() | asyncpg.UnsupportedServerFeatureError():
            return StoreRefused(kind)
        case TimeoutError() | asyncpg.QueryCanceledError():
            return StoreLate(kind)
        case ValueError():  # asyncpg's own DataError: an argument that has no such type
            return StoreRefused(kind)
    state = getattr(exc, "sqlstate", None) or ""
    if state[:2] in _ABOUT_THE_STATEMENT and not isinstance(exc, _HEALS_AFTER_ALL):
        return StoreRefused(f"{kind} ({state})")
    return StoreUnavailable(kind)


def _hides_cancellation(exc: BaseException, handled: BaseException | None) -> bool:
    """Whether the task's cancellation was on its way out of the block when `exc` was raised.

    One that was being `handled` before the block does not count: it goes on afterwards. Nor does
    the one by which a timeout came about.
    """
    later, earlier = exc, exc.__context__
    while earlier is not None and earlier is not handled:
        is_timeout = isinstance(later, TimeoutError) and later.__cause__ is earlier
        if isinstance(earlier, asyncio.CancelledError) and not is_timeout:
            task = asyncio.current_task()
            return task is not None and task.cancelling() > 0
        later, earlier = earlier, earlier.__context__
    return False
