"""What people say, what they are told and what opens doors stays out of every log line."""

import json

import pytest

from core.catalog import Catalog
from sandbox.script import ChatFault, SttFault, SttScript, TtsFault
from tests.e2e import room
from tests.e2e.account import Account, call
from tests.e2e.models import new_model
from tests.e2e.scripts import TALK, hearing, speaking, thinking
from tests.e2e.speech import OPENING_HOURS
from tests.e2e.system import PROVIDER_KEY, System

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROMPT = "Speak of the marzipan submarine to nobody."
GREETING = "Welcome to the marzipan shipyard."
QUESTION = "Do you sell marzipan periscopes?"
FAILING = {
    "nothing": TALK,
    "models": thinking(ChatFault(status=401, message=f"refused: {QUESTION}")),
    "recognition": hearing(SttScript(faults=(SttFault(message=PROVIDER_KEY, close_code=4000),))),
    "handshakes": hearing(SttScript(refuse_realtime_status=401)),
    "voice": speaking(TtsFault(message=f"cannot say {GREETING}")),
}


@pytest.mark.parametrize("failing", FAILING)
async def test_no_log_line_holds_words_prompts_or_keys_when_failing_is(
    failing: str, system: System, account: Account
) -> None:
    session = await account.create(system_prompt=PROMPT, greeting=GREETING, llm_model=new_model())
    async with system.providers(FAILING[failing]), call(session) as caller:
        if failing == "voice":
            await room.is_over(caller)
        else:
            await room.turn(caller, 0)
            await caller.say_text(QUESTION)
            await room.turn(caller, 1)
            await account.delete(session["id"])
    written = system.written()
    secrets = (account.key, session["token"], PROVIDER_KEY, system.livekit.secret)
    said = ("marzipan", *OPENING_HOURS.text.split()[3:5], "ferryman")
    apologies = [one.apology for one in Catalog.load().languages]
    found = [word for word in (*secrets, *said, *apologies) if word.lower() in written.lower()]
    assert found == []
    assert session["id"] in written
    assert all(isinstance(json.loads(line), dict) for line in written.splitlines())
