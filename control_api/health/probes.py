"""Whether the process lives, and whether it can serve."""

from http import HTTPStatus

from aiohttp import web

from control_api.health.answers import Alive, Checks, Ready
from control_api.health.readiness import AWAY, OK, READINESS
from control_api.request.errors import RETRY_AFTER_S
from control_api.request.json_text import json_response


async def is_alive(_request: web.Request) -> web.Response:
    """`GET /healthz`: the process answers."""
    return json_response(Alive.of(status=OK))


async def is_ready(request: web.Request) -> web.Response:
    """`GET /readyz`: so does all that it needs; 503 says what does not."""
    states = await request.app[READINESS].look()
    checks = Checks.of_kept(states)
    if all(state == OK for state in states.values()):
        return json_response(Ready.of(status=OK, checks=checks))
    return json_response(
        Ready.of(status=AWAY, checks=checks),
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )
