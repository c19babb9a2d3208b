"""The caller's track and typed words → the conversation that hears them, or kept until that is this
job's."""

import asyncio
from collections import deque
from typing import Final

from livekit import rtc

from agent.recording.tape import Tape
from agent.room.audio import windows
from agent.room.early_sound import EarlySound
from agent.room.kept_sound import KeptSound
from core.supervision import Tasks
from pipeline.conversation import Conversation

MOST_TYPED: Final = 20
TYPED_BEFORE_S: Final = 1.0
"""What was typed so shortly before a session changed hands was nobody's: a holder that takes it is
not quiet for longer than that, and hands over only where it is."""


class CallerSound:
    """Follows one track at a time. `is_heard` says whether the conversation may hear it; then what
    was said before the track is heard first. A tape takes down what the track brings."""

    def __init__(
        self,
        tasks: Tasks,
        conversation: Conversation,
        early: EarlySound,
        *,
        is_heard: bool,
        tape: Tape | None = None,
    ) -> None:
        self._tasks = tasks
        self._conversation = conversation
        self._early = early
        self._tape = tape
        self._running: list[asyncio.Task[None]] = []
        self._kept: KeptSound | None = None
        self._typed: deque[tuple[float, str]] = deque(maxlen=MOST_TYPED)
        self.is_heard = is_heard

    def follow(self, track: rtc.RemoteAudioTrack | None) -> None:
        """Hear a track instead of any other, or keep its sound; None: there is none."""
        self.drop()
        if track is None:
            return
        if self.is_heard and self._early.is_promised(track.sid):
            kept = KeptSound(windows(track, self._tape))
            self._running.append(self._tasks.start("keep", kept.keep()))
            self._running.append(self._tasks.start("listen", self._hear_all(track.sid, kept)))
        elif self.is_heard:
            hearing = self._conversation.listen(windows(track, self._tape))
            self._running.append(self._tasks.start("listen", hearing))
        else:
            self._kept = KeptSound(windows(track, self._tape))
            self._running.append(self._tasks.start("keep", self._kept.keep()))

    async def _hear_all(self, sid: str, kept: KeptSound) -> None:
        """What was said before the track, then what it brought meanwhile and brings."""
        early = await self._early.take(sid)
        await self._conversation.begun()
        kept.put_before(early)
        await self._conversation.listen(kept.heard(), late_s=kept.kept_s)

    def drop(self) -> None:
        """Stop: sound that was still waiting when the caller left starts no turn."""
        for task in self._running:
            task.cancel()
        self._running.clear()
        self._kept = None

    def read(self, text: str) -> None:
        """Have a typed message taken, or keep it."""
        if self.is_heard:
            self._conversation.hear_text(text)
        else:
            self._typed.append((asyncio.get_running_loop().time(), text))

    def hear_kept(self, last_s: float, *, held_at: float) -> float:
        """From now on the conversation hears, first the last seconds of what was kept: no more
        than `last_s`, and how many there are. Its resumption is to be awaited next. `held_at` is
        when it became this job's, by the loop's clock."""
        kept, self._kept, self.is_heard = self._kept, None, True
        while self._typed:
            typed_at, text = self._typed.popleft()
            if typed_at >= held_at - TYPED_BEFORE_S:
                self._conversation.hear_text(text)
        if kept is None:
            return 0.0
        kept_s = kept.drop_all_but(last_s)
        hearing = self._conversation.listen(kept.heard(), late_s=kept_s)
        self._running.append(self._tasks.start("listen", hearing))
        return kept_s
