"""A short "hmm" ahead of an answer that is late: when it is said, and where its sound comes from.

    last sound         decided
        ├── after_s ──────┴─────┤ hmm │                 nothing of the answer is near
        ├── after_s ──────┴──┤▆▇▅▆▇▆▅▆▇                 the answer is in time: nothing is said
        ├── after_s ──────┴────·····┤▆▇▅▆▇▆             its text is at the voice: it is waited for

It is a sign that the caller was heard, and no part of the answer: not recorded, remembered or
counted as its first sound. An answer that comes while it sounds waits for its end, which is why it
is short. It is never said before the turn is decided, while the caller makes a sound, or twice in a
turn; nor in two turns in a row, as people who hum before each answer seem to have a tic.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

import numpy as np

from core.errors import ProviderError
from core.supervision import stop_tasks
from pipeline.audio import AGENT_BYTES_PER_S, AGENT_RATE_HZ
from pipeline.clock import now
from pipeline.exchange import Exchange
from pipeline.loudness import loudness
from pipeline.playback import Playback
from pipeline.ports import Audio, Playout, Voice
from pipeline.reply import Reply
from pipeline.sound import Sound

log = logging.getLogger(__name__)

ABOUT_TO_SOUND_S: Final = 0.4
"""From giving the voice an answer's text to its sound, and a margin; for longer it is late."""
LONGEST_S: Final = 0.8
"""Of its sound without the silence around it: more would hold answers up."""
RESTS_FOR: Final = 1
"""Turns after one in which it was said."""
LOOK_EVERY_S: Final = 0.1
_SLICE: Final = AGENT_RATE_HZ // 100
_AUDIBLE: Final = 100.0
"""RMS of 16-bit samples."""


class Acknowledgement:
    """One session's: `text` in its voice, `after_s` seconds after the caller's last sound.
    `is_quiet` tells whether they make none."""

    def __init__(
        self,
        text: str,
        voice: Voice,
        playout: Playout,
        *,
        after_s: float,
        is_quiet: Callable[[], bool],
    ) -> None:
        self._text = text
        self._voice = voice
        self._playout = playout
        self._after_s = after_s
        self._is_quiet = is_quiet
        self._pcm = b""
        self._manner = ""
        self._said_in: int | None = None
        self._playback: Playback | None = None
        self._playing: asyncio.Task[None] | None = None

    async def prepare(self, is_voice_free: Callable[[], bool]) -> None:
        """Have its sound, made at a moment in which nobody waits for the voice. Where it cannot be
        made, nothing is ever said."""
        if not (self._text and self._after_s):
            return
        while not is_voice_free():  # noqa: ASYNC110 - time makes it so
            await asyncio.sleep(LOOK_EVERY_S)
        manner = self._voice.manner
        try:
            pcm = trimmed(await self._made())
        except ProviderError as exc:
            log.warning("acknowledgement.not_made", extra={"reason": exc.reason})
            return
        if len(pcm) <= LONGEST_S * AGENT_BYTES_PER_S:
            self._pcm, self._manner = pcm, manner
        else:
            log.warning("acknowledgement.too_long")

    async def before(self, exchange: Exchange, turn_index: int) -> None:
        """Say it where the answer of that exchange is late; then the answer may be played."""
        if not self._may_be_said(exchange, turn_index) or not await self._is_due(exchange):
            return
        self._said_in = turn_index
        sound = Sound()
        sound.append(self._pcm)
        sound.finish()
        self._playback = Playback(self._playout, sound)
        timeline = exchange.reply.timeline

        def on_push() -> None:
            timeline.acknowledged_at = timeline.acknowledged_at or now()

        self._playing = asyncio.create_task(self._playback.run(on_push), name="acknowledgement")
        try:
            await asyncio.wait([self._playing])
            if not self._playing.cancelled():
                self._playing.result()
        finally:
            await stop_tasks([self._playing])

    def stop(self) -> None:
        """Silence at once, for good: the caller makes a sound, or the reply is over."""
        if self._playing is not None and not self._playing.done():
            assert self._playback is not None
            self._playback.stop()
            self._playing.cancel()

    def _may_be_said(self, exchange: Exchange, turn_index: int) -> bool:
        """What was typed is not answered so, and lines of ours answer nothing."""
        has_rested = self._said_in is None or turn_index - self._said_in > RESTS_FOR
        return bool(self._pcm) and has_rested and exchange.caller_audio_s > 0

    async def _is_due(self, exchange: Exchange) -> bool:
        """Wait until the answer is late, or there; whether it is late."""
        reply = exchange.reply
        due_at = (reply.timeline.speech_ended_at or now()) + self._after_s
        while not await _sounds_by(reply, due_at):
            asked_at = reply.timeline.voice_asked_at
            if asked_at is None or now() >= asked_at + ABOUT_TO_SOUND_S:
                is_ours = self._manner == self._voice.manner
                return is_ours and self._is_quiet() and exchange.leads_to is None
            due_at = asked_at + ABOUT_TO_SOUND_S
        return False

    async def _made(self) -> bytes:
        pcm = bytearray()
        async with self._voice.speak() as speech:
            await speech.say(self._text)
            await speech.flush()
            sound = speech.sound()
            while isinstance(item := await anext(sound), Audio):
                pcm += item.pcm
        return bytes(pcm)


async def _sounds_by(reply: Reply, moment: float) -> bool:
    """Whether it has a sound by then, or will have none."""
    try:
        async with asyncio.timeout(max(0.0, moment - now())):
            await reply.sound.grown_beyond(0)
    except TimeoutError:
        return False
    return True


def trimmed(pcm: bytes) -> bytes:
    """The sound without the silence before and after it; nothing where all is silent."""
    audible = np.flatnonzero(loudness(pcm + bytes(-len(pcm) % (2 * _SLICE)), _SLICE) >= _AUDIBLE)
    if not audible.size:
        return b""
    return pcm[2 * _SLICE * int(audible[0]) : 2 * _SLICE * (int(audible[-1]) + 1)]
