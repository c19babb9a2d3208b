"""Limits as clients see them: headers on what was let through, refusals on what was not."""

import math
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from control_api.request.errors import ApiError, ErrorCode
from store.windows import RequestWindow


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit of requests and how much of it is used; more is allowed in `reset_s`."""

    limit: int
    used: int
    reset_s: float

    @property
    def headers(self) -> dict[str, str]:
        """The three headers, whole seconds."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "X-RateLimit-Reset": str(self._reset),
        }

    def refusal(self, message: str) -> ApiError:
        """A 429 that says when to come back."""
        headers = {"Retry-After": str(self._reset)}
        return ApiError(ErrorCode.RATE_LIMIT_EXCEEDED, message, headers=headers)

    @property
    def _reset(self) -> int:
        return max(1, math.ceil(self.reset_s))


RATE: Final = web.RequestKey("rate", Rate)


def require_rate(request: web.Request, window: RequestWindow, limit: int, whose: str) -> None:
    """Note the rate for the answer. Raises `ApiError` (429) when it is used up."""
    rate = Rate(limit, window.n_requests, window.reset_s)
    request[RATE] = rate
    if window.n_requests > limit:
        raise rate.refusal(f"{whose} may make {limit} requests a minute.")


def still_running() -> ApiError:
    """A 409: the first request with this idempotency key has no answer yet."""
    return ApiError(
        ErrorCode.CONFLICT,
        "The first request with this Idempotency-Key is still running.",
        headers={"Retry-After": "1"},
    )
