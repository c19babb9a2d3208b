"""A caller breaks off inside a sentence, and the model says so by a sign that nobody else is told.

caller   Can I book a table ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ for two this evening?
model                       …                                           Gladly, a table …
agent                                                                   ▆▇▅▆▇▆▅
"""

from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import pytest
import pytest_asyncio

from cli.caller.clip import Clip
from core.unfinished import SIGN
from sandbox.script import ReplyRule, Script, SpokenPause, SttScript, Utterance
from sandbox.server import Sandbox
from tests.e2e import room
from tests.e2e.account import call, opened
from tests.e2e.models import new_model
from tests.e2e.scripts import GREETING, TABLE, TALK
from tests.e2e.speech import clip_named, spoken
from tests.e2e.system import System, running
from tests.servers import EmbeddedPostgres, LiveKitServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASKED = clip_named("complete_table_evening.flac")
PAUSE = ASKED.pauses[0]
SAID = "Can I book a table for two this evening"
PAUSE_S = 2.5
"""A question without its mark is taken to be over sooner, whoever is not told that it is not."""
MAX_DELAY_S = 6.0
"""Far beyond the pause: the machine may hold either side up for seconds."""
WORD_ENDS_MS = (80, 140, 250, 300, 420, 760, 840, 900, 980)
"""In voice; the pause is at 540. What a busy machine loses of it or adds moves it by no word."""
SCRIPT: Script = replace(
    TALK,
    stt=SttScript(
        utterances=(
            Utterance(
                ASKED.text,
                ASKED.voiced_ms,
                pauses=(SpokenPause(len(PAUSE.words_before.split()), PAUSE.voiced_before_ms),),
                word_ends_ms=WORD_ENDS_MS,
            ),
        ),
        punctuation="never",
        resumes=True,
    ),
    chat=replace(
        TALK.chat,
        unfinished_sign=SIGN,
        rules=(ReplyRule("for two this evening", TABLE),),
    ),
)


@pytest_asyncio.fixture(loop_scope="session")
async def unfamiliar(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[System]:
    """A system that knows nothing of the recogniser's full stops, and never will; it has patience
    with a recogniser that the machine holds up."""
    async with running(postgres, livekit_server, SARVAM_FINAL_TIMEOUT_S="20") as system:
        yield system


async def test_a_caller_who_breaks_off_is_answered_once_they_are_done_and_no_sign_is_told(
    unfamiliar: System,
) -> None:
    async with unfamiliar.providers(SCRIPT) as providers, opened(unfamiliar) as account:
        model, bounds = new_model("telling"), {"max_endpointing_delay": MAX_DELAY_S}
        session = await account.create(llm_model=model, **bounds)
        async with call(session) as caller:
            await room.greeted(caller)
            asked_at = room.now()
            span = await caller.play(with_longer_pause(spoken(ASKED), PAUSE_S))
            await room.turn(caller, 1)
            await room.silence(caller)
            await account.delete(session["id"])
        turns = await account.turns_stored(session["id"], 2)

    sides = [(turn["user_transcript"], turn["agent_response"]) for turn in turns]
    assert sides == [("", GREETING), (SAID, TABLE)]
    assert not any(turn["interrupted"] for turn in turns)
    answered_at = caller.agent_sound.onset_after(asked_at)
    assert answered_at is not None
    assert answered_at > span.last_speech_at, "nobody speaks in the pause"
    in_pause = [state for at, state in caller.agent_states if asked_at < at < span.last_speech_at]
    assert not {"thinking", "speaking"}.intersection(in_pause)
    shown = [segment.text for segment in caller.segments]
    assert not [text for text in shown if SIGN in text or ".." in text]
    assert room.final_texts(caller, "agent") == [GREETING, TABLE]
    assert set(asked_with_sign(providers)) - {SAID}, "the model was asked before they were done"
    assert not [text for text in given_to_voice(providers) if SIGN in text]


def with_longer_pause(clip: Clip, pause_s: float) -> Clip:
    """Its own quiet, from the middle of the pause, over and over."""
    first, last = (round(clip.rate_hz * at / 1000) for at in (PAUSE.start_ms, PAUSE.end_ms))
    quiet = clip.samples[first + (last - first) // 3 : last - (last - first) // 3]
    more = np.tile(quiet, round(pause_s * clip.rate_hz / len(quiet)))
    samples = np.concatenate((clip.samples[:last], more, clip.samples[last:]))
    return replace(clip, samples=samples, last_speech=clip.last_speech + len(more))


def asked_with_sign(providers: Sandbox) -> list[str]:
    """The caller's words in each request that asks for the sign."""
    requests = [one.body["messages"] for one in providers.requests.to("/chat/completions")]
    return [told[-1]["content"] for told in requests if SIGN in told[0]["content"]]


def given_to_voice(providers: Sandbox) -> list[str]:
    """All text that the voice was to speak."""
    sockets = [one for one in providers.requests if "text-to-speech" in one.path]
    return [data["text"] for one in sockets for data in one.details("text")]
