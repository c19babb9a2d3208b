"""`vaarta audit-latency`: what a session's responses took by its recording."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from store.turns import TurnRepository
from tests.integration import commands
from tests.integration.api import NOBODYS, Api
from tests.integration.rows import turn_row
from tests.integration.studio import Studio

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANSWERED_MS = 540
"""Between the caller's last sound and the agent's first in what the studio leaves."""


async def test_an_operator_sees_what_the_figures_do_not_say(
    api: Api, api_env: dict[str, str], tmp_path: Path
) -> None:
    session_id = await Studio(api, tmp_path).stored()
    flattered = replace(turn_row(1).turn, speech_ended_at_ms=1460, first_audio_ms=ANSWERED_MS - 200)
    async with api.database.connection() as connection:
        await TurnRepository(connection).add_turn(session_id, flattered, ())

    command = ("audit-latency", str(session_id))
    dsn = api_env["DATABASE_URL"]
    told = await asyncio.to_thread(commands.told, dsn, tmp_path, *command, env=api_env)
    shown = await asyncio.to_thread(commands.run, dsn, tmp_path, *command, env=api_env)

    (turn,) = told["turns"]
    assert (turn["turn"], turn["told_ms"]) == (1, ANSWERED_MS - 200)
    assert turn["heard_ms"] == pytest.approx(ANSWERED_MS, abs=30)
    assert turn["unexplained_ms"] == pytest.approx(200, abs=30)
    assert told["unexplained_ms"] == dict.fromkeys(("p50", "p95"), turn["unexplained_ms"]) | {
        "n": 1
    }
    assert f"unexplained p95: {turn['unexplained_ms']}" in shown.stdout
    owner = {"Authorization": f"Bearer {api.token()}"}
    entries = (await api.get("/api/v1/audit", headers=owner)).json
    assert [one["actor"]["kind"] for one in entries if one["action"] == "recording.read"] == [
        "cli",
        "cli",
    ]


async def test_a_session_without_a_recording_has_no_audit(
    api_env: dict[str, str], tmp_path: Path
) -> None:
    dsn, command = api_env["DATABASE_URL"], ("audit-latency", str(NOBODYS))
    done = await asyncio.to_thread(commands.run, dsn, tmp_path, *command, env=api_env)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("vaarta: ")
