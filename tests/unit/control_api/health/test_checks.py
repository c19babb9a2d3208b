"""Questions to dependencies: what is made of an answer, of none, and of a refusal."""

from collections.abc import Awaitable, Callable

import pytest

from control_api.health.checks.database import database_check
from control_api.health.checks.finding import Answer, Check, CheckFailed
from core.setting_groups import DatabaseSettings


def check(ask: Callable[[], Awaitable[Answer]]) -> Check:
    return Check("postgres", "127.0.0.1:5432", ask, "start it")


async def test_an_answer_becomes_a_good_finding_with_its_latency() -> None:
    async def ask() -> Answer:
        return Answer(version="18.0")

    finding = await check(ask).run()
    assert (finding.is_ok, finding.version, finding.advice) == (True, "18.0", "")
    assert finding.latency_ms is not None


@pytest.mark.parametrize("error", [ConnectionRefusedError(), TimeoutError()])
async def test_a_dependency_that_is_away_says_what_to_do(error: OSError) -> None:
    async def ask() -> Answer:
        raise error

    finding = await check(ask).run()
    assert not finding.is_ok
    assert finding.latency_ms is None
    assert finding.advice == f"no answer ({type(error).__name__}): start it"


async def test_a_refusal_says_what_is_refused() -> None:
    async def ask() -> Answer:
        raise CheckFailed("it refuses SARVAM_API_KEY (HTTP 403)")

    assert (await check(ask).run()).advice == "it refuses SARVAM_API_KEY (HTTP 403)"


def test_a_database_is_named_without_its_password() -> None:
    settings = DatabaseSettings.model_validate(
        {"DATABASE_URL": "postgresql://vaarta:pw@db.internal:6432/voice"}
    )
    assert database_check(settings).where == "db.internal:6432/voice"


async def test_a_stand_in_is_named_where_it_serves() -> None:
    async def ask() -> Answer:
        return Answer(note="HTTP 200; a stand-in", is_stand_in=True)

    assert (await check(ask).run()).is_stand_in
