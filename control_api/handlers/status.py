"""Whether everything is there that a session needs."""

from typing import Any, Final

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR, MANAGERS
from control_api.checks.finding import Finding
from control_api.parts import DATABASE
from control_api.request.idempotency import answer_once
from control_api.request.json_text import json_response
from control_api.request.json_values import moment
from control_api.status import STATUS_BOARD
from control_api.talk.board import TALK_BOARD
from core.errors import StoreError
from store.pool import Database
from store.workers import WorkerRepository

_NEEDED: Final = ("stt", "tts", "llm")


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


async def hold_talk(request: web.Request) -> web.Response:
    """`POST /api/v1/status/talk`: one short conversation with the configured providers."""
    caller = await request.app[AUTHENTICATOR].authorise(request, *_NEEDED)
    if caller.key is None:
        caller.require_role(MANAGERS)

    async def make() -> web.Response:
        held_at, talk = await request.app[TALK_BOARD].talk()
        return json_response({**talk.as_json(), "held_at": moment(held_at)})

    return await answer_once(request, caller.tenant.id, None, make)


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
