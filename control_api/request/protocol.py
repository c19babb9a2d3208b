"""Connections: as many as there may be. Requests that are no HTTP: refused in the API's own
envelope, logged without their bytes."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from control_api.request.envelope import error_response
from control_api.request.errors import ApiError, ErrorCode

_log: Final = logging.getLogger(__name__)

_FULL_MESSAGE: Final = "There are too many connections; come back in a moment."


@dataclass(slots=True)
class Gate:
    """How many connections there may be, and how many there are. Of one listening port."""

    most: int
    n_open: int = 0


class EnvelopeProtocol(web.RequestHandler):
    """aiohttp's connection, but one too many is sent away, and what it cannot parse is neither
    echoed nor logged: a malformed header may hold a key. A handler that would wait for long may
    have itself told when the client is gone, by `when_lost`."""

    __slots__ = ("_gate", "when_lost")

    def __init__(self, manager: web.Server, *, gate: Gate, **options: Any) -> None:
        super().__init__(manager, **options)
        self._gate = gate
        self.when_lost: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it; one beyond the gate's number gets a 503 whatever it asks."""
        super().connection_made(transport)
        self._gate.n_open += 1
        if self._gate.n_open > self._gate.most and self.transport is not None:
            _log.warning("connection.refused", extra={"n_open": self._gate.n_open})
            self.transport.write(_full())
            self.force_close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Count it no more."""
        self._gate.n_open -= 1
        super().connection_lost(exc)
        if self.when_lost is not None:
            self.when_lost()

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

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send the answer; aiohttp's own to an unknown Expect header is one of ours instead."""
        if isinstance(resp, web.HTTPExpectationFailed):
            resp = self.handle_error(request, resp.status, resp)
        return await super().finish_response(request, resp, start_time)

    def log_exception(self, *_args: Any, exc_info: Any = None, **_kwargs: Any) -> None:
        """One line with the kind of failure only."""
        _log.warning("connection.failed", extra={"error": type(exc_info).__name__})


def _full() -> bytes:
    """A whole answer as it goes over the wire: there is no request that aiohttp could answer."""
    error = ApiError(ErrorCode.SERVICE_UNAVAILABLE, _FULL_MESSAGE, headers={"Retry-After": "1"})
    response = error_response(error, str(uuid4()), {})
    assert isinstance(response.body, bytes), "errors are whole"
    head = (
        "HTTP/1.1 503 Service Unavailable",
        "Content-Type: application/json",
        f"Content-Length: {len(response.body)}",
        "Retry-After: 1",
        "Connection: close",
        "\r\n",
    )
    return "\r\n".join(head).encode() + response.body
