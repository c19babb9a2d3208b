"""The agent's side of the floor: plays replies, gives way, and records what was heard."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from core.supervision import STOP_S, see_ended
from pipeline.acknowledgement import Acknowledgement
from pipeline.clock import now
from pipeline.events import AgentState, AgentTranscribed, Event, StateChanged
from pipeline.exchange import Exchange, agent_segment
from pipeline.faults import FaultKind, Faults
from pipeline.history import History
from pipeline.playback import Playback
from pipeline.ports import Playout
from pipeline.snapshot import AtHand
from pipeline.spending import Discards

log = logging.getLogger(__name__)

TAKE_BACK_S: Final = 0.3
"""A reply cut before this much of it was heard was started too early: its turn goes on."""


class Speaker:
    """Holds at most one exchange at a time. `on_over` is told of each whose reply has ended.

    What was thrown away before a reply is given the floor is taken from `discards`, and recorded
    with it; what went wrong before an exchange is over is taken from `faults` likewise.
    `n_false_suspensions` counts how often the reply at hand was suspended for what was no speech.
    Nothing here waits: what was interrupted is closed in the background, by tasks that `close`
    ends.
    """

    def __init__(
        self,
        playout: Playout,
        history: History,
        discards: Discards,
        acknowledgement: Acknowledgement,
        faults: Faults,
        *,
        language: str,
        emit: Callable[[Event], None],
        on_over: Callable[[Exchange], None],
    ) -> None:
        self._playout = playout
        self._history = history
        self._discards = discards
        self._acknowledgement = acknowledgement
        self._faults = faults
        self._suspended_at: float | None = None
        self._language = language
        self._emit = emit
        self._on_over = on_over
        self._exchange: Exchange | None = None
        self._playback: Playback | None = None
        self._playing: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self.n_false_suspensions = 0
        self._is_silenced = False
        self._turn_index = 0
        self._began_at = now()
        self._state = AgentState.INITIALIZING

    @property
    def is_active(self) -> bool:
        """Whether a reply has the floor: being made, played or suspended."""
        return self._exchange is not None

    @property
    def exchange(self) -> Exchange | None:
        """Whose reply has the floor."""
        return self._exchange

    @property
    def is_suspended(self) -> bool:
        """Whether the reply is paused."""
        return self._playback is not None and self._playback.is_suspended

    @property
    def unplayed_s(self) -> float:
        """Seconds of the reply that are still to be heard, infinite while it is being made."""
        if self._exchange is None or self._playback is None:
            return 0.0
        if not self._exchange.reply.sound.is_whole:
            return float("inf")
        return self._playback.unplayed_s

    @property
    def began_at(self) -> float:
        """When the session became active; offsets count from there."""
        return self._began_at

    @property
    def turn_index(self) -> int:
        """Of the exchange that ends next."""
        return self._turn_index

    def at_hand(self) -> AtHand | None:
        """The exchange that has the floor, as another process can go on with it."""
        if self._exchange is None or self._playback is None:
            return None
        return self._exchange.at_hand(self._playback.played_s, self._began_at)

    def open(self, *, elapsed_s: float = 0.0, turn_index: int = 0) -> None:
        """The session is active, since `elapsed_s`: offsets of turns count from then."""
        self._began_at = now() - elapsed_s
        self._turn_index = turn_index
        self._show(AgentState.LISTENING)

    def release(self, exchange: Exchange) -> None:
        """Give a reply the floor: its sound may leave as soon as there is some."""
        if self._is_silenced:
            self._close_later(exchange)
            return
        self.interrupt()
        exchange.discards.join(self._discards.take())
        self._exchange = exchange
        self.n_false_suspensions = 0
        self._suspended_at = None
        exchange.reply.tools.may_run.set()
        self._playback = Playback(self._playout, exchange.reply.sound)
        self._idle.clear()
        self._show(AgentState.THINKING)
        self._playing = asyncio.create_task(self._play(exchange, self._playback), name="playback")

    def suspend(self) -> None:
        """Silence, reversibly; what precedes the reply is not said again."""
        self._acknowledgement.stop()
        if self._playback is not None:
            self._playback.suspend()
            self._suspended_at = self._suspended_at or now()
        if self._exchange is not None:
            self._exchange.reply.tools.may_run.clear()

    def resume(self, *, from_word: bool = False) -> None:
        """Go on from the sample where it was suspended, or from the word that this cut."""
        if self._playback is not None:
            self._playback.resume(from_word=from_word)
            self._tell_held()
        if self._exchange is not None:
            self._exchange.reply.tools.may_run.set()

    def _tell_held(self) -> None:
        at, self._suspended_at = self._suspended_at, None
        if at is not None:
            self._faults.add(FaultKind.ANSWER_HELD, at=at, lasted_s=now() - at)

    def was_suspended_for_nothing(self) -> None:
        """The sound that the reply was suspended for was no speech."""
        self.n_false_suspensions += 1

    def interrupt(self, *, may_take_back: bool = False) -> Exchange | None:
        """End the reply at hand; it is recorded with the words that were heard.

        With `may_take_back`, a reply of which hardly anything was heard is not recorded but
        returned: its turn was not over. One that has called tools stays: that cannot be undone.
        """
        exchange, playback = self._exchange, self._playback
        if exchange is None or playback is None:
            return None
        self._acknowledgement.stop()
        playback.stop()
        exchange.reply.tools.may_run.clear()
        exchange.played_s = playback.played_s
        self._close_later(exchange)
        is_early = may_take_back and exchange.caller_text and exchange.heard_s < TAKE_BACK_S
        if is_early and not exchange.reply.tools.rounds:
            self._throw_away(exchange)
            return exchange
        exchange.is_interrupted = True
        if exchange.reply.timeline.first_audio_at is not None:
            # Silenced first, and decided then, it has been over since its last sound.
            exchange.reply.timeline.ended_at = self._suspended_at
        if self._turn_index and exchange.is_nothing:
            self._throw_away(exchange)
        else:
            self._finish(exchange)
        self._on_over(exchange)
        return None

    def record(self, exchange: Exchange) -> None:
        """Record an exchange that never has the floor: words without a reply, or one that is over,
        at the moment that its timeline tells or now."""
        exchange.discards.join(self._discards.take())
        self._finish(exchange)

    def silence_for_good(self) -> None:
        """End the reply at hand; whatever is given the floor from now on is not heard."""
        self._is_silenced = True
        self.interrupt()

    async def silent(self, timeout_s: float) -> None:
        """Wait until nobody has the floor, at most `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._idle.wait()
        except TimeoutError:
            log.info("reply.overlong")

    async def close(self) -> None:
        """End what runs. The reply at hand is recorded as interrupted."""
        self.interrupt()
        await see_ended(self._closing, within_s=2 * STOP_S)

    def _close_later(self, exchange: Exchange) -> None:
        """Stop making and playing in the background: the floor is free at once."""
        tasks = {asyncio.create_task(exchange.reply.stop(), name="reply-stop")}
        if self._playing is not None:
            self._playing.cancel()
            tasks.add(self._playing)
        for task in tasks:
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _play(self, exchange: Exchange, playback: Playback) -> None:
        try:
            await self._acknowledgement.before(exchange, self._turn_index)
            await playback.run(lambda: self._on_push(exchange, playback))
        except Exception:  # whatever the room's playout raises: the floor must not stay taken
            log.exception("playback.broken")
            self.interrupt()
            return
        if self._exchange is not exchange:
            return
        exchange.played_s = playback.played_s
        self._finish(exchange)
        self._on_over(exchange)

    def _on_push(self, exchange: Exchange, playback: Playback) -> None:
        if self._exchange is not exchange:
            return
        if exchange.reply.timeline.first_audio_at is None:
            exchange.reply.timeline.first_audio_at = now()
        self._show(AgentState.SPEAKING)
        exchange.played_s = playback.played_s
        if exchange.heard_s >= TAKE_BACK_S:
            self._announce(exchange)
            if progress := exchange.progress():
                self._emit(progress)

    def _announce(self, exchange: Exchange) -> None:
        if announcement := exchange.announcement():
            self._emit(announcement)

    def _finish(self, exchange: Exchange) -> None:
        timeline = exchange.reply.timeline
        timeline.ended_at = timeline.ended_at or now()
        self._announce(exchange)
        if failure := exchange.reply.failure:
            at = exchange.reply.failed_at
            reason = failure.reason
            self._faults.add(
                FaultKind.ANSWER_BROKEN, provider=failure.provider, reason=reason, at=at
            )
        ended = exchange.ending(
            turn_index=self._turn_index,
            language=self._language,
            began_at=self._began_at,
            faults=self._faults.take(self._began_at),
        )
        self._turn_index += 1
        rounds = exchange.reply.tools.rounds
        self._history.add(ended.user_transcript, ended.agent_response, rounds)
        if ended.agent_response:
            segment = agent_segment(exchange.id)
            self._emit(AgentTranscribed(segment, ended.agent_response, is_final=True))
        self._emit(ended)
        if exchange is self._exchange:
            self._leave_floor()

    def _throw_away(self, exchange: Exchange) -> None:
        """What was asked for it is put down to the next one."""
        self._discards.join(exchange.discards)
        self._discards.before += exchange.used_before
        self._discards.add(exchange.reply.account, is_answer=exchange.reply.asks_model)
        self._leave_floor()

    def _leave_floor(self) -> None:
        self._exchange = self._playback = None
        self._idle.set()
        self._show(AgentState.LISTENING)

    def _show(self, state: AgentState) -> None:
        if state is not self._state:
            self._state = state
            self._emit(StateChanged(state))
