"""A request as a span: its method, route and status (OpenTelemetry's conventions for HTTP servers).

The path is left out: it holds whatever a client writes there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from aiohttp import web

from control_api.parts import TRACES
from control_api.request.asked import OTHER, UNMATCHED, Asked
from core.log import log_context
from core.spans import Attributes, Kind, OpenSpan

_SPAN: Final = web.RequestKey("span", OpenSpan)


@contextmanager
def traced(request: web.Request, asked: Asked) -> Iterator[Callable[[web.StreamResponse], None]]:
    """What is done inside is one span, if anybody takes it: of the client's own trace where it
    sends one along. What is given is to be called with the answer."""
    traces = request.app.get(TRACES)
    if traces is None:
        yield lambda _: None
        return
    parent = request.headers.get("traceparent", "")
    span = traces.begin(_name(asked), _first(asked), kind=Kind.SERVER, parent=parent)
    request[_SPAN] = span
    status: int | None = None

    def answered(response: web.StreamResponse) -> None:
        nonlocal status
        status = response.status

    try:
        with log_context(trace_id=span.trace_id):
            yield answered
    finally:
        _end(span, status)


def traceparent_of(request: web.Request) -> str:
    """What another process needs to tell of what it does for this request; empty: nothing."""
    return request[_SPAN].traceparent if _SPAN in request else ""


def _name(asked: Asked) -> str:
    method = "HTTP" if asked.method == OTHER else asked.method
    return method if asked.route == UNMATCHED else f"{method} {asked.route}"


def _first(asked: Asked) -> Attributes:
    method = "_OTHER" if asked.method == OTHER else asked.method
    route = {} if asked.route == UNMATCHED else {"http.route": asked.route}
    return {"http.request.method": method, **route}


def _end(span: OpenSpan, status: int | None) -> None:
    """One without a status was left by its client."""
    if status is None:
        span.end({})
        return
    span.end({"http.response.status_code": status}, error=str(status) if status >= 500 else "")
