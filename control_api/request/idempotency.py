"""`Idempotency-Key`: the first answer again, whatever the network made of it."""

import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from aiohttp import web

from control_api.parts import DATABASE, HEALTH, SEALER
from control_api.request.errors import ApiError, ErrorCode
from control_api.request.limits import still_running
from core.errors import StoreError, StoreUnavailable
from core.supervision import Bears, kept_up, look_again
from store.admission import KeyedAnswer
from store.idempotency import Claim, IdempotencyRepository, RequestKey, Taken
from store.pool import Connection
from store.records import TenantId
from store.sealing import SealBroken

_log: Final = logging.getLogger(__name__)
_HEADER: Final = "Idempotency-Key"
_PRINTABLE: Final = re.compile(r"[\x20-\x7e]{1,255}")
_ERASE_EVERY_S: Final = 300.0
_KEPT: Final = range(200, 300)


class OpenClaim:
    """The request's own idempotency key, until its answer is kept: in the statement or the
    transaction of what it tells of, else once it is made."""

    def __init__(self, claim: Claim, about: str) -> None:
        self.claim: Final = claim
        self.about: Final = about
        self.is_kept = False


CLAIM: Final = web.RequestKey("claim", OpenClaim)


async def answer_once(
    request: web.Request,
    tenant_id: TenantId,
    body: Any,
    make: Callable[[], Awaitable[web.Response]],
) -> web.Response:
    """What `make` answers, or what it answered the tenant before to the same key and `body`.

    Call it once the request is known to be valid; `body` is its JSON value, None without one.
    Only a 2xx answer is kept, after anything else the key is free again. What changes rows has to
    keep its answer with them (`keep`): one that was kept afterwards might not be, and the next
    request would do it again. Raises `ApiError`: 422 for a bad key, 409 for one that came with
    another body or is still running.
    """
    key = _key_of(request)
    if key is None:
        return await make()
    content, sealer = _content(body), request.app[SEALER]
    wanted = RequestKey(tenant_id, request.path, key, sealer.digest(content))
    async with request.app[DATABASE].connection() as connection:
        found = await IdempotencyRepository(connection).claim(wanted)
    if isinstance(found, Taken):
        if not sealer.is_digest(found.fingerprint, content):
            message = "This Idempotency-Key came with another body before."
            raise ApiError(ErrorCode.IDEMPOTENCY_CONFLICT, message)
        return _replayed(request, wanted, found)
    request[CLAIM] = OpenClaim(found, about=_about(wanted))
    is_made = False
    try:
        response = await make()
        if response.status in _KEPT and not request[CLAIM].is_kept:
            async with request.app[DATABASE].connection() as connection:
                await _keep(request, connection, response)
        is_made = request[CLAIM].is_kept
    finally:
        if not is_made:  # an answer that was kept all the same is none that this takes away
            await _free(request)
    return response


async def keep(
    request: web.Request, connection: Connection, response: web.Response
) -> web.Response:
    """The response, kept for the request's key in the transaction of what it tells of.

    Raises `ApiError` (409) where another request has the key by now: then nothing may be done.
    """
    if CLAIM not in request:
        return response
    if not await _keep(request, connection, response):
        raise still_running()
    return response


def keyed_answer(request: web.Request, response: web.Response) -> KeyedAnswer:
    """`response` for a handler whose own statement keeps it; it sets `is_kept` once that is so."""
    claim = request[CLAIM].claim
    return KeyedAnswer(claim.id, response.status, _sealed(request, response), claim.at)


async def erase_old_answers(app: web.Application) -> AsyncIterator[None]:
    """Erase what was kept for a day, as long as the application runs."""

    async def erase() -> None:
        async with app[DATABASE].connection() as connection:
            await IdempotencyRepository(connection).erase_old()

    async def run() -> None:
        bears = Bears(StoreUnavailable, _log, "idempotency.not_erased")
        await look_again("answer-eraser", erase, _ERASE_EVERY_S, bears)

    async with kept_up("answer-eraser", run, health=app[HEALTH]):
        yield


def _key_of(request: web.Request) -> str | None:
    given = request.headers.getall(_HEADER, [])
    if not given:
        return None
    if len(given) > 1 or not _PRINTABLE.fullmatch(given[0]):
        message = f"{_HEADER} must be 1 to 255 printable characters, given once"
        detail = [{"loc": ["header", _HEADER], "msg": message, "type": "header_invalid"}]
        raise ApiError(ErrorCode.VALIDATION_ERROR, message, param=_HEADER, detail=detail)
    return given[0]


def _content(body: Any) -> bytes:
    """The same for the same JSON value, however it is written."""
    return json.dumps(_plain(body), sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    """The value with one spelling for each number: 1.0 is 1."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


def _replayed(request: web.Request, wanted: RequestKey, taken: Taken) -> web.Response:
    if taken.answer is None or taken.status is None:
        raise still_running()
    try:
        body = request.app[SEALER].open(taken.answer, about=_about(wanted))
    except SealBroken:
        message = "What was answered to this Idempotency-Key cannot be read any more."
        raise ApiError(ErrorCode.CONFLICT, message) from None
    return web.Response(
        body=body,
        status=taken.status,
        headers={"Idempotent-Replayed": "true"},
        content_type="application/json",
    )


def _about(wanted: RequestKey) -> str:
    return f"answer {wanted.tenant_id} {wanted.path} {wanted.key}"


def _sealed(request: web.Request, response: web.Response) -> bytes:
    body = response.body
    assert isinstance(body, bytes), "JSON answers are whole"
    return request.app[SEALER].seal(body, about=request[CLAIM].about)


async def _keep(request: web.Request, connection: Connection, response: web.Response) -> bool:
    claim = request[CLAIM].claim
    sealed = _sealed(request, response)
    keys = IdempotencyRepository(connection)
    request[CLAIM].is_kept = await keys.keep(claim.id, response.status, sealed)
    return request[CLAIM].is_kept


async def _free(request: web.Request) -> None:
    try:
        async with request.app[DATABASE].connection() as connection:
            await IdempotencyRepository(connection).free(request[CLAIM].claim.id)
    except StoreError as exc:
        _log.warning("idempotency.not_freed", extra={"error": type(exc).__name__})
