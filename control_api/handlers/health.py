"""Whether the process lives, and whether it can serve."""

import asyncio
from collections.abc import Awaitable
from http import HTTPStatus

from aiohttp import web

from control_api.errors import RETRY_AFTER_S
from control_api.json_text import json_response
from control_api.parts import DATABASE, ROOMS
from control_api.rooms import LiveKitUnavailable
from core.errors import StoreUnavailable


async def is_alive(_request: web.Request) -> web.Response:
    """`GET /healthz`: the process answers."""
    return json_response({"status": "ok"})


async def is_ready(request: web.Request) -> web.Response:
    """`GET /readyz`: so do the database and LiveKit; 503 says which does not."""
    database, livekit = await asyncio.gather(
        _answers(request.app[DATABASE].ping()), _answers(request.app[ROOMS].check())
    )
    checks = {"database": _word(database), "livekit": _word(livekit)}
    if database and livekit:
        return json_response({"status": "ok", "checks": checks})
    return json_response(
        {"status": "unavailable", "checks": checks},
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


async def _answers(check: Awaitable[None]) -> bool:
    try:
        await check
    except (StoreUnavailable, LiveKitUnavailable):
        return False
    return True


def _word(answers: bool) -> str:
    return "ok" if answers else "unavailable"
