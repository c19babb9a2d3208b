"""The last words of a call are heard also where sound takes its time to the caller."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

import pytest
import pytest_asyncio

from tests.conftest import missing
from tests.e2e import room
from tests.e2e.account import call, opened
from tests.e2e.scripts import FAREWELL, LEAVE, TALK
from tests.e2e.system import System, running
from tests.servers import EmbeddedPostgres, LiveKitServer, MissingServer
from tests.slow_media import MEDIA_ADDRESS, SlowMedia

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCRIPT: Final = replace(TALK, chat=replace(TALK.chat, rules=(LEAVE,)))
LEG_S: Final = 0.2
"""From the agent to LiveKit, and from there to the caller: 0.4 s in all, the most that networks are
planned for."""


@pytest_asyncio.fixture(loop_scope="session")
async def far_away(postgres: EmbeddedPostgres) -> AsyncIterator[System]:
    """A system whose sound takes 0.4 s to its callers."""
    try:
        livekit = await LiveKitServer.start(media_address=MEDIA_ADDRESS)
    except MissingServer as problem:
        missing(problem)
        return
    try:
        async with (
            SlowMedia.before(livekit.udp_port, delay_s=LEG_S),
            running(postgres, livekit) as system,
        ):
            yield system
    finally:
        livekit.process.stop()


async def test_a_farewell_is_heard_to_its_last_word_far_away(far_away: System) -> None:
    async with far_away.providers(SCRIPT), opened(far_away) as account:
        session = await account.create()
        async with call(session) as caller:
            await room.turn(caller, 0)
            quiet_at = await room.silence(caller)
            await caller.say_text("That is all, goodbye.")
            await room.is_over(caller)
            n_words = room.words_heard(caller, quiet_at, room.now())
        ended = await account.ended(session["id"])

    # On their way a busy machine can tear words in two: that makes them more, a cut fewer.
    assert n_words >= len(FAREWELL.split())
    assert ended["end_reason"] == "agent_closed"
