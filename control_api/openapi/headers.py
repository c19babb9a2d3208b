"""The headers that answers carry and that requests may."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from control_api.openapi.operation import Access, Operation

_COUNT: Final = {"type": "integer", "minimum": 0}
_SECONDS: Final = {"type": "integer", "minimum": 1}

RESPONSE_HEADERS: Final[dict[str, Any]] = {
    "X-Request-Id": {
        "description": "The request's own id, or a new one.",
        "schema": {"type": "string", "maxLength": 128},
        "required": True,
    },
    "X-Total-Count": {
        "description": "How many the filter matches, on all pages.",
        "schema": _COUNT,
        "required": True,
    },
    "X-Total-Count-Relation": {
        "description": "There where the count ended early: there are more.",
        "schema": {"const": "gte"},
    },
    "X-Next-Cursor": {
        "description": "What `cursor` takes to go on; absent on the last page.",
        "schema": {"type": "string", "minLength": 1},
    },
    "X-RateLimit-Limit": {"description": "Requests in a window.", "schema": _COUNT},
    "X-RateLimit-Remaining": {"description": "Requests left in this window.", "schema": _COUNT},
    "X-RateLimit-Reset": {
        "description": "Seconds until the window has room again.",
        "schema": _COUNT,
    },
    "Retry-After": {
        "description": "Whole seconds to wait.",
        "schema": _SECONDS,
        "required": True,
    },
    "X-Credits-Balance": {"description": "The tenant's credits.", "schema": {"type": "number"}},
    "WWW-Authenticate": {"schema": {"const": "Bearer"}, "required": True},
    "Idempotent-Replayed": {
        "description": "There when this is the first answer again.",
        "schema": {"const": "true"},
    },
}
_REQUEST_HEADERS: Final[dict[str, Any]] = {
    "Idempotency-Key": {
        "description": "The same key and body within 24 hours get the first answer again.",
        "schema": {"type": "string", "pattern": "^[!-~]([ -~]{0,253}[!-~])?$"},
    },
    "Last-Event-ID": {
        "description": "Goes on after this event.",
        "schema": {"type": "string", "pattern": "^[0-9]{1,10}$"},
    },
}
_OF_STATUS: Final = {
    HTTPStatus.UNAUTHORIZED: ("WWW-Authenticate",),
    HTTPStatus.PAYMENT_REQUIRED: ("X-Credits-Balance",),
    HTTPStatus.TOO_MANY_REQUESTS: ("Retry-After",),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Retry-After",),
}
_LIMITS: Final = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def answer_headers(operation: Operation, own: Iterable[str]) -> dict[str, Any]:
    """The headers of a success."""
    names = ["X-Request-Id", *own]
    if operation.access is Access.ANYONE:
        names += _LIMITS
    if operation.method == "POST":
        names.append("Idempotent-Replayed")
    return _referred(names)


def error_headers(status: HTTPStatus) -> dict[str, Any]:
    """The headers of an error; a limit's own are there when it was reached or passed."""
    names = ["X-Request-Id", *_OF_STATUS.get(status, ())]
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        names += _LIMITS
    return _referred(names)


def request_headers(operation: Operation) -> list[dict[str, Any]]:
    """The headers that a request may carry."""
    names = list(operation.request_headers)
    if operation.method == "POST":
        names.append("Idempotency-Key")
    return [{"name": name, "in": "header", **_REQUEST_HEADERS[name]} for name in names]


def _referred(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
