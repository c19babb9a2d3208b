"""Whatever happens in whatever order, a conversation keeps its promises.

`Call.check` says which: turns are numbered without a gap, sound leaves once and as recorded, one
reply at a time; model, voice and tasks are closed. Each seed is another course of events.
"""

import asyncio
import random
from dataclasses import replace

import pytest

from pipeline.backchannel import is_backchannel
from pipeline.events import TurnEnded
from pipeline.ports import Final, Partial
from tests.unit.pipeline.call import Call
from tests.unit.pipeline.fake_model import REFUSAL, Answer
from tests.unit.pipeline.fake_repertoire import FakeRepertoire
from tests.unit.pipeline.killed import KilledCall, past_turn

pytestmark = pytest.mark.usefixtures("no_loose_ends")

SENTENCES = (
    "What are your opening hours?",
    "I would like to",
    "and maybe a table near the window.",
    "Yes.",
    "mm-hm",
    "okay",
    "No stop.",
    "मुझे एक टेबल चाहिए।",
    "My number is nine eight seven",
)
ANSWERS = (
    Answer("Yes."),
    Answer("Of course, we are open from nine in the morning until six. And on Sundays too."),
    Answer("Sure! " + "One thing after the other is what I would say to that. " * 6),
    Answer("Slow in coming, this one.", first_token_s=2.0),
    Answer("It breaks off in the middle, and never ends.", fails_after=6),
    Answer(""),
    REFUSAL,
)


