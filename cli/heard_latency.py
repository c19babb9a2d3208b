"""A recording's two channels → what each response took, beside what was recorded of it.

::

    caller   question____|
    agent                 |--------|answer~~~~
    heard                 |--------|
    told     speech_ended_at_ms ┴────┴ first_audio_ms

What remains between the two is unexplained: what the figures do not say of a caller's wait.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import av
import numpy as np

from cli.caller.recording import Recording
from store.records import TurnRecord

RATE_HZ: Final = 48_000
FRAME_SAMPLES: Final = RATE_HZ // 200
PAUSE_S: Final = 0.3
"""Between two words of one question; what follows a longer one is another."""
APART_S: Final = 0.7
"""By which the end of a caller's sound may be off where the agent took it to be."""


@dataclass(frozen=True, slots=True)
class HeardResponse:
    """Milliseconds; `heard_ms` is None where the caller or the agent is not heard."""

    turn_index: int
    told_ms: int
    heard_ms: float | None

    @property
    def unexplained_ms(self) -> float | None:
        """How much longer it was than what was told of it; below 0: shorter."""
        return None if self.heard_ms is None else round(self.heard_ms - self.told_ms, 1)


def channels_of(data: bytes) -> tuple[Recording, Recording]:
    """The caller and the agent, on the session's clock. Raises `av.FFmpegError`."""
    caller, agent = Recording(RATE_HZ), Recording(RATE_HZ)
    with av.open(io.BytesIO(data), "r") as container:
        decoded = [frame.to_ndarray() for frame in container.decode(audio=0)]
    sound = np.clip(np.concatenate(decoded, axis=1) * 32767, -32768, 32767).astype(np.int16)
    for at in range(0, sound.shape[1], FRAME_SAMPLES):
        for channel, heard in zip(sound, (caller, agent), strict=True):
            heard.add(channel[at : at + FRAME_SAMPLES], at / RATE_HZ)
    return caller, agent


def heard_responses(
    caller: Recording, agent: Recording, turns: Sequence[TurnRecord]
) -> list[HeardResponse]:
    """Of each turn in which the caller spoke and was answered."""
    return [
        HeardResponse(
            turn.turn_index,
            turn.first_audio_ms,
            _heard_ms(caller, agent, turn.speech_ended_at_ms / 1000, turn.first_audio_ms / 1000),
        )
        for turn in turns
        if turn.speech_ended_at_ms is not None and turn.first_audio_ms is not None
    ]


def _heard_ms(caller: Recording, agent: Recording, ended_s: float, took_s: float) -> float | None:
    """From the caller's last sound to the agent's first. A sound of the agent's that was under way
    by then is none of this answer."""
    spans = caller.spans(PAUSE_S, since=ended_s - APART_S)
    ends = [span.ended_at for span in spans if abs(span.ended_at - ended_s) <= APART_S]
    if not ends:
        return None
    silent_at = min(ends, key=lambda at: abs(at - ended_s))
    begun_at = agent.onset_after(silent_at)
    if begun_at is None or begun_at - (ended_s + took_s) > APART_S:
        return None
    return round(1000 * (begun_at - silent_at), 1)
