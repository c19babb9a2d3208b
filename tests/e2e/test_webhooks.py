"""What a tenant's server is told of a real call."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from benchmarks.clips import read
from cli.caller.caller import Caller
from core.rights import Plan
from tests.e2e.tenant_system import QUESTION, SESSIONS, TIMEOUT_S, System, Tenant, running_system
from tests.eventually import eventually
from tests.integration.receiver import Receiver, running_receiver
from tests.servers import EmbeddedPostgres, LiveKitServer

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def telling(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[System]:
    settings = {"WEBHOOK_ALLOW_PRIVATE": "true"}
    async with running_system(postgres, livekit_server, **settings) as system:
        yield system


async def last_event(receiver: Receiver) -> dict[str, Any]:
    """The data of the terminal event, once it came."""

    async def has_come() -> bool:
        return bool(receiver.received) and receiver.received[-1].event in {
            "voice_session.ended",
            "voice_session.failed",
        }

    await eventually(has_come, deadline_s=TIMEOUT_S, what="a terminal event")
    data: dict[str, Any] = receiver.received[-1].json["data"]
    return data


async def held_up_to_a_turn(tenant: Tenant, receiver: Receiver, *, delete: bool) -> dict[str, Any]:
    """The session, after a question was asked; who ends it says `delete`."""
    session = await tenant.create(webhook_url=receiver.url, metadata={"order": 7})
    async with Caller(session["ws_url"], session["token"]) as caller:
        await caller.wait_for(lambda: 0 in caller.turns, what="the greeting", timeout_s=TIMEOUT_S)
        await caller.play(read(QUESTION))
        if delete:
            await tenant.ask("DELETE", f"{SESSIONS}/{session['id']}")
            await caller.wait_for(
                lambda: caller.disconnect_reason, what="the end", timeout_s=TIMEOUT_S
            )
        else:
            await caller.wait_for(lambda: 1 in caller.turns, what="a turn", timeout_s=TIMEOUT_S)
    return await tenant.ended(session["id"])


@pytest.mark.parametrize(("delete", "end_reason"), [(False, "caller_hangup"), (True, "api_delete")])
async def test_a_call_tells_its_start_and_its_end_with_its_last_counts(
    telling: System, delete: bool, end_reason: str
) -> None:
    async with telling.tenant(Plan.FREE, "100") as tenant, running_receiver() as receiver:
        ended = await held_up_to_a_turn(tenant, receiver, delete=delete)
        told = await last_event(receiver)
        final = await tenant.ask("GET", f"{SESSIONS}/{ended['id']}")

    assert receiver.events_of(ended["id"]) == ["voice_session.started", "voice_session.ended"]
    assert told == {
        "session_id": final["id"],
        "bot_id": None,
        "status": "completed",
        "end_reason": end_reason,
        "duration_seconds": final["duration_seconds"],
        "turn_count": final["turn_count"],
        "total_audio_seconds": final["total_audio_seconds"],
        "metadata": {"order": 7},
    }
    assert told["turn_count"] >= 1
