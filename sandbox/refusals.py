"""The providers' HTTP error envelopes."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web


class Refusal(Exception):
    """A request answered with an error; ``sarvam`` envelope unless ``body`` is given."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.body = body
        self.headers = dict(headers or {})

    def response(self) -> web.Response:
        body = self.body or sarvam_envelope(self.code, self.message)
        return web.json_response(body, status=self.status, headers=self.headers)


def sarvam_envelope(code: str, message: str) -> dict[str, Any]:
    return {"error": {"message": message, "code": code, "request_id": new_request_id()}}


def new_request_id() -> str:
    """The form of the provider: the day, then a UUID."""
    return f"{datetime.now(UTC):%Y%m%d}_{uuid.uuid4()}"


def invalid(message: str, status: int = 400) -> Refusal:
    return Refusal(status, "invalid_request_error", message)


def over_quota() -> Refusal:
    return Refusal(429, "rate_limit_exceeded_error", "Too many concurrent connections")


@web.middleware
async def answer_refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        response: web.StreamResponse = await handler(request)
    except Refusal as refusal:
        return refusal.response()
    except web.HTTPNotFound:
        return Refusal(404, "not_found_error", "Not Found").response()
    except web.HTTPRequestEntityTooLarge:
        return invalid("Request body is too large", 413).response()
    return response
