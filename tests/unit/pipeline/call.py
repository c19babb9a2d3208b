"""One conversation under test, with everything around it scripted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from core.supervision import Tasks
from pipeline.audio import AGENT_BYTES_PER_S
from pipeline.by_heart import VoiceByHeart
from pipeline.conversation import Conversation
from pipeline.endpointing import Endpointing
from pipeline.events import (
    AgentState,
    AgentTranscribed,
    CallerTranscribed,
    Ending,
    Event,
    StateChanged,
    TurnEnded,
)
from pipeline.metering import Meter, MeteredVoice
from pipeline.parts import Parts, Script
from pipeline.ports import Tool
from pipeline.resumption import ResumePoint
from pipeline.speaker import TAKE_BACK_S
from tests.unit.pipeline.fake_caller import FakeCaller, FakeDetector
from tests.unit.pipeline.fake_model import FakeModel
from tests.unit.pipeline.fake_playout import FakePlayout
from tests.unit.pipeline.fake_recogniser import FakeRecogniser
from tests.unit.pipeline.fake_repertoire import FakeRepertoire, RecordedVoice
from tests.unit.pipeline.fake_toolbox import FakeToolbox
from tests.unit.pipeline.fake_voice import FakeVoice

GREETING = "Hello, this is the front desk. How can I help you?"
GOODBYE = "Our time is up, goodbye."
APOLOGY = "Sorry, I could not get that."
WAIT = "One moment, please."
STILL_THERE = "Are you still there?"
BACK = "Sorry, I lost you for a moment. Please go on."
HMM = "Hmm."
FAREWELL = "Thank you for calling, goodbye!"

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event and when it was told."""

    at: float
    event: Event


