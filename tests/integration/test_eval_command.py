"""`vaarta eval --from-session`: a suite begins with a conversation that was held."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from cli.evals.suite import read_suite
from store.records import NewTurn, SessionId, TurnId
from store.turns import TurnRepository
from tests.integration.api import Api
from tests.integration.commands import run

pytestmark = pytest.mark.asyncio(loop_scope="session")

TURN = NewTurn(
    id=TurnId(uuid4()),
    turn_index=1,
    user_transcript="Are you open on Sundays?",
    agent_response="From nine to six.",
)


async def case_of(api: Api, folder: Path, session_id: str) -> tuple[int, str, str]:
    """Exit code, what it printed, and what it told beside."""
    address = ("--api-url", f"http://127.0.0.1:{api.port}", "--key", api.key)
    done = await asyncio.to_thread(run, "", folder, "eval", "--from-session", session_id, *address)
    return done.returncode, done.stdout, done.stderr


async def test_what_is_printed_is_a_suite_that_can_be_held(api: Api, tmp_path: Path) -> None:
    session_id = (await api.create()).json["id"]
    async with api.database.connection() as connection:
        await TurnRepository(connection).add_turn(SessionId(UUID(session_id)), TURN)

    code, printed, _ = await case_of(api, tmp_path, session_id)

    assert code == 0
    (tmp_path / "suite.toml").write_text(printed, encoding="utf-8")
    (case,) = read_suite(tmp_path / "suite.toml").case
    assert [said.text for said in case.say] == [TURN.user_transcript]


async def test_it_says_why_there_is_no_case(api: Api, tmp_path: Path) -> None:
    session_id = (await api.create()).json["id"]

    code, printed, told = await case_of(api, tmp_path, session_id)

    assert (code, printed) == (1, "")
    assert "Nothing that the caller said is kept" in told
