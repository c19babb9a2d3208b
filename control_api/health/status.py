"""Whether everything is there that a session needs."""

from typing import Any

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR, MANAGERS
from control_api.health.board import STATUS_BOARD
from control_api.health.checks.finding import Finding
from control_api.parts import DATABASE
from control_api.request.json_text import json_response
from control_api.request.json_values import moment
from core.errors import StoreError
from store.pool import Database
from store.workers import WorkerRepository


async def get_status(request: web.Request) -> web.Response:
    """`GET /api/v1/status`: for those who manage the tenant, and for any key."""
    caller = await request.app[AUTHENTICATOR].authorise(request)
    if caller.key is None:
        caller.require_role(MANAGERS)
    look = await request.app[STATUS_BOARD].look()
    return json_response(
        {
            "ok": look.is_ok,
            "checked_at": moment(look.looked_at),
            "checks": [_view(one) for one in look.findings],
            "workers": await _workers(request.app[DATABASE]),
        }
    )


async def _workers(database: Database) -> list[dict[str, Any]] | None:
    """None: nobody can tell."""
    try:
        async with database.connection() as connection:
            workers = await WorkerRepository(connection).living()
    except StoreError:
        return None
    return [
        {
            "host": one.host,
            "active": one.active,
            "capacity": one.capacity,
            "seen_at": moment(one.seen_at),
        }
        for one in workers
    ]


def _view(finding: Finding) -> dict[str, Any]:
    """Without the address, which may be nobody's business."""
    return {
        "name": finding.name,
        "ok": finding.is_ok,
        "version": finding.version,
        "latency_ms": finding.latency_ms,
        "hint": finding.advice or None,
        "stand_in": finding.is_stand_in,
    }
