"""What happens around every request: an id, an envelope for errors, a log line, two metrics."""

import logging
import re
import time
import traceback
from http import HTTPStatus
from typing import Final
from uuid import uuid4

from aiohttp import web
from aiohttp.typedefs import Handler

from control_api.parts import DRAINING
from control_api.request.asked import Asked
from control_api.request.at_hand import AT_HAND
from control_api.request.cors import allow_header, allow_origin, answer_options
from control_api.request.envelope import error_response
from control_api.request.errors import ApiError, ErrorCode, not_found, unavailable
from control_api.request.fair_loop import FAIR_LOOP, Fairly
from control_api.request.limits import RATE
from control_api.request.origin import ASKED_BY, address_of
from control_api.request.refused import REFUSED
from control_api.request.tracing import traced
from core.errors import (
    CapReached,
    ConflictError,
    Crowded,
    LiveKitUnavailable,
    NotFoundError,
    StoreUnavailable,
    VaartaError,
)
from core.log import log_context
from core.metrics import HTTP_REQUESTS, HTTP_SECONDS
from store.fair_share import ask_for

_log: Final = logging.getLogger(__name__)
_REQUEST_ID: Final = web.RequestKey("request_id", str)
_PRINTABLE: Final = re.compile(r"[\x20-\x7e]{1,128}")
_FRAMES_SHOWN: Final = 8


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request its id, answer it, and tell how long that took."""
    given = request.headers.get("X-Request-Id", "")
    request[_REQUEST_ID] = given if _PRINTABLE.fullmatch(given) else str(uuid4())
    asked, started = Asked.of(request), time.monotonic()
    ask_for(None)  # the connection's task may have served somebody else before
    with log_context(request_id=request[_REQUEST_ID]), traced(request, asked) as answered:
        first = request.headers.get("Authorization")
        response = await Fairly(request.app[FAIR_LOOP], first, _answer(request, handler))
        answered(response)
        _tell(asked, request, response, time.monotonic() - started)
    return response


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """The headers of every answer, set just before it starts."""
    if _REQUEST_ID in request:
        response.headers["X-Request-Id"] = request[_REQUEST_ID]
    if request.app[DRAINING].is_set():
        response.force_close()
        response.headers["Connection"] = "close"
    if RATE in request:
        response.headers.update(request[RATE].headers)
    response.headers["Server"] = "vaarta"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    allow_origin(request, response)


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        if request.method == "OPTIONS" and (options := answer_options(request)) is not None:
            return options
        return await handler(request)
    except web.HTTPException as exc:
        if exc.status < 400:
            raise
        error = _from_http(exc)
    except Exception as exc:
        error = _from_exception(exc)
    finally:
        request.app[AT_HAND].let_go(request)
    return error_response(error, request[_REQUEST_ID])


def _from_http(exc: web.HTTPException) -> ApiError:
    """What aiohttp itself refuses, in our words."""
    if isinstance(exc, web.HTTPMethodNotAllowed):
        allowed = allow_header(exc.allowed_methods)
        return ApiError(
            ErrorCode.METHOD_NOT_ALLOWED,
            f"This path takes {allowed}.",
            headers={"Allow": allowed},
        )
    if exc.status == 404:
        return not_found("path")
    return ApiError(ErrorCode.INVALID_REQUEST, "The request is not well-formed.")


def _from_exception(exc: Exception) -> ApiError:
    match exc:
        case ApiError():
            return exc
        case NotFoundError():
            return not_found("row")
        case CapReached(what=what, most=most):
            message = f"The plan allows {most:,} {what}."
            return ApiError(ErrorCode.CONFLICT, message)
        case Crowded():
            message = "Too many requests of this tenant wait already."
            return ApiError(ErrorCode.TOO_MANY_CONCURRENT_REQUESTS, message)
        case ConflictError():
            return ApiError(ErrorCode.CONFLICT, "The change contradicts what is there.")
        case StoreUnavailable():
            _log.warning("database.unavailable", extra={"reason": str(exc)})
            return unavailable("database")
        case LiveKitUnavailable():
            _log.warning("livekit.unavailable", extra={"reason": str(exc)})
            return unavailable("LiveKit server")
        case _:
            # What we raise ourselves may be shown; what others raise may quote the request.
            reason = str(exc) if isinstance(exc, VaartaError) else None
            extra = {"error": type(exc).__name__, "reason": reason, "where": _where(exc)}
            _log.error("request.failed", extra=extra)
            return ApiError(ErrorCode.INTERNAL_ERROR, "Something went wrong on our side.")


def _where(exc: Exception) -> list[str]:
    """The innermost frames, without the exception's text: it may quote what a caller sent."""
    frames = traceback.extract_tb(exc.__traceback__)[-_FRAMES_SHOWN:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _tell(asked: Asked, request: web.Request, response: web.StreamResponse, seconds: float) -> None:
    method, route = asked.method, asked.route
    HTTP_REQUESTS.labels(route, method, str(response.status)).inc()
    HTTP_SECONDS.labels(route, method).observe(seconds)
    asked_by = request.get(ASKED_BY, {})
    is_refused = response.status == HTTPStatus.TOO_MANY_REQUESTS
    if is_refused and not request.app[REFUSED].is_first(asked_by):
        return
    _log.info(
        "request.answered",
        extra={
            "method": method,
            "route": route,
            "status": response.status,
            "duration_ms": round(seconds * 1000),
            "address": address_of(request),
            **asked_by,
        },
    )
