"""`vaarta tenants suspend`, `resume` and `erase`: who is served no more, for a time or for good."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli.operating import (
    Row,
    add_common,
    add_tenant,
    command,
    moment,
    note,
    settings_of,
    show,
    transaction,
)

if TYPE_CHECKING:
    from store.audit import Action
    from store.pool import Connection
    from store.records import SessionRecord, TenantRecord


def add_actions(actions: Any) -> None:
    """Of `vaarta tenants`."""
    suspend = actions.add_parser(
        "suspend",
        help="serve a tenant nothing, from its next request on",
        description="Refuse the tenant's keys and tokens, and end its sessions as DELETE does.",
    )
    suspend.set_defaults(run=_run_suspend)

    resume = actions.add_parser("resume", help="serve a suspended tenant again")
    resume.set_defaults(run=command(_resume))

    erase = actions.add_parser(
        "erase",
        help="suspend a tenant and erase all that is its own, for good",
        description="Erase what was said, given and made: words, names, keys, bots, endpoints. "
        "Times, latencies and costs stay. May be cut short and run again.",
    )
    erase.add_argument("--yes", action="store_true", help="do not ask")
    erase.set_defaults(run=_run_erase)

    for action in (suspend, resume, erase):
        add_tenant(action)
        add_common(action)


def _run_suspend(args: argparse.Namespace) -> int:
    show(asyncio.run(_suspended(args)), as_json=args.json)
    return 0


def _run_erase(args: argparse.Namespace) -> int:
    from core.errors import ConfigError

    if not (args.yes or _is_meant(args)):
        raise ConfigError("nothing was erased")
    show(asyncio.run(_erased(args)), as_json=args.json)
    return 0


def _is_meant(args: argparse.Namespace) -> bool:
    """Raises `ConfigError` where nobody can be asked."""
    from core.errors import ConfigError

    if not sys.stdin.isatty():
        raise ConfigError("erasing is for good: say --yes")
    print(f"Erase all of tenant {args.tenant}, for good? Type its id: ", end="", file=sys.stderr)
    return input().strip() == str(args.tenant)


async def _suspended(args: argparse.Namespace) -> Row:
    from store.audit import Action

    return await _suspend(args, Action.TENANT_SUSPEND)


async def _erased(args: argparse.Namespace) -> Row:
    """Said before it begins, as it cannot be undone from then on."""
    from store.audit import Action
    from store.pool import Database
    from store.tenant_erasing import erase_tenant
    from store.tenants import TenantRepository

    suspended = await _suspend(args, Action.TENANT_ERASE)
    database = await Database.open(settings_of(args).database)
    try:
        await erase_tenant(database, args.tenant)
        async with database.connection() as connection:
            tenant = await TenantRepository(connection).get(args.tenant)
    finally:
        await database.close()
    return {**suspended, **_row(tenant)}


async def _suspend(args: argparse.Namespace, action: "Action") -> Row:
    """Agents look at the rows themselves: a room that LiveKit keeps is emptied by them."""
    from store.suspension import SuspensionRepository
    from store.tenants import TenantRepository

    async with transaction(args) as connection:
        ended = await SuspensionRepository(connection).suspend(args.tenant)
        tenant = await TenantRepository(connection).get(args.tenant)
        await note(connection, tenant.id, action, tenant.id)
    n_rooms_left = await _empty_rooms(args, ended)
    return {**_row(tenant), "ended_sessions": len(ended), "rooms_left": n_rooms_left}


async def _empty_rooms(args: argparse.Namespace, ended: Sequence["SessionRecord"]) -> int:
    """How many are left: a LiveKit that does not answer is not asked for the others."""
    from control_api.sessions.rooms import Rooms
    from core.errors import LiveKitUnavailable

    async with Rooms.open(settings_of(args).livekit) as rooms:
        for n_empty, session in enumerate(ended):
            try:
                await rooms.delete(session.room_name)
            except LiveKitUnavailable:
                return len(ended) - n_empty
    return 0


async def _resume(connection: "Connection", args: argparse.Namespace) -> Row:
    from store.audit import Action
    from store.suspension import SuspensionRepository

    tenant = await SuspensionRepository(connection).resume(args.tenant)
    await note(connection, tenant.id, Action.TENANT_RESUME, tenant.id)
    return _row(tenant)


def _row(tenant: "TenantRecord") -> Row:
    return {
        "id": str(tenant.id),
        "suspended_at": moment(tenant.suspended_at),
        "erased_at": moment(tenant.erased_at),
        "name": tenant.name,
    }
