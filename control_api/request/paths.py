"""Ids in a request's path."""

import re
from typing import Final
from uuid import UUID

from aiohttp import web

from control_api.request.errors import not_found

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def path_id(request: web.Request, name: str, what: str) -> UUID:
    """The UUID that the path holds under `name`. Raises `ApiError` (404, no such `what`)."""
    given = request.match_info[name]
    if not _UUID.fullmatch(given):
        raise not_found(what)
    return UUID(given)
