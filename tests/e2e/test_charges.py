"""What a call costs, as it was really held: metered by the agent, told by the API."""

from collections.abc import AsyncIterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from benchmarks.clips import read
from cli.caller.caller import Caller
from core.catalog import Catalog
from core.rights import Plan
from tests.e2e.tenant_system import QUESTION, SESSIONS, TIMEOUT_S, System, running_system
from tests.servers import EmbeddedPostgres, LiveKitServer

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def charging(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[System]:
    async with running_system(postgres, livekit_server) as system:
        yield system


def by_hand(rows: list[Any]) -> Decimal:
    """The catalog's prices times what the rows say was used."""
    catalog = Catalog.load()
    total = Decimal(0)
    for row in rows:
        if row["service"] == "stt":
            model = next(one for one in catalog.stt_models if one.id == row["model"])
            exact = row["audio_seconds"] * model.price / 3600
        elif row["service"] == "tts":
            voice = next(one for one in catalog.tts_models if one.id == row["model"])
            exact = row["characters"] * voice.price / 10_000
        else:
            chat = next(one for one in catalog.models if one.id == row["model"])
            tokens = row["input_tokens"] * chat.input_price
            exact = (tokens + row["output_tokens"] * chat.output_price) / 1_000_000
        total += exact.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    return total


async def test_the_ledger_of_a_call_added_up_by_hand_is_its_cost(charging: System) -> None:
    async with charging.tenant(Plan.FREE, "100") as tenant:
        session = await tenant.create()
        async with Caller(session["ws_url"], session["token"]) as caller:
            await caller.wait_for(
                lambda: 0 in caller.turns, what="the greeting", timeout_s=TIMEOUT_S
            )
            await caller.play(read(QUESTION))
            await caller.wait_for(lambda: 1 in caller.turns, what="a turn", timeout_s=TIMEOUT_S)
        ended = await tenant.ended(session["id"])
        cost = await tenant.ask("GET", f"{SESSIONS}/{session['id']}/cost")
        async with charging.database.connection() as connection:
            rows = await connection.fetch(
                "SELECT * FROM ledger WHERE session_id = $1::uuid", session["id"]
            )
        balance = await tenant.value(
            "SELECT balance FROM tenants WHERE id = $1::uuid", session["tenant_id"]
        )
        used = await tenant.value(
            "SELECT budget_used FROM api_keys WHERE tenant_id = $1::uuid", session["tenant_id"]
        )

    assert ended["end_reason"] == "caller_hangup"
    assert {row["service"] for row in rows} == {"stt", "llm", "tts"}
    assert sum(-row["credits"] for row in rows) == by_hand(rows)
    assert Decimal(str(cost["total_credits"])) == by_hand(rows)
    assert (balance, used) == (100 - by_hand(rows), by_hand(rows))
    said = f"{session['config']['greeting']} We are open from nine to six."
    spoken = len("".join(said.split()))  # no space is sent between two pieces
    items = {item["service"]: item for item in cost["items"]}
    assert items["tts"]["characters"] >= spoken
    assert items["stt"]["audio_seconds"] >= QUESTION.voiced_ms / 1000
    assert items["llm"]["output_tokens"] >= 7


async def test_a_tenant_whose_credits_run_out_is_told_and_leaves(charging: System) -> None:
    async with charging.tenant(Plan.FREE, "1") as tenant:
        session = await tenant.create()
        await tenant.value(
            "INSERT INTO ledger (id, tenant_id, kind, credits)"
            " VALUES ($1, $2::uuid, 'adjustment', -0.95) RETURNING id",
            uuid4(),
            session["tenant_id"],
        )
        async with Caller(session["ws_url"], session["token"]) as caller:
            await caller.wait_for(
                lambda: caller.disconnect_reason, what="the end", timeout_s=TIMEOUT_S
            )
        ended = await tenant.ended(session["id"])
        turns = await tenant.ask("GET", f"{SESSIONS}/{session['id']}/transcript")

    assert (ended["status"], ended["end_reason"]) == ("completed", "budget_exhausted")
    assert [turn["agent_response"] for turn in turns] == [
        session["config"]["greeting"],
        Catalog.load().languages[0].goodbye,
    ]


async def test_a_caller_without_a_place_does_not_become_active(charging: System) -> None:
    async with charging.tenant(Plan.FREE, "100") as tenant:
        first = await tenant.create()
        await tenant.value(
            "UPDATE sessions SET created_at = created_at - interval '61 s' WHERE id = $1::uuid",
            first["id"],
        )
        second = await tenant.create()
        async with Caller(second["ws_url"], second["token"]) as caller:
            await caller.wait_for(
                lambda: 0 in caller.turns, what="the greeting", timeout_s=TIMEOUT_S
            )
            async with Caller(first["ws_url"], first["token"]) as late:
                await late.wait_for(
                    lambda: late.disconnect_reason, what="the end", timeout_s=TIMEOUT_S
                )
            refused = await tenant.ended(first["id"])
            present = await tenant.ask("GET", f"{SESSIONS}/{second['id']}")

    assert (refused["status"], refused["end_reason"]) == ("failed", "concurrency_limit")
    assert refused["started_at"] is None
    assert present["status"] == "active"
