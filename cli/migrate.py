"""`vaarta migrate`: bring the database's schema up to date."""

import argparse
import asyncio
import os
from typing import Any

from cli.environment import add_data_dir, environment


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "migrate",
        help="bring the database's schema up to date",
        description="Apply the migrations that the database lacks.",
    )
    add_data_dir(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from core.settings import Settings
    from store.migrate import migrate

    settings = Settings.from_env(environment(os.environ, args.data_dir), dotenv=None)
    applied = asyncio.run(migrate(settings.database.session_dsn))
    for name in applied:
        print(f"applied {name}")
    if not applied:
        print("nothing to apply")
    return 0
