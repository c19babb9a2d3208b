"""`vaarta tenants create`: a new customer, with a plan and an opening grant of credits."""

import argparse
import asyncio
import json
import os
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from cli.environment import add_data_dir, environment

PLANS: Final = ("free", "starter", "pro", "enterprise")
LARGEST_GRANT: Final = Decimal("999999999999")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("tenants", help="create a tenant")
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="create a tenant and grant it credits")
    create.add_argument("--name", required=True, help="1 to 255 characters")
    create.add_argument("--plan", choices=PLANS, default="free", help="default: free")
    create.add_argument(
        "--credits", type=credits_of, default=Decimal(0), help="opening grant, 1 credit = 1 rupee"
    )
    create.add_argument("--json", action="store_true", help="one JSON object instead of text")
    add_data_dir(create)
    create.set_defaults(run=run)


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


def run(args: argparse.Namespace) -> int:
    """Create it and print its id."""
    tenant = asyncio.run(_create(args))
    if args.json:
        print(json.dumps(tenant))
    else:
        print(f"tenant {tenant['id']} ({tenant['name']}, {tenant['plan']})")
    return 0


async def _create(args: argparse.Namespace) -> dict[str, Any]:
    from core.errors import ConfigError, ConflictError
    from core.settings import Settings
    from store.pool import Database
    from store.records import Plan
    from store.tenants import TenantRepository

    settings = Settings.from_env(environment(os.environ, args.data_dir), dotenv=None)
    database = await Database.open(settings.database)
    try:
        async with database.transaction() as connection:
            tenants = TenantRepository(connection)
            tenant = await tenants.add(args.name, Plan(args.plan), args.credits)
    except ConflictError as exc:
        raise ConfigError("--name must have 1 to 255 characters") from exc
    finally:
        await database.close()
    return {
        "id": str(tenant.id),
        "name": tenant.name,
        "plan": tenant.plan.value,
        "credits": float(args.credits),
    }