class Call:
    """`async with` runs the conversation, from its `point` where it has one; leaving closes it and
    checks what must always hold."""

    def __init__(
        self,
        endpointing: Endpointing | None = None,
        *,
        idle_prompt_s: float = 0.0,
        tools: Sequence[Tool] = (),
        may_end_call: bool = True,
        point: ResumePoint | None = None,
        repertoire: FakeRepertoire | None = None,
        tells_unfinished: bool = False,
        acknowledge_after_s: float = 0.0,
    ) -> None:
        self._point = point
        self._windows: AsyncIterator[bytes] | None = None
        self._late_s = 0.0
        self.recogniser = FakeRecogniser()
        self.model = FakeModel()
        self.voice = FakeVoice()
        self.playout = FakePlayout()
        self.caller = FakeCaller(self.recogniser)
        self.told: list[Happening] = []
        self._news = asyncio.Event()
        self.toolbox = FakeToolbox(*tools)
        self.meter = Meter()
        voice = MeteredVoice(self.voice, self.meter)
        by_heart = VoiceByHeart(voice, repertoire or FakeRepertoire(), Tasks(lambda *_: None))
        self.repertoire = repertoire
        self.recorded = RecordedVoice(by_heart)
        parts = Parts(
            self.recogniser,
            self.model,
            voice if repertoire is None else self.recorded,
            self.playout,
            FakeDetector(),
            self.toolbox,
            tells_unfinished=tells_unfinished,
        )
        script = Script(
            system_prompt="Be brief.",
            language="en-IN",
            greeting=GREETING,
            goodbye=GOODBYE,
            apology=APOLOGY,
            wait=WAIT,
            still_there=STILL_THERE,
            back=BACK,
            farewell=FAREWELL,
            endpointing=endpointing or Endpointing(),
            idle_prompt_s=idle_prompt_s,
            may_end_call=may_end_call,
            acknowledgement=HMM,
            acknowledge_after_s=acknowledge_after_s,
        )
        self.conversation = Conversation(parts, script, self._keep)

    async def __aenter__(self) -> Self:
        point, conversation = self._point, self.conversation
        running = conversation.run() if point is None else conversation.resume(point)
        self._running = asyncio.create_task(running, name="run")
        windows = self._windows or self.caller.windows()
        self._listening = asyncio.create_task(
            self.conversation.listen(windows, late_s=self._late_s), name="listen"
        )
        return self

    def hear(self, windows: AsyncIterator[bytes], *, late_s: float = 0.0) -> None:
        """Have it hear something else than its own caller, before it begins."""
        self._windows, self._late_s = windows, late_s

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        tasks = [self._running, self._listening]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await self.conversation.close()
        if error is None:
            for task in tasks:
                if not task.cancelled():
                    task.result()
            self.check()

    async def ending(self) -> Ending:
        """Wait until the conversation is over."""
        return await asyncio.shield(self._running)

    @property
    def is_over(self) -> bool:
        """Whether the conversation has ended by itself."""
        return self._running.done()

    @property
    def turns(self) -> list[TurnEnded]:
        """The exchanges that are over."""
        return self.of(TurnEnded)

    @property
    def told_words(self) -> list[Event]:
        """The words of either side, as they were shown."""
        return [*self.of(CallerTranscribed), *self.of(AgentTranscribed)]

    @property
    def state(self) -> AgentState:
        """The agent's state as last told."""
        states = self.of(StateChanged)
        return states[-1].state if states else AgentState.INITIALIZING

    def of(self, kind: type[E]) -> list[E]:
        """The events of one kind."""
        return [one.event for one in self.told if isinstance(one.event, kind)]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for an event after which `condition()` holds."""
        while not condition():
            self._news.clear()
            await self._news.wait()

    async def turn(self, index: int) -> TurnEnded:
        """Wait until exchange `index` is over."""
        await self.until(lambda: len(self.turns) > index)
        return self.turns[index]

    async def greeted(self) -> None:
        """Wait until the greeting is over, and a moment more."""
        await self.turn(0)
        await asyncio.sleep(1.0)

    async def speaking(self, for_s: float = 0.0) -> None:
        """Wait until the agent speaks, and has done so for `for_s`."""
        await self.until(lambda: self.state is AgentState.SPEAKING)
        await asyncio.sleep(for_s)

    def check(self) -> None:
        """What holds after every conversation, whatever happened in it."""
        assert self.recogniser.violations == []
        assert self.model.n_open == 0
        assert all(speech.is_closed for speech in self.voice.speeches)
        first = self._point.turn_index if self._point else 0
        assert [turn.turn_index - first for turn in self.turns] == list(range(len(self.turns)))
        assert len({turn.id for turn in self.turns}) == len(self.turns)
        for turn in self.turns:
            assert 0 <= turn.started_at_ms <= turn.ended_at_ms
        self._check_sound()

    def _check_sound(self) -> None:
        """Each reply left from its first sample, without a gap or a repeat, as long as was
        recorded; one that was taken back left less than 0.3 s."""
        self.playout.clear()
        recorded = [n for turn in self.turns if (n := self._n_bytes(turn))]
        for n_bytes in self._stretches():
            if recorded and n_bytes == recorded[0]:
                recorded.pop(0)
            else:
                assert n_bytes < TAKE_BACK_S * AGENT_BYTES_PER_S, f"{n_bytes} bytes unrecorded"
        assert recorded == [], "recorded, and not heard"

    def _n_bytes(self, turn: TurnEnded) -> int:
        """How much of the reply's sound is this process's."""
        left = self._point.at_hand if self._point else None
        before_s = left.played_s if left is not None and left.id == turn.id else 0.0
        return 2 * round((turn.agent_audio_s - before_s) * 24_000)

    def _stretches(self) -> list[int]:
        """The lengths of the replies' beginnings that the sound in the room consists of."""
        made = [bytes(one.pcm) for one in self.voice.speeches]
        sounds = made if self.repertoire is None else [bytes(one) for one in self.recorded.sounds]
        left, lengths = bytes(self.playout.left), []
        while left:
            lengths.append(max(_common(left, sound) for sound in sounds))
            assert lengths[-1] >= 2, f"{len(left)} bytes in the room are no reply's beginning"
            left = left[lengths[-1] :].lstrip(b"\0")
        return lengths

    def _keep(self, event: Event) -> None:
        self.told.append(Happening(asyncio.get_running_loop().time(), event))
        self._news.set()


def _common(one: bytes, other: bytes) -> int:
    """How many bytes both begin with, whole samples."""
    n_bytes = min(len(one), len(other))
    if one[:n_bytes] != other[:n_bytes]:
        n_bytes = next(i for i in range(n_bytes) if one[i] != other[i])
    return n_bytes & ~1
