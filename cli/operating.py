"""What the operator's commands share: the database, who runs them, and how they print."""

import argparse
import asyncio
import getpass
import json
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import UUID

from cli.environment import add_data_dir, environment

if TYPE_CHECKING:
    from core.settings import Settings
    from store.audit import Action
    from store.pool import Connection
    from store.records import TenantId

Row: TypeAlias = dict[str, Any]
Act: TypeAlias = "Callable[[Connection, argparse.Namespace], Awaitable[Row | list[Row]]]"

MOST_LISTED: Final = 1000


def add_common(parser: argparse.ArgumentParser) -> None:
    """`--json` and where the running system is found."""
    parser.add_argument("--json", action="store_true", help="JSON instead of text")
    add_data_dir(parser)


def add_tenant(parser: argparse.ArgumentParser) -> None:
    """`--tenant`."""
    parser.add_argument("--tenant", required=True, type=UUID, help="the tenant's id")


def add_page(parser: argparse.ArgumentParser) -> None:
    """`--limit` and `--offset`."""
    parser.add_argument(
        "--limit", type=_limit, default=100, help=f"default 100, {MOST_LISTED} at most"
    )
    parser.add_argument("--offset", type=_offset, default=0, help="how many to pass over")


def _limit(text: str) -> int:
    return whole(text, 1, MOST_LISTED)


def _offset(text: str) -> int:
    return whole(text, 0, 2**31 - 1)


def whole(text: str, least: int, most: int) -> int:
    """A whole number within bounds. Raises `ArgumentTypeError`."""
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")


def settings_of(args: argparse.Namespace) -> "Settings":
    """The settings of the command's folder. Raises `ConfigError`."""
    from core.settings import Settings

    return Settings.from_env(environment(os.environ, args.data_dir), dotenv=None)


@asynccontextmanager
async def transaction(args: argparse.Namespace) -> "AsyncIterator[Connection]":
    """One transaction on the settings' database. Raises `ConfigError`, `StoreUnavailable`."""
    from store.pool import Database

    database = await Database.open(settings_of(args).database)
    try:
        async with database.transaction() as connection:
            yield connection
    finally:
        await database.close()


async def note(
    connection: "Connection", tenant_id: "TenantId", action: "Action", resource: UUID
) -> None:
    """Put down in the audit that whoever runs the command did so."""
    from store.audit import Actor, ActorKind, AuditRepository

    actor = Actor(ActorKind.CLI, f"{_user()}@{socket.gethostname()}")
    await AuditRepository(connection).add(tenant_id, actor, action, str(resource))


def _user() -> str:
    """A container's user may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def moment(at: datetime | None) -> str | None:
    """As everywhere outside: RFC 3339 in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")[:-6] + "Z"


def command(act: Act) -> Callable[[argparse.Namespace], int]:
    """What a subcommand runs: `act` in one transaction, then its row or rows are printed."""

    async def acted(args: argparse.Namespace) -> Row | list[Row]:
        async with transaction(args) as connection:
            return await act(connection, args)

    def run(args: argparse.Namespace) -> int:
        show(asyncio.run(acted(args)), as_json=args.json)
        return 0

    return run


def show(what: Row | list[Row], *, as_json: bool) -> None:
    """A row as a line a field, rows as a table; or as JSON."""
    if as_json:
        print(json.dumps(what))
    elif isinstance(what, list):
        _print_table(what)
    else:
        for name, value in what.items():
            print(f"{name}: {_cell(value)}")


def _print_table(rows: Sequence[Row]) -> None:
    from cli.caller.printout import text_table

    if rows:
        cells = [[_cell(value) for value in row.values()] for row in rows]
        print(text_table([list(rows[0]), *cells]))


def _cell(value: object) -> str:
    return "-" if value is None else str(value)
