"""`vaarta tenants`: who uses the system, what they pay for, and what they have left."""

import argparse
import asyncio
import json
from dataclasses import asdict, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from cli import closing
from cli.operating import (
    Row,
    add_common,
    add_page,
    add_tenant,
    command,
    moment,
    note,
    transaction,
    whole,
)
from core.rights import Plan

if TYPE_CHECKING:
    from store.pool import Connection
    from store.tenants import Account

LARGEST_GRANT: Final = Decimal("999999999999")
MOST_DAYS: Final = 36500
RETENTION: Final = ("transcripts", "recordings", "deliveries", "audit")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("tenants", help="create, pay, suspend and erase tenants")
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")

    create = actions.add_parser("create", help="create a tenant and grant it credits")
    create.add_argument("--name", required=True, help="1 to 255 characters")
    create.add_argument("--plan", choices=list(Plan), default=Plan.FREE, help="default: free")
    create.add_argument(
        "--credits", type=credits_of, default=Decimal(0), help="opening grant, 1 credit = 1 rupee"
    )
    create.set_defaults(run=_run_create)

    listed = actions.add_parser("list", help="every tenant, newest first")
    add_page(listed)
    listed.set_defaults(run=command(_list))

    show = actions.add_parser("show", help="one tenant")
    show.set_defaults(run=command(_show))

    grant = actions.add_parser("grant", help="give a tenant credits, or take some back")
    grant.add_argument(
        "--credits", required=True, type=_moved, help="1 credit = 1 rupee; below 0 takes back"
    )
    grant.set_defaults(run=command(_grant))

    plan = actions.add_parser("set-plan", help="change what a tenant pays for")
    plan.add_argument("--plan", required=True, choices=list(Plan))
    plan.set_defaults(run=command(_set_plan))

    kept = actions.add_parser(
        "set-retention",
        help="keep a tenant's things for fewer days than the settings say",
        description="Days after which what is the tenant's goes, or `default`: as long as the "
        "settings say. The shorter of the two counts; what is not named stays as it is.",
    )
    for kind in RETENTION:
        kept.add_argument(f"--{kind}", type=_days, default=argparse.SUPPRESS, metavar="DAYS")
    kept.set_defaults(run=command(_set_retention))

    for action in (show, grant, plan, kept):
        add_tenant(action)
    for action in (create, listed, show, grant, plan, kept):
        add_common(action)
    closing.add_actions(actions)


def credits_of(text: str) -> Decimal:
    """A number of credits with at most six decimals. Raises `ArgumentTypeError`."""
    try:
        amount = Decimal(text)
        is_good = amount.is_finite() and 0 <= amount <= LARGEST_GRANT
        if is_good and amount == round(amount, 6):
            return amount
    except InvalidOperation:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no amount of credits")


def _moved(text: str) -> Decimal:
    amount = -credits_of(text[1:]) if text.startswith("-") else credits_of(text)
    if not amount:
        raise argparse.ArgumentTypeError("0 credits move nothing")
    return amount


def _days(text: str) -> int | None:
    return None if text == "default" else whole(text, 1, MOST_DAYS)


def _run_create(args: argparse.Namespace) -> int:
    tenant = asyncio.run(_create(args))
    if args.json:
        print(json.dumps(tenant))
    else:
        print(f"tenant {tenant['id']} ({tenant['name']}, {tenant['plan']})")
    return 0


async def _create(args: argparse.Namespace) -> Row:
    from core.errors import ConfigError, ConflictError
    from store.audit import Action
    from store.tenants import TenantRepository

    try:
        async with transaction(args) as connection:
            tenants = TenantRepository(connection)
            tenant = await tenants.add(args.name, Plan(args.plan), args.credits)
            await note(connection, tenant.id, Action.TENANT_CREATE, tenant.id)
    except ConflictError as exc:
        raise ConfigError("--name must have 1 to 255 characters") from exc
    return {
        "id": str(tenant.id),
        "name": tenant.name,
        "plan": tenant.plan.value,
        "credits": float(args.credits),
    }


async def _list(connection: "Connection", args: argparse.Namespace) -> list[Row]:
    from store.tenants import TenantRepository

    accounts = await TenantRepository(connection).accounts(args.limit, args.offset)
    return [_row(account) for account in accounts]


async def _show(connection: "Connection", args: argparse.Namespace) -> Row:
    from store.tenants import TenantRepository

    return _row(await TenantRepository(connection).account(args.tenant))


async def _grant(connection: "Connection", args: argparse.Namespace) -> Row:
    from store.audit import Action
    from store.ledger import LedgerRepository
    from store.tenants import TenantRepository

    tenant = await TenantRepository(connection).get(args.tenant)
    await LedgerRepository(connection).grant(tenant.id, args.credits)
    await note(connection, tenant.id, Action.TENANT_GRANT, tenant.id)
    return await _show(connection, args)


async def _set_plan(connection: "Connection", args: argparse.Namespace) -> Row:
    from store.audit import Action
    from store.tenants import TenantRepository

    tenant = await TenantRepository(connection).set_plan(args.tenant, Plan(args.plan))
    await note(connection, tenant.id, Action.TENANT_SET_PLAN, tenant.id)
    return await _show(connection, args)


async def _set_retention(connection: "Connection", args: argparse.Namespace) -> Row:
    from store.audit import Action
    from store.retention import RetentionRepository
    from store.tenants import TenantRepository

    account = await TenantRepository(connection).account(args.tenant)
    given = {f"{kind}_days": getattr(args, kind) for kind in RETENTION if kind in args}
    wanted = replace(account.retention, **given)
    await RetentionRepository(connection).set(account.tenant.id, wanted)
    await note(connection, account.tenant.id, Action.TENANT_SET_RETENTION, account.tenant.id)
    return await _show(connection, args)


def _row(account: "Account") -> Row:
    return {
        "id": str(account.tenant.id),
        "plan": account.tenant.plan.value,
        "balance": float(account.balance),
        "keys": account.n_keys,
        "living_sessions": account.n_living,
        "sessions": account.n_sessions,
        **asdict(account.retention),
        "created_at": moment(account.tenant.created_at),
        "suspended_at": moment(account.tenant.suspended_at),
        "erased_at": moment(account.tenant.erased_at),
        "name": account.tenant.name,
    }
