"""Whether a model is fast enough to be talked to."""

import pytest
from pydantic import SecretStr

from control_api.catalog.answers import voice_model
from control_api.catalog.verdicts import ENOUGH, Verdict, verdict_of
from core.catalog import Catalog
from core.setting_groups import LlmSettings
from store.model_speed import ModelSpeed

CATALOG = Catalog.load()
LLM = LlmSettings()
BUDGET_MS = LLM.first_token_budget_ms


def verdict(model_id: str, speed: ModelSpeed | None, llm: LlmSettings = LLM) -> Verdict:
    model = CATALOG.model(model_id)
    assert model is not None
    return verdict_of(model, speed, llm)


@pytest.mark.parametrize(
    ("p50", "n", "expected"),
    [
        (BUDGET_MS, ENOUGH, Verdict.ELIGIBLE),
        (BUDGET_MS + 1, ENOUGH, Verdict.TOO_SLOW),
        (BUDGET_MS + 1, ENOUGH - 1, Verdict.UNMEASURED),
    ],
)
def test_half_of_enough_turns_have_to_keep_to_the_budget(
    p50: int, n: int, expected: Verdict
) -> None:
    assert verdict("kimi-k2.5", ModelSpeed(p50, 9 * p50, n)) is expected


def test_without_turns_nothing_is_known() -> None:
    assert verdict("kimi-k2.5", None) is Verdict.UNMEASURED


def test_a_model_that_nothing_can_serve_is_unsupported_whatever_was_measured() -> None:
    without_key = LLM.model_copy(update={"sarvam_api_key": SecretStr("")})
    fast = ModelSpeed(100, 200, 50)

    assert verdict("sarvam-105b", fast) is Verdict.ELIGIBLE
    assert verdict("sarvam-105b", fast, without_key) is Verdict.UNSUPPORTED
    assert verdict("kimi-k2.5-fast", fast) is Verdict.UNSUPPORTED


def test_what_was_measured_is_shown_also_where_it_decides_nothing() -> None:
    model = CATALOG.model("kimi-k2.5")
    assert model is not None
    shown = voice_model(model, ModelSpeed(100, 200, 1), LLM).model_dump(mode="json")

    assert shown["verdict"] == "unmeasured"
    assert shown["first_token_ms"] == {"p50": 100, "p95": 200, "n": 1}
    assert shown["budget_ms"] == BUDGET_MS
