"""Requests that are no HTTP: refused in the API's own envelope, logged without their bytes."""

import logging
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from control_api.request.envelope import error_response
from control_api.request.errors import ApiError, ErrorCode

_log: Final = logging.getLogger(__name__)


class EnvelopeProtocol(web.RequestHandler):
    """aiohttp's connection, but what it cannot parse is neither echoed nor logged: a malformed
    header may hold a key."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to a request that never reached the application; the connection ends."""
        self.log_exception("connection.failed", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun already")
        # aiohttp quotes an unknown Expect header, and stumbles over one that is not UTF-8.
        is_theirs = status < HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(exc, UnicodeError)
        error = (
            ApiError(ErrorCode.INVALID_REQUEST, "The request is not well-formed HTTP.")
            if is_theirs
            else ApiError(ErrorCode.INTERNAL_ERROR, "Something went wrong on our side.")
        )
        request_id = str(uuid4())
        headers = {"X-Request-Id": request_id, "Server": "vaarta"}
        response = error_response(error, request_id, headers)
        response.force_close()
        return response

    def log_exception(self, *_args: Any, exc_info: Any = None, **_kwargs: Any) -> None:
        """One line with the kind of failure only."""
        _log.warning("connection.failed", extra={"error": type(exc_info).__name__})
