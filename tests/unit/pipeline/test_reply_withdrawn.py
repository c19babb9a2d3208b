"""A model that breaks or stalls: what the caller hears instead, each word once."""

import asyncio

import pytest

from core.errors import ProviderClosed
from pipeline.heard import SpeakingRate
from pipeline.ports import ToolCall
from pipeline.reply import Reply
from pipeline.tool_use import ToolUse
from pipeline.tools import ToolLines, ToolTalk
from tests.unit.pipeline.fake_toolbox import BOOK, FakeToolbox
from tests.unit.pipeline.fake_upstream import (
    FOR_EVER_S,
    QUESTION,
    FakeUpstream,
    Routed,
    Script,
    answer,
)
from tests.unit.pipeline.fake_voice import FakeVoice

pytestmark = pytest.mark.usefixtures("no_loose_ends")

LONG = "Of course, sir. We have a table for two, and it is at the window."
OTHER = "Gladly, a table for two is yours at eight. See you then!"
BROKE = ProviderClosed("first", "broke")


class Making:
    """A reply by two hosts, and what the voice was given of it."""

    def __init__(self, first: Script, second: Script, *more: Script) -> None:
        self.routed = Routed(FakeUpstream("first", first, *more), FakeUpstream("second", second))
        self.voice = FakeVoice()
        use = ToolUse()
        use.may_run.set()
        lines = ToolLines("One moment.", "Goodbye!")
        talk = ToolTalk(self.routed.router, FakeToolbox(BOOK), lines, may_end_call=False)
        self.reply = Reply(
            talk.source(QUESTION, use),
            self.voice,
            SpeakingRate(),
            language="en-IN",
            asks_model=True,
            tools=use,
        )

    def start(self, *, may_speak: bool = True) -> None:
        self.reply.start()
        if may_speak:
            self.reply.let_speak()

    async def made(self) -> str:
        """All that was handed to the voice, once its sound is whole."""
        while not self.reply.sound.is_whole:
            await self.reply.sound.grown_beyond(len(self.reply.sound))
        await asyncio.sleep(0)
        (speech,) = self.voice.speeches
        return " ".join(speech.text.split())


async def test_a_stall_before_a_word_is_spoken_brings_the_next_hosts_answer_alone() -> None:
    making = Making([(0.1, "Of"), (0.1, " course"), (FOR_EVER_S, ",")], answer(OTHER, 0.4))
    began_at = asyncio.get_running_loop().time()
    making.start()
    await making.reply.sound.grown_beyond(0)
    first_sound_s = asyncio.get_running_loop().time() - began_at - 0.2
    assert await making.made() == OTHER == making.reply.text
    assert making.reply.failure is None
    assert first_sound_s < 2.0


async def test_what_breaks_while_nobody_may_speak_yet_is_replaced_however_long_it_is() -> None:
    making = Making([*answer(LONG), (0.1, BROKE)], answer(OTHER))
    making.start(may_speak=False)
    await asyncio.sleep(3.0)
    assert making.voice.speeches[0].text == ""
    making.reply.let_speak()
    assert await making.made() == OTHER


async def test_what_waits_to_be_spoken_is_handed_over_in_the_moment_it_may_be() -> None:
    making = Making([*answer("Of course, sir. We have"), (0.7, " one."), (0.1, "")], answer(OTHER))
    making.start(may_speak=False)
    await asyncio.sleep(0.5)
    making.reply.let_speak()
    await asyncio.sleep(0.01)
    assert making.voice.speeches[0].text == "Of course, sir. "
    assert await making.made() == "Of course, sir. We have one."


async def test_an_answer_that_breaks_once_it_is_spoken_is_cut() -> None:
    making = Making([*answer(LONG), (1.0, BROKE)], answer(OTHER))
    making.start()
    assert await making.made() == LONG
    assert making.reply.failure is BROKE
    assert making.routed.upstreams[1].asked_at == []


async def test_a_stall_in_the_middle_of_what_is_spoken_is_waited_out() -> None:
    pausing = [*answer("Of course, sir. We have"), (3.0, " one for you."), (0.1, " Yes.")]
    making = Making(pausing, answer(OTHER))
    making.start()
    assert await making.made() == "Of course, sir. We have one for you. Yes."
    assert making.reply.failure is None


async def test_the_round_after_a_tool_is_replaced_by_itself() -> None:
    call = ToolCall("1", BOOK.name, "{}")
    asking: Script = [*answer("Let me see, sir."), (0.1, call)]
    making = Making(asking, answer(OTHER), [(0.1, "You"), (0.1, BROKE)])
    making.start()
    assert await making.made() == f"Let me see, sir. {OTHER}"
    assert making.reply.tools.n_calls == 1
    assert making.reply.failure is None


async def test_a_call_that_was_withdrawn_is_not_made() -> None:
    call = ToolCall("1", BOOK.name, "{}")
    making = Making([(0.1, call), (0.1, BROKE)], answer(OTHER))
    making.start()
    assert await making.made() == OTHER
    assert making.reply.tools.n_calls == 0


async def test_the_first_token_is_the_one_of_the_answer_that_is_heard() -> None:
    making = Making([(0.1, "Of"), (0.2, BROKE)], answer(OTHER, 0.5))
    making.start()
    await making.made()
    timeline = making.reply.timeline
    assert timeline.requested_at is not None
    assert timeline.first_token_at == pytest.approx(timeline.requested_at + 0.8)


async def test_no_host_with_anything_to_say_is_a_failure_without_a_word() -> None:
    making = Making([(0.1, "Of"), (0.1, BROKE)], [(0.1, BROKE)])
    making.start()
    assert await making.made() == ""
    assert making.reply.failure is BROKE
