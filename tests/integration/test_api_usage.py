"""Latencies over HTTP: narrowed down, over time, and the turns behind them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from store.records import NewTurn, SessionId, TurnId
from store.turns import TurnRepository
from store.usage import SLOWEST_STATEMENTS, Stage, TurnFilter
from tests.integration.api import Answer, Api
from tests.integration.planning import plan, unseen_tables

pytestmark = pytest.mark.asyncio(loop_scope="session")

LATENCY = "/api/v1/usage/latency"
SLOWEST = "/api/v1/usage/slowest"


# Of twenty, behind none and behind no place.
PAGE = (20, 0, None, None, None)


async def held(api: Api, *took_ms: int | None, language: str = "en-IN", **body: Any) -> str:
    """A session with a turn for each `first_audio_ms`."""
    session: dict[str, Any] = (await api.create(language=language, **body)).json
    async with api.database.connection() as connection:
        for index, first_audio_ms in enumerate(took_ms):
            turn = NewTurn(
                id=TurnId(uuid4()),
                turn_index=index,
                user_transcript="When?",
                agent_response="At nine.",
                stt_ms=50,
                first_audio_ms=first_audio_ms,
                llm_model=session["config"]["llm_model"],
                language=language,
            )
            await TurnRepository(connection).add_turn(SessionId(UUID(session["id"])), turn)
    return str(session["id"])


async def usage(api: Api, path: str, **query: str) -> Answer:
    scoped = {"Authorization": f"Bearer {await api.new_key(scopes='usage:read')}"}
    return await api.get(path, params=query, headers=scoped)


async def test_a_chart_by_hour_can_be_of_one_model_voice_and_language(api: Api) -> None:
    await held(api, 100, 200, 300)
    await held(api, 900, language="hi-IN")
    await held(api, 700, voice="priya")
    await held(api, 500, llm_model="sarvam-105b")

    async def n(**query: str) -> int:
        (group,) = (await usage(api, LATENCY, group_by="hour", **query)).json
        return int(group["stages"]["first_audio_ms"]["n"])

    assert await n() == 6
    assert await n(language="hi-IN") == 1
    assert await n(llm_model="kimi-k2.5", voice="shubh", language="en-IN") == 3
    assert (await usage(api, LATENCY, group_by="hour", voice="ritu")).json == []


async def test_a_chart_can_be_by_day(api: Api) -> None:
    await held(api, 100)

    (day,) = (await usage(api, LATENCY, group_by="day")).json

    assert len(day["group"]) == len("2026-01-01")


async def test_the_slowest_turns_come_first_with_the_way_to_them(api: Api) -> None:
    quick = await held(api, 300, None, 100)
    slow = await held(api, 900, language="hi-IN")

    answer = await usage(api, SLOWEST, limit="2")

    assert answer.headers["X-Total-Count"] == "3"
    first, second = answer.json
    assert (first["session_id"], first["turn_index"]) == (slow, 0)
    assert (second["session_id"], second["turn_index"]) == (quick, 0)
    assert (first["llm_model"], first["voice"], first["language"]) == (
        "kimi-k2.5",
        "shubh",
        "hi-IN",
    )
    assert first["stages"] == {
        "stt_ms": 50,
        "eou_delay_ms": None,
        "first_token_ms": None,
        "tts_ttfb_ms": None,
        "first_audio_ms": 900,
        "total_ms": None,
    }
    beyond = await usage(api, SLOWEST, offset="3")
    assert (beyond.json, beyond.headers["X-Total-Count"]) == ([], "3")
    assert len((await usage(api, SLOWEST, language="en-IN")).json) == 2
    assert len((await usage(api, SLOWEST, stage="stt_ms")).json) == 4
    assert (await usage(api, SLOWEST, stage="total_ms")).json == []
    assert (await usage(api, SLOWEST, to="2026-01-01T00:00:00Z")).json == []


async def test_another_tenants_turns_are_not_among_them(api: Api) -> None:
    await held(api, 900)

    assert (await usage(await api.for_new_tenant(), SLOWEST)).json == []


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({"stage": "first_audio"}, "stage"),
        ({"from": "yesterday"}, "from"),
        ({"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "to"),
        ({"llm_model": ""}, "llm_model"),
        ({"voice": "v" * 51}, "voice"),
        ({"language": "l" * 11}, "language"),
        ({"limit": "201"}, "limit"),
    ],
)
async def test_a_bad_query_is_refused_by_name(api: Api, query: dict[str, str], param: str) -> None:
    answer = await usage(api, SLOWEST, **query)

    assert (answer.status, answer.json["error"]["param"]) == (422, param)


async def test_it_takes_a_manager_or_the_scope(api: Api) -> None:
    agent = {"Authorization": f"Bearer {api.token(role='agent')}"}

    assert (await api.get(SLOWEST)).status == 403
    assert (await api.get(SLOWEST, headers=agent)).status == 403


async def test_turns_are_reached_by_the_tenants_sessions_and_their_indexes(api: Api) -> None:
    since = datetime.now(UTC) - timedelta(days=1)
    turns = TurnFilter(since, datetime.now(UTC))
    statement = SLOWEST_STATEMENTS[Stage.FIRST_AUDIO]
    async with unseen_tables(api.database) as connection:
        for other in ("hashjoin", "mergejoin", "bitmapscan"):
            await connection.execute(f"SET LOCAL enable_{other} = off")
        shown = await plan(connection, statement, api.tenant_id, *turns.arguments, *PAGE)

    assert "sessions_by_tenant" in shown
    assert "turns_index_unique" in shown
