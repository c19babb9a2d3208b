"""`vaarta keys create`: an API key for a tenant, shown once."""

import argparse
import asyncio
import json
import os
from typing import Any
from uuid import UUID

from cli.environment import add_data_dir, environment


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("keys", help="create an API key")
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="create an API key; it is shown once")
    create.add_argument("--tenant", required=True, type=UUID, help="the tenant's id")
    create.add_argument(
        "--permissions", default="*", help="csv of llm, stt, tts, search, image, or * (default)"
    )
    create.add_argument(
        "--scopes",
        default="",
        help="csv of bots:read, bots:write, webhooks:write, usage:read (default: none)",
    )
    create.add_argument("--name", default="vaarta keys create", help="what lists call it")
    create.add_argument("--json", action="store_true", help="one JSON object instead of text")
    add_data_dir(create)
    create.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Create it and print it; without --json the key alone, for a shell to take."""
    key = asyncio.run(_create(args))
    print(json.dumps(key) if args.json else key["key"])
    return 0


async def _create(args: argparse.Namespace) -> dict[str, Any]:
    from control_api.views import key_view
    from core.errors import ConfigError, ConflictError
    from core.settings import Settings
    from store.keys import KeyRepository
    from store.pool import Database

    settings = Settings.from_env(environment(os.environ, args.data_dir), dotenv=None)
    wanted = _wanted(args)
    database = await Database.open(settings.database)
    try:
        async with database.connection() as connection:
            key, plaintext = await KeyRepository(connection).create(wanted)
    except ConflictError as exc:
        raise ConfigError(f"--tenant: there is no tenant {args.tenant}") from exc
    finally:
        await database.close()
    return {**key_view(key, plaintext), "tenant_id": str(args.tenant)}


def _wanted(args: argparse.Namespace) -> Any:
    """The key as the API would take it. Raises `ConfigError`."""
    from pydantic import ValidationError

    from control_api.key_schemas import CreateKey
    from core.errors import ConfigError
    from store.keys import NewKey
    from store.records import TenantId

    given = {"name": args.name, "permissions": args.permissions, "scopes": args.scopes}
    try:
        body = CreateKey.model_validate(given)
    except ValidationError as exc:
        first = exc.errors(include_input=False)[0]
        raise ConfigError(f"--{first['loc'][0]}: {first['msg']}") from exc
    return NewKey(tenant_id=TenantId(args.tenant), **body.model_dump())
