"""Whether a chat model is fast enough to be talked to."""

from enum import StrEnum
from typing import Final

from core.catalog import Model
from core.setting_groups import LlmSettings
from store.model_speed import ModelSpeed

ENOUGH: Final = 5
"""Measured turns; fewer tell nothing."""


class Verdict(StrEnum):
    """`UNSUPPORTED`: nothing here can serve it."""

    ELIGIBLE = "eligible"
    TOO_SLOW = "too_slow"
    UNSUPPORTED = "unsupported"
    UNMEASURED = "unmeasured"


def verdict_of(model: Model, speed: ModelSpeed | None, llm: LlmSettings) -> Verdict:
    """Of what was measured: half of the turns have to keep to the budget."""
    is_served = any(llm.upstream(route.upstream) for route in model.routes)
    if model.status != "available" or not is_served:
        return Verdict.UNSUPPORTED
    if speed is None or speed.n < ENOUGH:
        return Verdict.UNMEASURED
    return Verdict.ELIGIBLE if speed.p50 <= llm.first_token_budget_ms else Verdict.TOO_SLOW
