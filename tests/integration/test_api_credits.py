"""Credits, cost and usage over HTTP."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from store.ledger import Charge, Service
from store.records import NewTurn, SessionId, TurnId
from store.turns import TurnRepository
from tests.integration.api import SESSIONS, Answer, Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

ITEM_KEYS = [
    "service",
    "model",
    "credits",
    "input_tokens",
    "output_tokens",
    "characters",
    "audio_seconds",
]


async def as_person(api: Api, path: str, role: str = "owner") -> Answer:
    return await api.get(path, headers={"Authorization": f"Bearer {api.token(role=role)}"})


async def held_session(api: Api, n_turns: int = 3) -> str:
    """A session with turns, each charged for all three services."""
    session: str = (await api.create()).json["id"]
    async with api.database.connection() as connection:
        for index in range(n_turns):
            turn = NewTurn(
                id=TurnId(uuid4()),
                turn_index=index,
                user_transcript="Hello?",
                agent_response="Yes.",
                stt_ms=100 * (index + 1),
                llm_model="kimi-k2.5",
                language="en-IN",
                caller_audio_s=1.5,
            )
            charges = [
                Charge(
                    service=Service.STT,
                    model="saaras:v3-realtime",
                    credits=Decimal("0.016667"),
                    audio_seconds=Decimal("2.0"),
                ),
                Charge(
                    service=Service.LLM,
                    model="kimi-k2.5",
                    credits=Decimal("0.0432"),
                    input_tokens=500,
                    output_tokens=50,
                ),
                Charge(
                    service=Service.TTS,
                    model="bulbul:v3",
                    credits=Decimal("0.12"),
                    characters=40,
                ),
            ]
            await TurnRepository(connection).add_turn(SessionId(UUID(session)), turn, charges)
    return session


async def test_cost_balance_and_ledger_say_the_same(api: Api) -> None:
    session = await held_session(api)

    cost = (await api.get(f"{SESSIONS}/{session}/cost")).json
    balance = (await as_person(api, "/api/v1/credits/balance")).json["balance"]
    rows = (await as_person(api, "/api/v1/credits/transactions")).json

    by_hand = 3 * (Decimal("0.016667") + Decimal("0.0432") + Decimal("0.12"))
    charged = [Decimal(str(row["credits"])) for row in rows if row["kind"] == "charge"]
    assert sum(charged) == -by_hand
    assert Decimal(str(cost["total_credits"])) == by_hand
    assert Decimal(str(balance)) == 1000 - by_hand


async def test_cost_names_each_service_once(api: Api) -> None:
    session = await held_session(api)

    cost = (await api.get(f"{SESSIONS}/{session}/cost")).json

    assert list(cost) == ["session_id", "total_credits", "items"]
    assert [list(item) for item in cost["items"]] == [ITEM_KEYS] * 3
    assert cost["items"][0] == {
        "service": "stt",
        "model": "saaras:v3-realtime",
        "credits": 0.050001,
        "input_tokens": 0,
        "output_tokens": 0,
        "characters": 0,
        "audio_seconds": 6,
    }
    assert cost["items"][1]["input_tokens"] == 1500
    assert cost["items"][2]["characters"] == 120


async def test_a_session_that_nobody_joined_costs_nothing(api: Api) -> None:
    session = (await api.create()).json["id"]

    cost = (await api.get(f"{SESSIONS}/{session}/cost")).json

    assert cost == {"session_id": session, "total_credits": 0, "items": []}


async def test_another_tenant_s_cost_is_not_found(api: Api) -> None:
    session = await held_session(await api.for_new_tenant(), n_turns=1)

    assert (await api.get(f"{SESSIONS}/{session}/cost")).code == "not_found"
    assert (await api.get(f"{SESSIONS}/5/cost")).code == "not_found"


async def test_the_opening_grant_is_the_first_transaction(api: Api) -> None:
    await held_session(api, n_turns=1)

    listed = await as_person(api, "/api/v1/credits/transactions?limit=1&offset=3")

    assert listed.headers["X-Total-Count"] == "4"
    (grant,) = listed.json
    assert (grant["kind"], grant["credits"]) == ("grant", 1000)
    assert (grant["service"], grant["model"], grant["session_id"]) == (None, None, None)


@pytest.mark.parametrize("path", ["/api/v1/credits/balance", "/api/v1/credits/transactions"])
async def test_credits_are_for_those_who_manage_the_tenant(api: Api, path: str) -> None:
    scoped = await api.new_key(scopes="usage:read,bots:read,webhooks:write")

    answers = [
        await as_person(api, path, "owner"),
        await as_person(api, path, "admin"),
        await as_person(api, path, "agent"),
        await api.get(path, headers={"Authorization": f"Bearer {scoped}"}),
    ]

    assert [one.status for one in answers] == [200, 200, 403, 403]
    assert answers[3].code == "permission_denied"


async def test_usage_needs_its_scope(api: Api) -> None:
    scoped = {"Authorization": f"Bearer {await api.new_key(scopes='usage:read')}"}

    refused = await api.get("/api/v1/usage/summary")

    assert (refused.status, "usage:read" in refused.json["error"]["message"]) == (403, True)
    assert (await api.get("/api/v1/usage/summary", headers=scoped)).status == 200


async def test_the_summary_adds_up_sessions_turns_and_charges(api: Api) -> None:
    await held_session(api, n_turns=2)

    summary = (await as_person(api, "/api/v1/usage/summary?days=1")).json

    assert (summary["days"], summary["sessions"], summary["turns"]) == (1, 1, 2)
    assert summary["audio_seconds"] == 3
    assert summary["credits"] == 0.359734
    assert [item["service"] for item in summary["items"]] == ["stt", "llm", "tts"]


async def latencies(api: Api, query: str) -> Any:
    return (await as_person(api, f"/api/v1/usage/latency?{query}")).json


@pytest.mark.parametrize(
    ("group_by", "name"), [("model", "kimi-k2.5"), ("voice", "shubh"), ("language", "en-IN")]
)
async def test_latencies_are_told_by_group_and_stage(api: Api, group_by: str, name: str) -> None:
    await held_session(api, n_turns=20)

    (group,) = await latencies(api, f"group_by={group_by}")

    assert group["group"] == name
    assert group["stages"]["stt_ms"] == {"p50": 1000, "p95": 1900, "p99": 2000, "n": 20}
    assert group["stages"]["total_ms"] == {"p50": None, "p95": None, "p99": None, "n": 0}


async def test_latencies_by_hour_are_of_the_time_that_is_asked_for(api: Api) -> None:
    await held_session(api)
    (hour,) = await latencies(api, "group_by=hour")

    begun = hour["group"]

    assert begun.endswith(":00:00Z")
    assert len(await latencies(api, f"group_by=hour&from={begun}")) == 1
    assert await latencies(api, f"group_by=hour&to={begun}") == []


@pytest.mark.parametrize(
    "query",
    [
        "from=5",
        "from=2026-01-01",
        "to=0001-01-01T00:00:00Z",
        "to=9999-12-31T23:59:59Z",
        "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
        "group_by=caller",
        "limit=0",
    ],
)
async def test_a_bad_span_is_refused(api: Api, query: str) -> None:
    answer = await as_person(api, f"/api/v1/usage/latency?{query}")

    assert (answer.status, answer.code) == (422, "validation_error")


@pytest.mark.parametrize("days", ["0", "367", "x", "1.5"])
async def test_bad_days_are_refused(api: Api, days: str) -> None:
    answer = await as_person(api, f"/api/v1/usage/summary?days={days}")

    assert (answer.status, answer.json["error"]["param"]) == (422, "days")
