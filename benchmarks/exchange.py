"""Asking an agent and breaking into its answer, measured from sound: any agent in any room.

::

    caller   question____                    barge-in____
    agent                |---|answer~~~~~~~~~~~~|        |---|answer~~~~
                      voice to voice         |--|    voice to voice after it
                                             barge-in
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from benchmarks.result import Tally
from benchmarks.rig import PAUSE_GAP_S, hear_onset, reason_to_discard
from cli.caller.caller import Caller
from cli.caller.clip import Clip
from cli.caller.errors import CallTimeout
from cli.caller.microphone import PlayedSpan

SPOKE_OVER: Final = "agent spoke over the question"
_STOP_TIMEOUT_S: Final = 6.0
_LONGEST_ANSWER_S: Final = 60.0


class NotMeasured(Exception):
    """A clip was spoken whole and brought no figure; `is_error`: the agent failed, be it that it
    spoke where it had to listen."""

    def __init__(self, reason: str, *, is_error: bool = False) -> None:
        super().__init__(reason)
        self.reason: Final = reason
        self.is_error: Final = is_error

    def note(self, tally: Tally) -> None:
        (tally.errors if self.is_error else tally.discards)[self.reason] += 1


@dataclass(frozen=True)
class Answer:
    """`silent_at`: when the agent's sound ended that the clip was spoken over, where it was.

    `fault`: why the machine, and not the agent, made it what it is.
    """

    span: PlayedSpan
    onset_at: float
    silent_at: float | None = None
    fault: str | None = None

    @property
    def took_ms(self) -> float:
        """Voice to voice."""
        return (self.onset_at - self.span.last_speech_at) * 1000

    @property
    def stop_ms(self) -> float | None:
        """From the caller's first sound over the agent to its silence."""
        return (
            None if self.silent_at is None else (self.silent_at - self.span.first_speech_at) * 1e3
        )


async def ask(caller: Caller, clip: Clip) -> Answer:
    """Speak into silence and hear the answer begin. Raises NotMeasured without one, CallEnded."""
    overruns = caller.overruns
    was_sounding = caller.agent_sound.is_sounding(time.monotonic(), PAUSE_GAP_S)
    span = await caller.play(clip)
    onset = await hear_onset(caller, span.first_speech_at)
    if onset is None:
        raise NotMeasured("no answer", is_error=True)
    if was_sounding or onset < span.last_speech_at:
        raise NotMeasured(SPOKE_OVER, is_error=True)
    return Answer(span, onset, fault=reason_to_discard(caller, span, overruns))


async def break_in(caller: Caller, clip: Clip) -> Answer:
    """Speak over the agent, hear it stop and answer. Raises NotMeasured or CallEnded."""
    sound = caller.agent_sound
    overruns = caller.overruns
    span = await caller.play(clip)
    if not sound.is_sounding(span.first_speech_at, PAUSE_GAP_S):
        raise NotMeasured("agent was silent already", is_error=True)
    try:
        silent_at = await caller.wait_for(
            lambda: sound.silence_after(span.first_speech_at, PAUSE_GAP_S, time.monotonic()),
            what="the agent's silence",
            timeout_s=_STOP_TIMEOUT_S,
        )
    except CallTimeout as exc:
        raise NotMeasured("not stopped", is_error=True) from exc
    onset = await hear_onset(caller, span.last_speech_at)
    if onset is None:
        raise NotMeasured("no answer to the barge-in", is_error=True)
    if sound.onset_after(silent_at + 0.001) != onset:
        raise NotMeasured("agent went on in between", is_error=True)
    return Answer(span, onset, silent_at, reason_to_discard(caller, span, overruns))


async def hear_out(caller: Caller, quiet_s: float) -> None:
    """Wait until the agent was silent for so long, from now on. Raises CallTimeout, CallEnded."""
    await asyncio.sleep(quiet_s)
    await caller.wait_for(
        lambda: (caller.agent_sound.quiet_s(time.monotonic()) or quiet_s) >= quiet_s,
        what="the end of an answer",
        timeout_s=_LONGEST_ANSWER_S,
    )
