"""Whether everything is there that a session needs."""

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.health.answers import Dependency, Status, Worker
from control_api.health.board import STATUS_BOARD
from control_api.parts import DATABASE
from control_api.request.json_text import json_response
from core.errors import StoreError
from core.rights import MANAGERS
from store.pool import Database
from store.workers import WorkerRepository


async def get_status(request: web.Request) -> web.Response:
    """`GET /api/v1/status`: for those who manage the tenant, and for any key."""
    caller = await request.app[AUTHENTICATOR].authorise(request)
    if caller.key is None:
        caller.require_role(MANAGERS)
    look = await request.app[STATUS_BOARD].look()
    shown = Status.of(
        ok=look.is_ok,
        checked_at=look.looked_at,
        checks=[Dependency.of(one) for one in look.findings],
        workers=await _workers(request.app[DATABASE]),
    )
    return json_response(shown)


async def _workers(database: Database) -> list[Worker] | None:
    """None: nobody can tell."""
    try:
        async with database.connection() as connection:
            return [Worker.of(one) for one in await WorkerRepository(connection).living()]
    except StoreError:
        return None
