"""Whether the process lives, and whether it can serve."""

from http import HTTPStatus

from aiohttp import web

from control_api.health.readiness import AWAY, OK, READINESS
from control_api.request.errors import RETRY_AFTER_S
from control_api.request.json_text import json_response


async def is_alive(_request: web.Request) -> web.Response:
    """`GET /healthz`: the process answers."""
    return json_response({"status": "ok"})


async def is_ready(request: web.Request) -> web.Response:
    """`GET /readyz`: so does all that it needs; 503 says what does not."""
    checks = await request.app[READINESS].look()
    if all(state == OK for state in checks.values()):
        return json_response({"status": OK, "checks": checks})
    return json_response(
        {"status": AWAY, "checks": checks},
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )
