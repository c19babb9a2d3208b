"""The caller's side of the floor: their sound and its transcripts → steps of their turn.

window ─▶ Ear ─▶ CallerTurn ─▶ steps      Begin, Settle, Speculate, Discard, Commit, Reword, Abandon
                    ▲     └─▶ Recogniser  begin, sound, settle, end
Recogniser ─────────┘
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final

from pipeline.audio import WINDOW_BYTES, WINDOW_S
from pipeline.clock import now
from pipeline.ear import VOICED_AT, Ear, Window
from pipeline.echo import EchoGuard
from pipeline.endpointing import Endpointing
from pipeline.events import CallerTranscribed, Event
from pipeline.exchange import Exchange, caller_segment, new_id
from pipeline.ports import Final as FinalTranscript
from pipeline.ports import Partial, Recogniser, SpeechDetector
from pipeline.recogniser_habits import RecogniserHabits
from pipeline.reply import Reply
from pipeline.snapshot import OpenTurn
from pipeline.steps import Step
from pipeline.turn import BEGIN_AFTER_WINDOWS, CallerTurn, Phase
from pipeline.verdict import Verdict

log = logging.getLogger(__name__)

PRE_ROLL_WINDOWS: Final = 10
"""320 ms before speech was noticed: no onset is lost to the recogniser."""
UNSURE_WINDOWS: Final = 24
"""More of it, as long as a voice may have been the agent's own echo."""
LAST_WORDS_S: Final = 1.0
"""How long the words of a caller who is cut off are waited for."""
QUIET_S: Final = 0.1
SILENCE: Final = bytes(WINDOW_BYTES)


class Hearing:
    """Follows the caller's turn: after each window or transcript `judge` is asked what it means for
    the reply at hand, then `carry_out` gets the turn's steps.

    While it is deaf, sound and words change nothing but the text of the turn at hand.
    `last_loud_at` is when the caller last made a sound.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        detector: SpeechDetector,
        endpointing: Endpointing,
        habits: RecogniserHabits,
        echo: EchoGuard,
        *,
        is_deaf: Callable[[], bool],
        emit: Callable[[Event], None],
        judge: Callable[[Window | None], None],
        carry_out: Callable[[Step], None],
    ) -> None:
        self.turn = CallerTurn(endpointing, habits)
        self._is_deaf = is_deaf
        self._recogniser = recogniser
        self._detector = detector
        self._echo = echo
        self._emit = emit
        self._judge = judge
        self._carry_out = carry_out
        self._ear = Ear()
        self._pre_roll: deque[bytes] = deque(maxlen=PRE_ROLL_WINDOWS + UNSURE_WINDOWS)
        self._n_unsure = 0
        self._exchange_id = new_id()
        self._exchange_of: dict[int, str] = {}
        self._began_at = 0.0
        self._settled = asyncio.Event()
        self._sound_at: float | None = None
        self.last_loud_at = float("-inf")

    @property
    def is_quiet(self) -> bool:
        """Whether the caller makes no sound, and has no turn that is not decided."""
        return self.turn.phase is Phase.IDLE and now() - self.last_loud_at >= QUIET_S

    async def listen(self, windows: AsyncIterator[bytes], *, late_s: float = 0.0) -> None:
        """Hear windows of 512 samples at 16 kHz until they end, and silence until that settles.

        The first began `late_s` ago: until the others have caught up with the present, each ends
        32 ms after the one before, and recognition is waited for at the pauses.
        """
        self._sound_at = now() - late_s if late_s else None
        try:
            await self._hear_all(windows)
        finally:
            self._sound_at = None
        while self.turn.phase is not Phase.IDLE and not self._is_deaf():
            await asyncio.sleep(WINDOW_S)
            self._hear(SILENCE)

    async def _hear_all(self, windows: AsyncIterator[bytes]) -> None:
        can_follow, asked_at = True, now()
        async for pcm in windows:
            self._tick(waited_s=now() - asked_at)
            self._hear(pcm)
            if self._sound_at is not None:
                await asyncio.sleep(0)
                can_follow = can_follow and await self._let_recogniser_follow()
            asked_at = now()

    def _heard_at(self) -> float:
        """The moment that the sound has come to."""
        return now() if self._sound_at is None else self._sound_at

    def _tick(self, *, waited_s: float) -> None:
        """Another window; one that had to be waited for is of the present."""
        if self._sound_at is None:
            return
        self._sound_at += WINDOW_S
        if waited_s >= WINDOW_S / 2 or self._sound_at >= now():
            self._sound_at = None

    async def _let_recogniser_follow(self) -> bool:
        """Wait at a pause for its final, False when that does not come."""
        if self.turn.phase is not Phase.PAUSED or self.turn.is_settled:
            return True
        return await self._wait_until_settled()

    async def recognise(self) -> None:
        """Take in transcripts. Raises `ProviderError` when recognition is given up."""
        async for result in self._recogniser.results():
            self._read(result)

    def read_verdict(self, text: str, verdict: Verdict) -> None:
        """The answering model says so of these words."""
        steps = self.turn.on_verdict(text, verdict, at=self._heard_at())
        for step in () if self._is_deaf() else steps:
            self._carry_out(step)

    async def hear_last_words(self) -> None:
        """Wait for the final of what the caller was saying when they were cut off."""
        if not self.turn.is_heard:
            return
        self.turn.cut_off()
        self._recogniser.settle()
        await self._wait_until_settled()

    async def _wait_until_settled(self) -> bool:
        self._settled.clear()
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                await self._settled.wait()
        except TimeoutError:
            log.info("recognition.last_words_late")
            return False
        return True

    def begin(self) -> None:
        """Open the recogniser's utterance."""
        if not self.turn.text:
            self._began_at = self._heard_at() - BEGIN_AFTER_WINDOWS * WINDOW_S
        n_windows = PRE_ROLL_WINDOWS + min(self._n_unsure, UNSURE_WINDOWS)
        self._recogniser.begin(b"".join(list(self._pre_roll)[-n_windows:]))

    def settle(self) -> None:
        """Ask for a final."""
        self._recogniser.settle()

    def end(self) -> None:
        """Close the recogniser's utterance."""
        self._recogniser.end()

    def forget(self, *, is_void: bool = False) -> None:
        """Drop the turn so far, and with `is_void` what still comes of it."""
        self.turn.forget(is_void=is_void)
        self._recogniser.end()

    def take_back(self, early: Exchange) -> None:
        """The turn of `early` was not over: what the caller says now belongs to it."""
        self._exchange_id, self._began_at = early.id, early.started_at

    def take_up(self, exchange_id: str) -> None:
        """What the caller says next becomes this exchange."""
        self._exchange_id = exchange_id

    def begin_now(self) -> None:
        """A turn that starts without sound starts now."""
        self._began_at = now()

    def open_turn(self, session_began_at: float) -> OpenTurn | None:
        """What the caller is saying, None while they say nothing."""
        if self.turn.phase is Phase.IDLE:
            return None
        started_at_ms = max(0, round(1000 * (self._began_at - session_began_at)))
        return OpenTurn(self._exchange_id, self.turn.text, started_at_ms, self.turn.voice_s)

    def exchange(self, caller_text: str, reply: Reply, *, caller_audio_s: float) -> Exchange:
        """The exchange that the turn becomes; the next turn is another one."""
        exchange = Exchange(
            caller_text,
            reply,
            started_at=self._began_at,
            caller_audio_s=caller_audio_s,
            id=self._exchange_id,
        )
        self._exchange_of.setdefault(self.turn.n_utterances, self._exchange_id)
        self._exchange_id = new_id()
        return exchange

    def belongs_to(self, utterance: int, exchange: Exchange) -> bool:
        """Whether the caller said `utterance` in the turn that `exchange` answers."""
        return self._exchange_of.get(utterance) == exchange.id

    def _hear(self, pcm: bytes) -> None:
        probability = self._detector.predict(pcm)
        at = self._heard_at()
        if self._echo.explains(pcm, at=at):
            self._n_unsure = self._n_unsure + 1 if self._echo.is_unsure else 0
            probability = 0.0
        elif probability < VOICED_AT:
            self._n_unsure = 0
        window = self._ear.listen(pcm, probability=probability, at=at)
        self.last_loud_at = window.last_loud_at
        self._pre_roll.append(pcm)
        if self._is_deaf():
            return
        was_heard = self.turn.is_heard
        steps = self.turn.on_window(window)
        if was_heard:
            self._recogniser.hear(pcm)
        self._judge(window)
        for step in steps:
            self._carry_out(step)

    def _read(self, result: Partial | FinalTranscript) -> None:
        was_idle, at = self.turn.phase is Phase.IDLE, self._heard_at()
        if isinstance(result, Partial):
            steps = self.turn.on_partial(result.text, at=at, utterance=result.utterance)
        else:
            steps = self.turn.on_final(result.text, at=at, utterance=result.utterance)
        if was_idle:
            self._began_at = at
        if self.turn.is_settled:
            self._settled.set()
        if not self._is_deaf():
            self._judge(None)
        if text := self.turn.text:
            segment = caller_segment(self._exchange_id)
            self._emit(CallerTranscribed(segment, text, is_final=False))
        for step in () if self._is_deaf() else steps:
            self._carry_out(step)
