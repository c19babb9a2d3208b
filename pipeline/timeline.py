"""The marks of a turn → its latencies.

    last speech   flush   final   decided            first sound            last sound
        ├──────────┴────────┤        │                    │                     │
        ├── stt_ms ─────────┘        │                    │                     │
        ├── eou_delay_ms ────────────┘                    │                     │
        ├── first_audio_ms ───────────────────────────────┘                     │
        └── total_ms ───────────────────────────────────────────────────────────┘
    request ── first_token_ms ── first token ── last token
    text sent ── tts_ttfb_ms ── first byte ── last byte

Stages overlap: an answer is prepared while the silence still decides. All marks are seconds of
one monotonic clock; a mark that was not reached leaves its latency unmeasured, never zero.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Final

CALLERS_MARKS: Final = frozenset({"speech_ended_at", "final_at", "decided_at"})
"""Those that are set before there is a reply."""


@dataclass(slots=True)
class Timeline:
    """Marks of one turn, set as they happen. The caller's are absent in a greeting."""

    speech_ended_at: float | None = None
    final_at: float | None = None
    decided_at: float | None = None
    requested_at: float | None = None
    first_token_at: float | None = None
    last_token_at: float | None = None
    voice_asked_at: float | None = None
    first_byte_at: float | None = None
    last_byte_at: float | None = None
    first_audio_at: float | None = None
    ended_at: float | None = None
    acknowledged_at: float | None = None
    """When an acknowledgement left, which is no part of the reply."""

    def latencies(self) -> "Latencies":
        """What the marks tell."""
        start = self.speech_ended_at
        return Latencies(
            stt_ms=_between(start, self.final_at),
            eou_delay_ms=_between(start, self.decided_at),
            first_token_ms=_between(self.requested_at, self.first_token_at),
            tts_ttfb_ms=_between(self.voice_asked_at, self.first_byte_at),
            first_audio_ms=_between(start, self.first_audio_at),
            total_ms=_between(start, self.ended_at),
        )

    @property
    def acknowledged_ms(self) -> int | None:
        """From the caller's last sound to the acknowledgement, None where there was none."""
        return _between(self.speech_ended_at, self.acknowledged_at)

    def take_over(self, marks: Mapping[str, int], began_at: float) -> None:
        """Set what is known from another process, as `marks` tells it."""
        for mark in fields(self):
            if mark.name in marks:
                setattr(self, mark.name, began_at + marks[mark.name] / 1000)

    def marks(self, began_at: float) -> dict[str, int]:
        """The marks that were reached, in milliseconds of a conversation that began then."""
        reached = {key: at for key, at in asdict(self).items() if at is not None}
        return {key: round(1000 * (at - began_at)) for key, at in reached.items()}

    def moments(self, began_at: float) -> "Moments":
        """Where the stages stand in a conversation that began then."""
        return Moments(
            speech_ended_at_ms=_since(began_at, self.speech_ended_at),
            llm_requested_at_ms=_since(began_at, self.requested_at),
            tts_requested_at_ms=_since(began_at, self.voice_asked_at),
        )


@dataclass(frozen=True, slots=True)
class Latencies:
    """Milliseconds of each stage; None where a stage was not measured."""

    stt_ms: int | None
    eou_delay_ms: int | None
    first_token_ms: int | None
    tts_ttfb_ms: int | None
    first_audio_ms: int | None
    total_ms: int | None


@dataclass(frozen=True, slots=True)
class Moments:
    """Milliseconds from the session's start; None for what did not happen.

    With the latencies they place every stage on one axis.
    """

    speech_ended_at_ms: int | None
    llm_requested_at_ms: int | None
    tts_requested_at_ms: int | None


def _since(began_at: float, moment: float | None) -> int | None:
    """Whole milliseconds; a greeting is prepared before the session's start, which counts as 0."""
    return None if moment is None else max(0, round(1000 * (moment - began_at)))


def _between(start: float | None, end: float | None) -> int | None:
    """Whole milliseconds. What took none was not measured: a typed message has no end-of-turn
    delay, words that came late have no way from speech to text."""
    if start is None or end is None or end < start:
        return None
    return round(1000 * (end - start)) or None
