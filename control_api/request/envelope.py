"""The envelope of every error."""

from collections.abc import Mapping
from typing import Literal

from aiohttp import web
from pydantic import Field

from control_api.request.errors import ApiError
from control_api.request.json_text import json_response
from control_api.request.shown import Shown
from core.metrics import REFUSALS


class Refusal(Shown, extra="ignore"):
    """What went wrong. `param` names the field at fault where one is."""

    message: str
    """For people; it may change."""
    type: Literal[
        "invalid_request_error",
        "authentication_error",
        "insufficient_quota",
        "permission_error",
        "rate_limit_error",
        "api_error",
    ]
    code: str
    """For programs."""
    param: str = ""
    request_id: str
    """Also in the header X-Request-Id; name it when you ask for help."""


class Problem(Shown):
    """One field that was refused."""

    loc: list[str | int]
    """Where: `body` or `query`, then the way to the field."""
    msg: str
    type: str


class Error(Shown):
    """The envelope of every error; a 422 lists every problem that was found."""

    error: Refusal
    detail: list[Problem] = Field(default=[])


def envelope(error: ApiError, request_id: str) -> Error:
    """The answer's body."""
    at_fault = {} if error.param is None else {"param": error.param}
    refusal = Refusal.of_kept(
        at_fault, message=error.message, type=error.type, code=error.code, request_id=request_id
    )
    if error.detail is None:
        return Error.of_kept({}, error=refusal)
    return Error.of(error=refusal, detail=[Problem.of_kept(one) for one in error.detail])


def error_response(
    error: ApiError, request_id: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    """The answer with the error's own headers and these; it is counted."""
    REFUSALS.labels(error.code.value).inc()
    return json_response(
        envelope(error, request_id),
        status=error.code.status,
        headers={**error.headers, **(headers or {})},
    )
