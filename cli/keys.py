"""`vaarta keys`: API keys made, shown once, listed and revoked."""

import argparse
import asyncio
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cli.operating import (
    Row,
    add_common,
    add_page,
    add_tenant,
    command,
    moment,
    note,
    transaction,
)
from core.rights import Permission, Scope

if TYPE_CHECKING:
    from store.pool import Connection
    from store.records import KeyRecord


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("keys", help="create, list and revoke API keys")
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")

    create = actions.add_parser("create", help="create an API key; it is shown once")
    create.add_argument(
        "--permissions", default="*", help=f"csv of {', '.join(Permission)}, or * (default)"
    )
    create.add_argument(
        "--scopes",
        default="",
        help=f"csv of {', '.join(Scope)} (default: none)",
    )
    create.add_argument("--name", default="vaarta keys create", help="what lists call it")
    create.set_defaults(run=_run_create)

    listed = actions.add_parser("list", help="a tenant's keys, newest first, without the keys")
    add_page(listed)
    listed.set_defaults(run=command(_list))

    revoke = actions.add_parser("revoke", help="end a key for good, from its next request on")
    revoke.add_argument("--key", required=True, type=UUID, help="the key's id")
    revoke.set_defaults(run=command(_revoke))

    for action in (create, listed, revoke):
        add_tenant(action)
        add_common(action)


def _run_create(args: argparse.Namespace) -> int:
    """Without --json the key alone, for a shell to take."""
    key = asyncio.run(_create(args))
    print(json.dumps(key) if args.json else key["key"])
    return 0


async def _create(args: argparse.Namespace) -> Row:
    from control_api.keys.answers import CreatedKey
    from core.errors import ConfigError, ConflictError
    from store.audit import Action
    from store.keys import KeyRepository

    wanted = _wanted(args)
    try:
        async with transaction(args) as connection:
            key, plaintext = await KeyRepository(connection).create(wanted)
            await note(connection, key.tenant_id, Action.KEY_CREATE, key.id)
    except ConflictError as exc:
        raise ConfigError(f"--tenant: there is no tenant {args.tenant}") from exc
    shown = CreatedKey.of(key, key=plaintext).model_dump(mode="json")
    return {**shown, "tenant_id": str(args.tenant)}


def _wanted(args: argparse.Namespace) -> Any:
    """The key as the API would take it. Raises `ConfigError`."""
    from pydantic import ValidationError

    from control_api.keys.requests import CreateKey
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


async def _list(connection: "Connection", args: argparse.Namespace) -> list[Row]:
    from store.keys import KeyRepository
    from store.pages import Part
    from store.tenants import TenantRepository

    tenant = await TenantRepository(connection).get(args.tenant)
    part = Part(args.limit, args.offset)
    listed = await KeyRepository(connection).list_page(tenant.id, part)
    return [_row(key) for key in listed.rows]


async def _revoke(connection: "Connection", args: argparse.Namespace) -> Row:
    from store.audit import Action
    from store.keys import KeyRepository

    keys = KeyRepository(connection)
    key = await keys.get(args.tenant, args.key)
    await keys.revoke(key.tenant_id, key.id)
    await note(connection, key.tenant_id, Action.KEY_REVOKE, key.id)
    return {**_row(key), "is_active": False}


def _row(key: "KeyRecord") -> Row:
    return {
        "id": str(key.id),
        "prefix": key.prefix,
        "is_active": key.is_active,
        "permissions": key.permissions,
        "scopes": key.scopes or None,
        "budget_used": float(key.budget_used),
        "budget_limit": None if key.budget_limit is None else float(key.budget_limit),
        "expires_at": moment(key.expires_at),
        "last_used_at": moment(key.last_used_at),
        "created_at": moment(key.created_at),
        "name": key.name,
    }
