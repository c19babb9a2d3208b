import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import NoReturn

import asyncpg
import pytest
from asyncpg.exceptions import _base

from core.errors import ConflictError, StoreError, StoreRefused, StoreUnavailable
from store.translation import StoreReadOnly, translated
from tests.virtual_time import run_virtual

RAISED = [
    kind
    for module in (asyncpg.exceptions, _base)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, Exception) and not issubclass(kind, Warning | asyncpg.PostgresLogMessage)
]


def translation_of(error: Exception) -> Exception:
    """What comes out in its place; nothing of the original may show."""
    with pytest.raises(StoreError) as caught, translated():
        raise error
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return caught.value


def made(kind: type[Exception]) -> Exception:
    return kind("Failing row contains (I want a refund).")


def test_every_error_of_asyncpg_is_translated_without_its_text() -> None:
    assert len(RAISED) > 200
    for kind in RAISED:
        assert "refund" not in str(translation_of(made(kind))), kind


@pytest.mark.parametrize(
    "kind",
    [
        asyncpg.DeadlockDetectedError,
        asyncpg.SerializationError,
        asyncpg.ReadOnlySQLTransactionError,
        asyncpg.CannotConnectNowError,
        asyncpg.AdminShutdownError,
        asyncpg.CrashShutdownError,
        asyncpg.IdleSessionTimeoutError,
        asyncpg.TooManyConnectionsError,
        asyncpg.QueryCanceledError,
        asyncpg.LockNotAvailableError,
        asyncpg.InFailedSQLTransactionError,
        asyncpg.IdleInTransactionSessionTimeoutError,
        asyncpg.ConnectionDoesNotExistError,
        asyncpg.DiskFullError,
        asyncpg.OutOfMemoryError,
        asyncpg.PostgresIOError,
        asyncpg.InternalServerError,
        asyncpg.InvalidPasswordError,
        asyncpg.InvalidCatalogNameError,
        asyncpg.UndefinedTableError,
        asyncpg.UndefinedColumnError,
        asyncpg.UndefinedFunctionError,
        asyncpg.InsufficientPrivilegeError,
        asyncpg.InvalidCachedStatementError,
        asyncpg.InvalidSQLStatementNameError,
        asyncpg.DuplicatePreparedStatementError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
        asyncpg.OutdatedSchemaCacheError,
        asyncpg.ClientConfigurationError,
        asyncpg.UnknownPostgresError,
        ConnectionRefusedError,
        TimeoutError,
    ],
)
def test_what_heals_by_itself_is_worth_another_try(kind: type[Exception]) -> None:
    assert isinstance(translation_of(made(kind)), StoreUnavailable)


@pytest.mark.parametrize(
    "kind",
    [
        asyncpg.DataError,
        _base.DataError,
        asyncpg.NumericValueOutOfRangeError,
        asyncpg.CharacterNotInRepertoireError,
        asyncpg.PostgresSyntaxError,
        asyncpg.AmbiguousColumnError,
        asyncpg.ProgramLimitExceededError,
        asyncpg.CardinalityViolationError,
        asyncpg.RaiseError,
        asyncpg.FeatureNotSupportedError,
        asyncpg.UnsupportedClientFeatureError,
    ],
)
def test_what_is_wrong_whenever_it_comes_is_not_tried_again(kind: type[Exception]) -> None:
    assert isinstance(translation_of(made(kind)), StoreRefused)


def test_a_rule_of_the_schema_keeps_its_name() -> None:
    error = asyncpg.UniqueViolationError("x")
    error.constraint_name = "turns_once"
    refused = translation_of(error)
    assert isinstance(refused, ConflictError)
    assert refused.rule == "turns_once"


def test_a_server_that_only_reads_is_told_apart() -> None:
    assert isinstance(translation_of(made(asyncpg.ReadOnlySQLTransactionError)), StoreReadOnly)


def test_errors_of_ours_and_of_others_pass() -> None:
    for kind in (StoreUnavailable, LookupError, ValueError):
        with pytest.raises(kind), translated():
            raise kind


async def roll_back() -> NoReturn:
    """As on a connection that is gone."""
    raise asyncpg.InterfaceError("the connection is closed")


async def in_transaction() -> None:
    with translated():
        try:
            await asyncio.sleep(100)
        finally:
            await roll_back()


async def while_tidying_up() -> None:
    try:
        await asyncio.sleep(100)
    finally:
        with translated():
            await roll_back()


async def late_while_tidying_up() -> None:
    try:
        await asyncio.sleep(100)
    finally:
        with translated():
            async with asyncio.timeout(1):
                await asyncio.sleep(100)


@pytest.mark.parametrize(
    ("work", "ends_as"),
    [
        (in_transaction, asyncio.CancelledError),
        (while_tidying_up, StoreUnavailable),
        (late_while_tidying_up, StoreUnavailable),
    ],
)
def test_a_failed_rollback_does_not_swallow_the_cancellation_that_led_to_it(
    work: Callable[[], Awaitable[None]], ends_as: type[BaseException]
) -> None:
    async def main() -> None:
        task = asyncio.ensure_future(work())
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(ends_as):
            await task

    run_virtual(main())


def test_a_timeout_around_a_failed_rollback_is_still_one() -> None:
    async def main() -> None:
        async with asyncio.timeout(1):
            await in_transaction()

    with pytest.raises(TimeoutError):
        run_virtual(main())
