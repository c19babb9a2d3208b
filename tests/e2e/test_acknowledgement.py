"""A slow model: the caller hears a "hmm" and then the answer, which alone is told and kept."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from core.catalog import Catalog
from tests.e2e import room
from tests.e2e.account import call, opened
from tests.e2e.models import new_model
from tests.e2e.scripts import GREETING, HOURS, TALK
from tests.e2e.speech import OPENING_HOURS, spoken
from tests.e2e.system import System, running
from tests.eventually import eventually
from tests.servers import EmbeddedPostgres, LiveKitServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

AFTER_MS = 400
FIRST_TOKEN_MS = 6000
"""Far beyond that, however slow the machine is; a wait line may come first."""
PAUSE_S = 0.3
SLOW = replace(TALK, chat=replace(TALK.chat, first_token_ms=FIRST_TOKEN_MS))


@pytest_asyncio.fixture(loop_scope="session")
async def humming(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer, tmp_path: Path
) -> AsyncIterator[System]:
    """A system that acknowledges, and keeps what it hums in the test's own folder."""
    settings = {
        "ACKNOWLEDGE_AFTER_MS": str(AFTER_MS),
        "AGENT_REPERTOIRE_DIR": str(tmp_path),
        "LLM_FIRST_TOKEN_TIMEOUT_S": "30",
    }
    async with running(postgres, livekit_server, **settings) as system:
        yield system


async def test_a_late_answer_is_preceded_by_a_hum_which_is_no_part_of_it(
    humming: System, tmp_path: Path
) -> None:
    english = Catalog.load().language("en-IN")
    assert english is not None

    async def is_kept() -> bool:
        return any(name.endswith(".clause") for name in os.listdir(tmp_path))

    async with humming.providers(SLOW) as providers, opened(humming) as account:
        session = await account.create(llm_model=new_model())
        async with call(session) as caller:
            await room.greeted(caller)
            await eventually(is_kept, what="the sound of the hum")
            span = await caller.play(spoken(OPENING_HOURS))
            hummed_at = await room.sound_since(caller, span.first_speech_at, for_s=0.0)
            states = [state for at, state in caller.agent_states if at > span.first_speech_at]
            told = await room.turn(caller, 1)
            await room.silence(caller)
            await account.delete(session["id"])
        turns = await account.turns_stored(session["id"], 2)
        sockets = [one for one in providers.requests if "text-to-speech" in one.path]
        voiced = [data["text"].strip() for one in sockets for data in one.details("text")]

    assert hummed_at > span.last_speech_at
    assert "speaking" not in states
    assert told.acknowledged_ms is not None
    assert told.first_audio_ms is not None
    assert AFTER_MS - 50 <= told.acknowledged_ms < told.first_audio_ms
    between = hummed_at + (told.first_audio_ms - told.acknowledged_ms) / 2000
    assert not caller.agent_sound.is_sounding(between, PAUSE_S), "the hum is over"
    assert caller.agent_sound.onset_after(between) is not None, "the answer comes"
    assert voiced.count(english.acknowledgement) == 1
    assert [turn["user_transcript"] for turn in turns] == ["", OPENING_HOURS.text]
    (greeting, answer) = (turn["agent_response"] for turn in turns)
    assert greeting == GREETING
    assert answer in (HOURS, f"{english.wait} {HOURS}")
    assert room.final_texts(caller, "agent") == [GREETING, answer]
    assert turns[1]["first_audio_ms"] == told.first_audio_ms
    asked = providers.requests.to("/chat/completions")
    assert not [one for one in asked if english.acknowledgement in str(one.body)]
