"""`vaarta secrets rotate`: what is sealed in the database, under the present key."""

import argparse
import asyncio
from typing import Any

from cli.operating import Row, add_common, note, settings_of, show


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("secrets", help="seal the database's secrets anew")
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    rotate = actions.add_parser(
        "rotate",
        help="seal everything under DATA_ENCRYPTION_KEY",
        description="Seal anew what DATA_ENCRYPTION_EARLIER_KEYS sealed, while everything serves. "
        "Exit code 1: something opens with none of the keys.",
    )
    add_common(rotate)
    rotate.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    done = asyncio.run(_rotate(args))
    show(done, as_json=args.json)
    return 1 if done["broken"] else 0


async def _rotate(args: argparse.Namespace) -> Row:
    from store.audit import Action
    from store.pool import Database
    from store.rotation import rotate
    from store.sealing import Sealer

    settings = settings_of(args)
    database = await Database.open(settings.database)
    try:
        done = await rotate(database, Sealer(*settings.sealing_keys))
        async with database.transaction() as connection:
            for tenant_id in done.tenants:
                await note(connection, tenant_id, Action.SECRETS_ROTATE, tenant_id)
    finally:
        await database.close()
    return {**done.resealed, "broken": [f"{table} {id_}" for table, id_ in done.broken]}
