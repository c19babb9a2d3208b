"""A recording's two channels → what each response took, beside what was recorded of it.

::

    caller   question____|
    agent                 |--------|answer~~~~
    heard                 |--------|
    told     speech_ended_at_ms ┴────┴ first_audio_ms
    off                   ◀-----|    ▶ 0

What remains between the two is unexplained: what the figures do not say of a caller's wait.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import av
import numpy as np
from numpy.typing import NDArray

from cli.caller.recording import Recording

RATE_HZ: Final = 48_000
PAUSE_S: Final = 0.3
"""Between two words of one question; what follows a longer one is another."""
APART_S: Final = 0.7
"""By which the end of a caller's sound may be off where the agent took it to be."""


class ToldTurn(Protocol):
    """What was recorded of a turn, milliseconds."""

    @property
    def turn_index(self) -> int: ...

    @property
    def speech_ended_at_ms(self) -> int | None: ...

    @property
    def first_audio_ms(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class HeardResponse:
    """Milliseconds. `caller_off_ms`, `agent_off_ms`: how much later the caller's last sound and the
    agent's first are in the recording than they were told of; both None where one is not heard."""

    turn_index: int
    told_ms: int
    caller_off_ms: float | None = None
    agent_off_ms: float | None = None

    @property
    def heard_ms(self) -> float | None:
        """From the caller's last sound to the agent's first."""
        unexplained_ms = self.unexplained_ms
        return None if unexplained_ms is None else round(self.told_ms + unexplained_ms, 1)

    @property
    def unexplained_ms(self) -> float | None:
        """How much longer it was than what was told of it; below 0: shorter."""
        if self.caller_off_ms is None or self.agent_off_ms is None:
            return None
        return round(self.agent_off_ms - self.caller_off_ms, 1)


def sides_of(data: bytes) -> NDArray[np.int16]:
    """The caller's sound and the agent's, two rows at `RATE_HZ`. Raises `av.FFmpegError`."""
    with av.open(io.BytesIO(data), "r") as container:
        decoded = [frame.to_ndarray() for frame in container.decode(audio=0)]
    sides: NDArray[np.int16] = np.clip(
        np.concatenate(decoded, axis=1) * 32767, -32768, 32767
    ).astype(np.int16)
    return sides


def channels_of(data: bytes) -> tuple[Recording, Recording]:
    """The caller and the agent, on the session's clock. Raises `av.FFmpegError`."""
    caller, agent = sides_of(data)
    return Recording.of(caller, RATE_HZ), Recording.of(agent, RATE_HZ)


def heard_responses(
    caller: Recording, agent: Recording, turns: Sequence[ToldTurn]
) -> list[HeardResponse]:
    """Of each turn in which the caller spoke and was answered."""
    return [
        _heard(caller, agent, turn.turn_index, turn.speech_ended_at_ms, turn.first_audio_ms)
        for turn in turns
        if turn.speech_ended_at_ms is not None and turn.first_audio_ms is not None
    ]


def _heard(
    caller: Recording, agent: Recording, index: int, ended_ms: int, told_ms: int
) -> HeardResponse:
    """A sound of the agent's that was under way by the caller's last is none of this answer."""
    nothing = HeardResponse(index, told_ms)
    ended_s, answered_s = ended_ms / 1000, (ended_ms + told_ms) / 1000
    spans = caller.spans(PAUSE_S, since=ended_s - APART_S)
    ends = [span.ended_at for span in spans if abs(span.ended_at - ended_s) <= APART_S]
    if not ends:
        return nothing
    silent_at = min(ends, key=lambda at: abs(at - ended_s))
    begun_at = agent.onset_after(silent_at)
    if begun_at is None or begun_at - answered_s > APART_S:
        return nothing
    return HeardResponse(index, told_ms, _ms(silent_at - ended_s), _ms(begun_at - answered_s))


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 1)
