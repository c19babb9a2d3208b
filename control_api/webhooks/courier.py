"""One attempt: a POST to a guarded address, judged."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final, Self

import aiohttp
from aiohttp import web

from control_api.webhooks.message import Message
from core.addresses import AddressGuard, AddressRefused, guarded_http


class AttemptError(StrEnum):
    """Why an attempt failed, as the log of deliveries says it."""

    TIMED_OUT = "no answer in time"
    BAD_STATUS = "answered with an error status"
    REDIRECTED = "answered with a redirect, which is not followed"
    ADDRESS_REFUSED = "resolves to an address that is not public"
    NAME_UNKNOWN = "the host name does not resolve"
    NOT_CONNECTED = "the connection failed"
    TLS_FAILED = "the TLS connection failed"
    BAD_ANSWER = "the answer is not well-formed HTTP"
    SECRET_LOST = "the signing secret cannot be opened; rotate it"  # noqa: S105 - a reason


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of it; `error` None is success."""

    attempted_at: datetime
    latency_ms: int
    status_code: int | None = None
    error: AttemptError | None = None


class Courier:
    """Makes attempts, each on a connection of its own: a new look at the name every time."""

    def __init__(self, http: aiohttp.ClientSession, timeout_s: float) -> None:
        self._http = http
        self._timeout_s = timeout_s

    @classmethod
    @asynccontextmanager
    async def opened(cls, guard: AddressGuard, timeout_s: float) -> AsyncIterator[Self]:
        """A courier that may be used until the block's end."""
        async with guarded_http(guard, timeout_s) as http:
            yield cls(http, timeout_s)

    async def attempt(self, url: str, message: Message, secrets: Sequence[str]) -> Attempt:
        """Post the message once, signed with `secrets`. The answer's body is not read."""
        at, began = datetime.now(UTC), time.monotonic()
        status: int | None = None
        try:
            async with asyncio.timeout(self._timeout_s):
                status = await self._post(url, message, message.headers(secrets, at))
            error = _judge(status)
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            error = _error_of(exc)
        return Attempt(at, round((time.monotonic() - began) * 1000), status, error)

    async def _post(self, url: str, message: Message, headers: dict[str, str]) -> int:
        async with self._http.post(
            url, data=message.body, headers=headers, allow_redirects=False
        ) as response:
            response.close()
            return response.status


COURIER: Final = web.AppKey("courier", Courier)


def _judge(status: int) -> AttemptError | None:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return AttemptError.REDIRECTED
    return AttemptError.BAD_STATUS


def _error_of(exc: Exception) -> AttemptError:
    if isinstance(exc, TimeoutError):
        return AttemptError.TIMED_OUT
    if isinstance(exc, AddressRefused) or isinstance(
        getattr(exc, "os_error", None), AddressRefused
    ):
        return AttemptError.ADDRESS_REFUSED
    if isinstance(exc, aiohttp.ClientSSLError):
        return AttemptError.TLS_FAILED
    if isinstance(exc, aiohttp.ClientConnectorDNSError | aiohttp.InvalidURL):
        return AttemptError.NAME_UNKNOWN
    if isinstance(exc, aiohttp.ClientResponseError):
        return AttemptError.BAD_ANSWER
    return AttemptError.NOT_CONNECTED
