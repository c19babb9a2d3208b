"""Live events of one session and of a tenant's list, as server-sent events."""

import asyncio
import logging
import random
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR, Caller
from control_api.events.hub import EVENT_HUB, Client
from control_api.events.list_hub import LIST_HUB
from control_api.events.list_stream import ListStream
from control_api.events.stream import EventStream, Source
from control_api.parts import CATALOG, DATABASE, SETTINGS
from control_api.request.at_hand import AT_HAND
from control_api.request.errors import ApiError, ErrorCode
from control_api.request.protocol import EnvelopeProtocol
from control_api.sessions.handlers import find_session
from core.errors import StoreError

_log: Final = logging.getLogger(__name__)
_HEADER: Final = "Last-Event-ID"
_NUMBER: Final = re.compile(r"[0-9]{1,10}")
_RETRY_MS: Final = (500, 2500)
_HEADERS: Final = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}


async def stream_events(request: web.Request) -> web.StreamResponse:
    """`GET /v1/voice/sessions/{session_id}/events`, from the start or after `Last-Event-ID`.

    204 to a client that has had the end: that is how a browser learns not to come back.
    """
    app = request.app
    caller = await app[AUTHENTICATOR].authorise(request)
    last_number = _last_number(request)
    session = await find_session(request, caller.tenant.id)
    source = Source(app[DATABASE], app[EVENT_HUB], caller.tenant.id, session.id)
    client = _client(request, caller)
    with app[EVENT_HUB].stream(session.id, client):
        every_s = app[SETTINGS].events.comment_interval_s
        stream = EventStream(source, client, comment_every_s=every_s)
        if not await stream.begin(last_number):
            return web.Response(status=204)
        response = await _opened(request)
        if request.method != "HEAD":
            with _left_when_lost(request, client):
                await _send(request, response, stream.messages())
        return response


async def stream_sessions(request: web.Request) -> web.StreamResponse:
    """`GET /v1/voice/sessions/events`: the tenant's sessions as they begin, change and end."""
    app = request.app
    caller = await app[AUTHENTICATOR].authorise(request)
    client, lists = _client(request, caller), app[LIST_HUB]
    with (
        app[EVENT_HUB].counted(client),
        lists.watching(caller.tenant.id, client.wake) as changes,
    ):
        await lists.hears()
        every_s = app[SETTINGS].events.comment_interval_s
        stream = ListStream(app[DATABASE], client, changes, every_s)
        response = await _opened(request)
        if request.method != "HEAD":
            with _left_when_lost(request, client):
                await _send(request, response, stream.messages())
        return response


def _client(request: web.Request, caller: Caller) -> Client:
    most = request.app[CATALOG].plans[caller.tenant.plan].event_streams
    return Client(caller, most, partial(_cut, request))


@contextmanager
def _left_when_lost(request: web.Request, client: Client) -> Iterator[None]:
    """Who is gone holds no place of the tenant's until there is something to write to them."""
    connection = request.protocol
    assert isinstance(connection, EnvelopeProtocol)
    connection.when_lost = client.leave
    try:
        if request.transport is None:
            client.leave()
        yield
    finally:
        connection.when_lost = None


async def _opened(request: web.Request) -> web.StreamResponse:
    """The answer, begun: from here on it counts as a stream alone."""
    request.app[AT_HAND].let_go(request)
    response = web.StreamResponse(headers=_HEADERS)
    await response.prepare(request)
    return response


async def _send(
    request: web.Request, response: web.StreamResponse, messages: AsyncIterator[bytes]
) -> None:
    """Write until the end. A client that is gone or takes nothing may come back and resume, those
    of a process that stops not all at once."""
    timeout_s = request.app[SETTINGS].events.write_timeout_s
    try:
        await response.write(b"retry: %d\n\n" % random.randint(*_RETRY_MS))  # noqa: S311
        async for message in messages:
            async with asyncio.timeout(timeout_s):
                await response.write(message)
        await response.write_eof()
    except ConnectionError:
        _log.info("events.client_left")
    except TimeoutError:
        _log.warning("events.client_slow")
        _cut(request)
    except StoreError as exc:
        _log.warning("events.cut", extra={"error": type(exc).__name__})
        _cut(request)


def _cut(request: web.Request) -> None:
    """Close the connection in the middle of the answer, which tells the client to resume."""
    if request.transport is not None:
        request.transport.abort()


def _last_number(request: web.Request) -> int:
    given = request.headers.getall(_HEADER, ["0"])
    if len(given) == 1 and _NUMBER.fullmatch(given[0].strip()):
        return min(int(given[0]), 2**31 - 1)
    message = f"{_HEADER} must be the id of an event of this session"
    detail = [{"loc": ["header", _HEADER], "msg": message, "type": "header_invalid"}]
    raise ApiError(ErrorCode.VALIDATION_ERROR, message, param=_HEADER, detail=detail)
