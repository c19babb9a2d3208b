"""What a caller waits for in the room."""

import time
from typing import Final

from cli.caller.caller import Caller
from cli.caller.clip import Samples
from cli.caller.recording import BURST_GAP_S, Recording
from cli.caller.turn import Turn

_DEADLINE_S: Final = 60.0
_PAUSE_S: Final = 0.3
"""Longer than any of the scripted voice's dips."""


def now() -> float:
    """The caller's clock."""
    return time.monotonic()


async def turn(caller: Caller, index: int) -> Turn:
    """The turn, once the agent has announced that it is over."""
    return await caller.wait_for(
        lambda: caller.turns.get(index), what=f"turn {index}", timeout_s=_DEADLINE_S
    )


async def state(caller: Caller, wanted: str) -> None:
    """Until the agent is in the state."""
    await caller.wait_for(
        lambda: caller.agent_state == wanted, what=f"{wanted} agent", timeout_s=_DEADLINE_S
    )


async def greeted(caller: Caller) -> None:
    """Until the greeting is over and has faded: what is heard from then on is an answer."""
    await turn(caller, 0)
    await silence(caller)


async def sound_since(caller: Caller, moment: float, *, for_s: float) -> float:
    """Until the agent has been heard for a while since `moment`; when that began."""

    def heard_at() -> float | None:
        onset = caller.agent_sound.onset_after(moment)
        return onset if onset is not None and time.monotonic() - onset >= for_s else None

    return await caller.wait_for(heard_at, what="the agent's voice", timeout_s=_DEADLINE_S)


async def silence(caller: Caller) -> float:
    """Until the agent's last word has faded; when that was seen."""

    def is_quiet() -> bool:
        quiet_s = caller.agent_sound.quiet_s(now())
        return quiet_s is not None and quiet_s > _PAUSE_S

    await caller.wait_for(is_quiet, what="silence", timeout_s=_DEADLINE_S)
    return now()


async def words_of_caller(caller: Caller, count: int) -> None:
    """Until the room shows that many words of what the caller is saying."""
    await caller.wait_for(
        lambda: any(s.who == "caller" and len(s.text.split()) >= count for s in caller.segments),
        what=f"{count} words of the caller",
        timeout_s=_DEADLINE_S,
    )


def words_heard(caller: Caller, since: float, until: float) -> int:
    """Words of the scripted voice in a stretch of the agent's sound: its tones between dips.

    Counted in the sound itself: by the moments of arrival, which a busy machine bunches, the next
    word can seem to begin before the dip is over.
    """
    heard = caller.agent_sound
    assert not heard.dropped_frames, "the call is longer than what is kept of its sound"
    return tones(heard.samples(since, until), heard.rate_hz)


def tones(sound: Samples, rate_hz: int) -> int:
    """How many there are of the scripted voice, one a word."""
    return len(Recording.of(sound, rate_hz).spans(BURST_GAP_S))


def final_texts(caller: Caller, who: str) -> list[str]:
    """The last text of each of one side's transcription segments, in the order of their start."""
    texts = {segment.id: "" for segment in caller.segments if segment.who == who}
    texts.update({s.id: s.text for s in caller.segments if s.who == who and s.is_final})
    return list(texts.values())


async def is_over(caller: Caller, *, timeout_s: float = _DEADLINE_S) -> None:
    """Until the caller is out of the room."""
    await caller.wait_for(
        lambda: caller.disconnect_reason, what="the end of the call", timeout_s=timeout_s
    )
