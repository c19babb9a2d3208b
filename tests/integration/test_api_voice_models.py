"""Which models can be talked to, by what was measured of them."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from store.records import NewTurn, SessionId, TurnId
from store.turns import TurnRepository
from tests.integration.api import Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATH = "/api/v1/voice/models"


async def measured(api: Api, model: str, *took_ms: int | None) -> None:
    """A session in which the model took so long for each first token."""
    session = (await api.create(llm_model=model)).json
    async with api.database.connection() as connection:
        for index, first_token_ms in enumerate(took_ms):
            turn = NewTurn(
                id=TurnId(uuid4()),
                turn_index=index,
                user_transcript="When?",
                agent_response="At nine.",
                first_token_ms=first_token_ms,
                llm_model=model,
            )
            await TurnRepository(connection).add_turn(SessionId(UUID(session["id"])), turn)


async def verdicts(api: Api) -> dict[str, dict[str, Any]]:
    answer = await api.get(PATH)
    assert answer.status == 200
    return {model["id"]: model for model in answer.json}


async def test_a_model_is_judged_by_its_measured_turns(api: Api) -> None:
    await measured(api, "kimi-k2.5", 300, 400, 500, 600, 9000, None)
    await measured(api, "sarvam-105b", 900, 900, 900, 200, 200)
    models = await verdicts(api)

    assert list(models["kimi-k2.5"]) == ["id", "status", "verdict", "first_token_ms", "budget_ms"]
    assert models["kimi-k2.5"]["verdict"] == "eligible"
    assert models["kimi-k2.5"]["first_token_ms"] == {"p50": 500, "p95": 9000, "n": 5}
    assert models["sarvam-105b"]["verdict"] == "too_slow"
    assert models["sarvam-105b"]["budget_ms"] == 800


async def test_a_few_turns_tell_nothing(api: Api) -> None:
    await measured(api, "kimi-k2.5", 300, 300, 300, 300)
    models = await verdicts(api)

    assert models["kimi-k2.5"]["verdict"] == "unmeasured"
    assert models["kimi-k2.5"]["first_token_ms"] == {"p50": 300, "p95": 300, "n": 4}
    assert models["sarvam-105b"]["verdict"] == "unmeasured"
    assert models["sarvam-105b"]["first_token_ms"] == {"p50": None, "p95": None, "n": 0}


async def test_what_nothing_can_serve_is_unsupported(api: Api) -> None:
    models = await verdicts(api)

    unsupported = {one for one, model in models.items() if model["verdict"] == "unsupported"}
    unavailable = {one for one, model in models.items() if model["status"] != "available"}
    assert unsupported == unavailable
    assert "kimi-k2.5-fast" in unsupported


async def test_verdicts_are_the_tenant_s_own_and_come_in_pages(api: Api) -> None:
    await measured(api, "kimi-k2.5", *[300] * 5)
    page = await api.get(PATH, params={"limit": "2", "offset": "1"})

    assert len(page.json) == 2
    assert int(page.headers["X-Total-Count"]) == len(await verdicts(api))
    assert (await api.get(PATH, headers={"Authorization": None})).status == 401
