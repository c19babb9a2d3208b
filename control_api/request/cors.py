"""Answers to browsers of other origins, and to `OPTIONS`."""

from collections.abc import Iterable
from typing import Final

from aiohttp import web

from control_api.request.listed import ALLOWED_DOMAINS, is_listed_origin, lists

_PREFIXES: Final = ("/v1/", "/api/v1/")
_EVERY_METHOD: Final = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
_EXPOSED: Final = ", ".join(
    (
        "Allow",
        "Idempotent-Replayed",
        "Retry-After",
        "X-Credits-Balance",
        "X-Next-Cursor",
        "X-RateLimit-Limit",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
        "X-Request-Id",
        "X-Total-Count",
        "X-Total-Count-Relation",
    )
)
# `*` does not stand for Authorization; naming the rest helps clients that know no `*`.
_ACCEPTED: Final = "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Request-Id, *"
_REMEMBERED_S: Final = "600"


def is_shared(request: web.Request) -> bool:
    """Whether pages of other origins may read the answer."""
    return request.path.startswith(_PREFIXES)


def allow_origin(request: web.Request, response: web.StreamResponse) -> None:
    """Let the page that asks read the answer: any page, unless the key is for some only.

    No credentials are taken, so nothing is given away by that.
    """
    origin = request.headers.get("Origin")
    if not is_shared(request) or origin is None:
        return
    allowed = _allowed_origin(origin, request.get(ALLOWED_DOMAINS, "*"))
    if allowed != "*":
        response.headers["Vary"] = "Origin"
    if allowed is not None:
        response.headers["Access-Control-Allow-Origin"] = allowed
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED


def answer_options(request: web.Request) -> web.Response | None:
    """The answer to an `OPTIONS`; None where there is nothing to ask about."""
    refusal = request.match_info.http_exception
    if isinstance(refusal, web.HTTPMethodNotAllowed):
        methods: Iterable[str] = refusal.allowed_methods
    elif is_shared(request) and _is_preflight(request):
        methods = _EVERY_METHOD
    else:
        return None
    response = web.Response(status=204, headers={"Allow": allow_header(methods)})
    if is_shared(request) and _is_preflight(request):
        response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(methods))
        response.headers["Access-Control-Allow-Headers"] = _ACCEPTED
        response.headers["Access-Control-Max-Age"] = _REMEMBERED_S
    return response


def allow_header(methods: Iterable[str]) -> str:
    """The value of `Allow`: what the route takes, and `OPTIONS`, which every route does."""
    return ", ".join(sorted({*methods, "OPTIONS"}))


def _allowed_origin(origin: str, domains: str) -> str | None:
    if lists(domains, "*"):
        return "*"
    is_text = origin.isascii() and origin.isprintable()  # it goes into a header of ours
    return origin if is_text and is_listed_origin(origin, domains) else None


def _is_preflight(request: web.Request) -> bool:
    return "Origin" in request.headers and "Access-Control-Request-Method" in request.headers
