"""Pictures of sessions in which something happened, one page each: `scripts/screenshots`.

An API and workers run meanwhile, with scripted providers. Each session is held, and what went wrong
in it did: the caller spoke over the agent, a tool failed, a worker was killed. Names as arguments
take those alone.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from aiohttp import web

from benchmarks.chaos.processes import kill, processes_of
from sandbox.script import ReplyRule, Script, ScriptedCall, SttScript
from sandbox.server import Sandbox
from tests.e2e import room
from tests.e2e.account import Account, Json, call, opened
from tests.e2e.browser import launched, opened_tab
from tests.e2e.console_page import ConsolePage
from tests.e2e.console_pictures import FOLDER, Pictures
from tests.e2e.recordings import recording
from tests.e2e.scripts import TABLE, TALK
from tests.e2e.speech import BOOK_TABLE, OPENING_HOURS, heard, spoken
from tests.e2e.system import System, running
from tests.integration.receiver import Received, running_receiver
from tests.servers import EmbeddedPostgres, LiveKitServer, start_worker

ALL_HOURS: Final = (
    "We are open from nine to six from Monday to Friday, from ten to four on Saturday, "
    "and on Sunday you will find us at the market by the river until noon."
)
LONGER: Final = replace(
    TALK,
    chat=replace(
        TALK.chat,
        rules=(ReplyRule("opening hours", ALL_HOURS), ReplyRule("book a table", TABLE)),
    ),
)
"""An answer that there is time to speak over, or to be killed in."""
TOOLS: Final = ("find_hours", "book_table")
WITH_TOOLS: Final = replace(
    TALK,
    chat=replace(
        TALK.chat,
        rules=(
            ReplyRule(
                "opening hours",
                "On Sunday we are open from {result}.",
                "One moment, I will look.",
                (ScriptedCall("find_hours", '{"day": "sunday"}'),),
            ),
            ReplyRule(
                "book a table",
                "I cannot book it right now, sorry.",
                "",
                (ScriptedCall("book_table", '{"guests": 2, "at": "20:00"}'),),
            ),
        ),
    ),
)
TOOL_TAKES_S: Final = 0.8
OVER_S: Final = 1.5
"""So long the agent has spoken when it is spoken over, or killed."""


@dataclass(frozen=True)
class Stage:
    """A tenant's sessions on one system."""

    system: System
    account: Account

    @asynccontextmanager
    async def session(self, script: Script, **bot: object) -> AsyncIterator[tuple[Json, Sandbox]]:
        """One of a bot's, recorded, and its providers; on leaving it is over and its recording
        stored."""
        bot_id = await self.account.create_bot(idle_prompt_s=0, **bot)
        async with self.system.providers(script) as sandbox:
            session = await self.account.create(bot_id=bot_id, record=True)
            yield session, sandbox
            await self.account.delete(session["id"])
        await recording(self.account, session["id"])


async def barge_in(stage: Stage) -> Json:
    """The caller asks something else before the agent is done."""
    async with stage.session(LONGER) as (session, _), call(session) as caller:
        await room.greeted(caller)
        asked_at = room.now()
        await caller.play(spoken(OPENING_HOURS))
        await room.sound_since(caller, asked_at, for_s=OVER_S)
        await caller.play(spoken(BOOK_TABLE))
        await room.turn(caller, 2)
        await room.silence(caller)
    return session


async def tool_call(stage: Stage) -> Json:
    """The agent calls two tools, of which one fails."""

    async def answer(got: Received) -> web.StreamResponse:
        await asyncio.sleep(TOOL_TAKES_S)
        is_known = got.json["name"] == TOOLS[0]
        return web.Response(status=200 if is_known else 500, text="ten to two")

    async with running_receiver() as receiver:
        receiver.behaviour = answer
        tools = [{"name": name, "description": "It.", "url": receiver.url} for name in TOOLS]
        async with (
            stage.session(WITH_TOOLS, tools=tools) as (session, _),
            call(session) as caller,
        ):
            await room.greeted(caller)
            for index, question in enumerate((OPENING_HOURS, BOOK_TABLE), start=1):
                await caller.play(spoken(question))
                await room.turn(caller, index)
                await room.silence(caller)
    return session


async def recovery(stage: Stage) -> Json:
    """The worker is killed while its agent speaks; another goes on."""
    other = await start_worker(stage.system.env)
    try:
        async with stage.session(LONGER) as (session, sandbox), call(session) as caller:
            await room.greeted(caller)
            asked_at = room.now()
            await caller.play(spoken(OPENING_HOURS))
            await room.sound_since(caller, asked_at, for_s=OVER_S)
            sandbox.follow(replace(LONGER, stt=SttScript(utterances=(heard(BOOK_TABLE),))))
            is_others = session["id"] in other.written()
            kill(processes_of((other if is_others else stage.system.worker).pid))
            await room.turn(caller, 1)
            await room.silence(caller)
            await caller.play(spoken(BOOK_TABLE))
            await room.turn(caller, 2)
            await room.silence(caller)
    finally:
        other.stop()
    return session


Holding: TypeAlias = Callable[[Stage], Awaitable[Json]]
# The last one may leave no worker.
SESSIONS: Final[dict[str, Holding]] = {
    "session-barge-in": barge_in,
    "session-tool-call": tool_call,
    "session-recovery": recovery,
}
ON_A_PHONE: Final = "session-tool-call"


async def take_all(pictures: Pictures, stage: Stage) -> None:
    """Each session's page."""
    for name in sys.argv[1:] or SESSIONS:
        session = await SESSIONS[name](stage)
        await pictures.open(f"sessions/{session['id']}")
        for width in ("wide", "phone") if name == ON_A_PHONE else ("wide",):
            await pictures.take_whole(name, width)


async def main() -> None:
    """On servers of their own."""
    FOLDER.mkdir(exist_ok=True)
    postgres = EmbeddedPostgres.start()
    try:
        await postgres.prepare()
        livekit = await LiveKitServer.start()
        try:
            await _on(postgres, livekit)
        finally:
            livekit.process.stop()
    finally:
        postgres.stop()


async def _on(postgres: EmbeddedPostgres, livekit: LiveKitServer) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            running(postgres, livekit) as system,
            opened(system) as account,
            launched(spoken(OPENING_HOURS), Path(folder)) as browser,
            opened_tab(browser) as tab,
        ):
            await ConsolePage(tab.page, account).open_signed_in()
            await take_all(Pictures(tab.page, account.url), Stage(system, account))


if __name__ == "__main__":
    asyncio.run(main())
