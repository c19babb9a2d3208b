"""Plays one sound: a little ahead of real time, and stops to the sample.

    sound    ████████████████████▒▒▒▒▒▒      █ played   ▒ made   (queued: at most 200 ms)
                         ├queued─┤
    suspend: the queue is cleared, the position goes back by what was in it; resume goes on there,
    or at the beginning of the word that the stop fell into.

Each reply has a playback of its own, so that one that was stopped cannot speak into the next.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from pipeline.audio import AGENT_BYTES_PER_S, AGENT_RATE_HZ, agent_seconds
from pipeline.ports import Playout
from pipeline.rewind import LOOK_BACK_BYTES, bytes_into_word
from pipeline.sound import Sound

FRAME_BYTES: Final = AGENT_BYTES_PER_S // 10
"""100 ms: what costs is the number of frames that cross into the SDK."""
AHEAD_S: Final = 0.1
SUB_FRAME_BYTES: Final = AGENT_RATE_HZ // 100 * 2
"""10 ms, the unit of the transport: a shorter tail is padded with silence."""


class Playback:
    """Plays `sound` on `playout` while `run` is awaited; suspend, resume and stop act at once."""

    def __init__(self, playout: Playout, sound: Sound) -> None:
        self._playout = playout
        self._sound = sound
        self._position = 0
        self._padding = 0
        self._may_play = asyncio.Event()
        self._may_play.set()
        self._is_stopped = False
        self._is_drained = False

    @property
    def is_suspended(self) -> bool:
        """Whether playing is paused."""
        return not self._may_play.is_set()

    @property
    def played_s(self) -> float:
        """Seconds of the sound that have left."""
        queued_s = 0.0 if self.is_suspended or self._is_drained else self._playout.queued_s
        return max(0.0, agent_seconds(self._position) - queued_s)

    @property
    def unplayed_s(self) -> float:
        """Seconds of sound made so far that have not left."""
        return agent_seconds(len(self._sound)) - self.played_s

    def suspend(self) -> None:
        """Silence at once; the position is kept."""
        if self.is_suspended or self._is_drained:
            return
        queued = round(self._playout.queued_s * AGENT_RATE_HZ) * 2
        self._may_play.clear()
        self._playout.clear()
        self._position = max(0, self._position - max(0, queued - self._padding))

    def resume(self, *, from_word: bool = False) -> None:
        """Go on from where it was suspended, or from the word that was cut; not after a stop."""
        if self._is_stopped:
            return
        if from_word and self.is_suspended:
            start = max(0, self._position - LOOK_BACK_BYTES)
            before = self._sound.read(start, self._position - start)
            self._position -= bytes_into_word(before)
        self._may_play.set()

    def stop(self) -> None:
        """Silence for good; `played_s` keeps telling how much was heard."""
        self.suspend()
        self._is_stopped = True

    async def run(self, on_push: Callable[[], None]) -> None:
        """Play to the end, however long it is suspended; call `on_push` after each frame."""
        while await self._play_next(on_push):
            pass
        self._is_drained = True

    async def _play_next(self, on_push: Callable[[], None]) -> bool:
        """Hand over one frame, or wait for one; False when all of the sound was played."""
        await self._may_play.wait()
        if (ahead_s := self._playout.queued_s - AHEAD_S) > 0:
            await asyncio.sleep(ahead_s)
            return True
        frame = self._next_frame()
        if not frame and self._sound.is_whole:
            await asyncio.sleep(self._playout.queued_s)
            return self.is_suspended or self._position < len(self._sound) - 1
        if not frame:
            await self._sound.grown_beyond(self._position + SUB_FRAME_BYTES - 2)
            return True
        self._position += len(frame)
        self._padding = -len(frame) % SUB_FRAME_BYTES
        try:
            await self._playout.push(frame + bytes(self._padding))
        except Exception:
            self._position -= len(frame)
            raise
        on_push()
        return True

    def _next_frame(self) -> bytes:
        """What can be handed over now: a part of a sub-frame only at the end of the sound."""
        frame = self._sound.read(self._position, FRAME_BYTES)
        if self._sound.is_whole:
            return frame
        return frame[: len(frame) // SUB_FRAME_BYTES * SUB_FRAME_BYTES]
