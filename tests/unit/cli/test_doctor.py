from collections.abc import Awaitable, Callable

import pytest

from cli.doctor.database import database_check
from cli.doctor.finding import Answer, Check, CheckFailed, Finding
from cli.doctor.report import table
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


def test_a_table_tells_needed_from_optional() -> None:
    lines = table(
        [
            Finding("postgres", "h:1", is_ok=True, version="18.0", latency_ms=3),
            Finding("livekit", "ws://h", is_ok=False, advice="start it"),
            Finding("worker", "http://h", is_ok=False, is_needed=False, advice="later"),
        ]
    ).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["ok", "FAIL", "away"]
    assert lines[2].endswith("start it")


def test_a_database_is_named_without_its_password() -> None:
    settings = DatabaseSettings.model_validate(
        {"DATABASE_URL": "postgresql://vaarta:pw@db.internal:6432/voice"}
    )
    assert database_check(settings).where == "db.internal:6432/voice"
