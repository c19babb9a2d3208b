"""Whether one more session may be: refusals as clients see them."""

import random

from aiohttp import web

from control_api.request.errors import RETRY_AFTER_S, ApiError, ErrorCode, suspended
from control_api.request.limits import RATE, Rate, still_running
from store.admission import Decision, Terms, Verdict


def require_admitted(request: web.Request, decision: Decision, terms: Terms) -> None:
    """Note the create rate for the answer. Raises `ApiError` for every other verdict."""
    rate = Rate(terms.creates_per_minute, decision.n_recent, decision.reset_s)
    if decision.verdict not in {Verdict.CLAIM_LOST, Verdict.SUSPENDED}:
        request[RATE] = rate
    match decision.verdict:
        case Verdict.ADMITTED:
            return
        case Verdict.CLAIM_LOST:
            raise still_running()
        case Verdict.SUSPENDED:
            raise suspended()
        case Verdict.RATE:
            raise rate.refusal(f"At most {terms.creates_per_minute} sessions a minute.")
        case Verdict.CREDITS:
            raise ApiError(
                ErrorCode.INSUFFICIENT_CREDITS,
                f"A session needs a balance of {terms.min_credits:f} credits.",
                headers={"X-Credits-Balance": f"{decision.balance.normalize():f}"},
            )
        case Verdict.BUDGET:
            raise ApiError(ErrorCode.BUDGET_EXCEEDED, "This key's budget is used up.")
        case Verdict.PLACES:
            raise ApiError(
                ErrorCode.TOO_MANY_CONCURRENT_REQUESTS,
                "The plan allows no further session at the same time.",
            )
        case Verdict.NO_WORKER | Verdict.FLEET | Verdict.STT | Verdict.TTS:
            raise ApiError(
                ErrorCode.SERVICE_UNAVAILABLE,
                "Every agent is taken right now; nothing was created. Try again soon.",
                headers={"Retry-After": str(_apart_s())},
            )


def _apart_s() -> int:
    """Those who were refused together come back one by one."""
    return random.randint(RETRY_AFTER_S, 2 * RETRY_AFTER_S)  # noqa: S311 - no secret
