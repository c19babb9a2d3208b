"""Signalling is cut while sound flows: a LiveKit node that does not have the room has stopped."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from tests.balancer import Balancer
from tests.e2e import room
from tests.e2e.account import call, opened
from tests.e2e.scripts import GREETING, HOURS, TALK
from tests.e2e.speech import OPENING_HOURS, spoken
from tests.e2e.system import System, running
from tests.servers import EmbeddedPostgres, LiveKitServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

CUT_S: Final = 3.5
"""Shorter than the SDK tries to resume it, longer than an agent stays in a room that is lost."""


@dataclass(frozen=True)
class Signalled:
    """A system, and the way of all its signalling."""

    system: System
    way: Balancer


@pytest_asyncio.fixture(loop_scope="session")
async def signalled(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[Signalled]:
    port = urlsplit(livekit_server.url).port
    assert port is not None
    async with Balancer.before(port) as way:
        livekit = replace(livekit_server, url=f"ws://127.0.0.1:{way.port}")
        async with running(postgres, livekit) as system:
            yield Signalled(system, way)


async def test_a_conversation_goes_on_with_its_agent_while_only_signalling_is_cut(
    signalled: Signalled,
) -> None:
    system, way = signalled.system, signalled.way
    async with system.providers(TALK), opened(system) as account:
        session = await account.create(bot_id=await account.create_bot(idle_prompt_s=0))
        async with call(session) as caller:
            await room.greeted(caller)
            way.cut()
            asked = asyncio.create_task(caller.play(spoken(OPENING_HOURS)))
            await asyncio.sleep(CUT_S)
            way.mend()
            await asked
            answered = await room.turn(caller, 1)
            talked = await account.get(session["id"])
            identity = caller.agent_identity
        ended = await account.ended(session["id"])
        turns = await account.turns(session["id"])

    assert answered.agent_response == HOURS
    assert identity == f"agent-{session['id']}"
    assert "recoveries" not in talked
    assert [turn["agent_response"] for turn in turns] == [GREETING, HOURS]
    assert ended["end_reason"] == "caller_hangup"
