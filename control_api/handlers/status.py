"""Whether everything is there that a session needs."""

from typing import Any

from aiohttp import web

from control_api.auth import MANAGERS
from control_api.checks.finding import Finding
from control_api.json_text import json_response
from control_api.parts import AUTHENTICATOR
from control_api.status import STATUS_BOARD
from control_api.views import moment


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
        }
    )


def _view(finding: Finding) -> dict[str, Any]:
    """Without the address, which may be nobody's business."""
    return {
        "name": finding.name,
        "ok": finding.is_ok,
        "version": finding.version,
        "latency_ms": finding.latency_ms,
        "hint": finding.advice or None,
    }