class Storm:
    """Does one random thing after the other."""

    def __init__(self, call: Call, seed: int) -> None:
        self._call = call
        self._dice = random.Random(seed)
        call.voice.chunk_bytes = self._dice.choice((4800, 1111, 960, 31))
        call.recogniser.partial_s = self._dice.choice((0.03, 0.05, None))
        call.recogniser.tells_utterances = seed % 2 == 0

    async def blow(self, n_events: int) -> None:
        """The caller talks while other things happen."""
        await asyncio.gather(self._talk(n_events), self._disturb(n_events // 2))

    async def _talk(self, n_events: int) -> None:
        for _ in range(n_events):
            await self._dice.choice((self._speak, self._speak, self._make_noise, self._wait))()

    async def _disturb(self, n_events: int) -> None:
        kinds = (self._write, self._recognise_oddly, self._change_the_providers, self._drop_off)
        for _ in range(n_events):
            await asyncio.sleep(self._dice.uniform(0, 6))
            await self._dice.choice(kinds)()

    async def _speak(self) -> None:
        pause_s = self._dice.choice((0.0, 0.05, 0.15, 0.25, 0.4, 1.0, 3.0))
        await self._call.caller.say(self._dice.choice(SENTENCES), pause_s=pause_s)

    async def _make_noise(self) -> None:
        sound = self._dice.choice((self._call.caller.cough, self._call.caller.clatter))
        await sound(self._dice.choice((0.03, 0.2, 0.7, 1.0, 40.0)))

    async def _wait(self) -> None:
        await asyncio.sleep(self._dice.choice((0.01, 0.1, 0.3, 1.0, 4.0)))

    async def _write(self) -> None:
        self._type()

    def _type(self) -> None:
        self._call.conversation.hear_text(self._dice.choice(SENTENCES))

    async def _recognise_oddly(self) -> None:
        text = self._dice.choice((*SENTENCES, ""))
        utterance = self._dice.choice((None, self._dice.randint(1, 9)))
        result = self._dice.choice((Final(text, None, utterance), Partial(text, utterance)))
        self._call.recogniser.bring(result, after_s=self._dice.uniform(0, 0.5))

    async def _change_the_providers(self) -> None:
        self._call.model.default = self._dice.choice(ANSWERS)
        self._call.recogniser.final_s = self._dice.choice((0.05, 0.05, 0.25, 1.0, 2.5))
        self._call.recogniser.loses_finals = self._dice.random() < 0.2
        self._call.voice.ttfb_s = self._dice.choice((0.0, 0.08, 0.5))

    async def _drop_off(self) -> None:
        if self._dice.random() < 0.5:
            return
        leaving = asyncio.create_task(self._call.conversation.caller_left())
        await asyncio.sleep(self._dice.choice((0.0, 0.3, 2.0)))
        if self._dice.random() < 0.5:
            self._type()
        await leaving
        if self._dice.random() < 0.7:
            self._call.conversation.caller_back()

    async def end(self) -> None:
        """One of the ways in which calls end, maybe in the middle of a word."""
        speaking = asyncio.create_task(self._speak())
        await asyncio.sleep(self._dice.uniform(0, 2))
        match self._dice.randrange(5):
            case 0:
                await self._call.conversation.wind_down()
                await self._call.ending()
            case 1:
                self._call.recogniser.fail()
                await self._call.ending()
            case 2:
                self._call.voice.is_broken = True
                if self._call.repertoire is not None:
                    self._call.repertoire.known.clear()
                self._call.conversation.hear_text("Hello?")
                await self._call.ending()
            case 3:
                await self._call.conversation.caller_left()
            case _:
                pass
        speaking.cancel()


@pytest.mark.parametrize("has_repertoire", [False, True])
@pytest.mark.parametrize("seed", range(12))
async def test_promises_are_kept_whatever_happens(seed: int, has_repertoire: bool) -> None:
    async with Call(repertoire=FakeRepertoire() if has_repertoire else None) as call:
        storm = Storm(call, seed)
        await storm.blow(25)
        await storm.end()


@pytest.mark.parametrize("seed", range(8))
async def test_promises_are_kept_by_one_successor_after_the_other(seed: int) -> None:
    dice = random.Random(seed)
    call: KilledCall = KilledCall()
    recorded: list[TurnEnded] = []
    for _ in range(5):
        async with call:
            blowing = asyncio.create_task(Storm(call, dice.randrange(10**6)).blow(25))
            await asyncio.sleep(dice.uniform(0.0, 20.0))
            point = call.left(gap_s=dice.uniform(0.0, 4.0), is_planned=dice.random() < 0.3)
            recorded += call.turns
            blowing.cancel()
            await asyncio.wait([blowing])
        assert call.model.n_open == 0
        call = KilledCall(point=replace(point, past=[past_turn(turn) for turn in recorded]))
    assert [turn.turn_index for turn in recorded] == list(range(len(recorded)))
    assert len({turn.id for turn in recorded}) == len(recorded)
    assert all(turn.started_at_ms <= turn.ended_at_ms for turn in recorded)


@pytest.mark.parametrize("seed", range(24))
async def test_every_word_of_a_caller_is_answered_or_recorded(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With providers that work, whoever interrupts whom and however long pauses are."""
    # Agent and caller sound evenly here, from their first window to their last. So each may be the
    # other's echo, as no two voices are.
    monkeypatch.setattr("pipeline.echo.EchoGuard.explains", lambda *_, **__: False)
    dice = random.Random(seed)
    said: list[str] = []
    async with Call() as call:
        call.recogniser.partial_s = dice.choice((0.05, None))
        call.recogniser.final_s = dice.choice((0.05, 0.2))
        call.recogniser.tells_utterances = seed % 2 == 0
        for number in range(12):
            call.model.default = dice.choice(ANSWERS[:4])
            sentence = f"{dice.choice(('Tell me', 'I want', 'And then'))} number{number} " + (
                dice.choice(("today.", "and", "the", "if you can."))
            )
            said += sentence.split()
            await call.caller.say(sentence, pause_s=dice.choice((0.1, 0.2, 0.3, 0.5, 0.9, 2, 6)))
        await call.conversation.caller_left()
    recorded = " ".join(turn.user_transcript for turn in call.turns if turn.user_transcript)
    assert recorded.split() == said
    assert not any(is_backchannel(turn.user_transcript) for turn in call.turns)
