"""Transcripts for people (`txt`) and for players (`srt`)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from store.records import TurnRecord

# Long enough that a player shows the cue at all.
_SHORTEST_CUE_MS: Final = 100
_LINE_BREAKS: Final = re.compile("[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Cue:
    """One side's words and when they were heard, in ms from the session's start."""

    start_ms: int
    end_ms: int
    line: str


def as_txt(turns: Sequence[TurnRecord]) -> str:
    """A line for each side that said something, newline-terminated."""
    return "".join(f"{line}\n" for turn in turns for line in _sides(turn) if line)


def as_srt(turns: Sequence[TurnRecord]) -> str:
    """Numbered cues in order, without overlap, each at least 100 ms long."""
    cues = _spread([cue for turn in turns for cue in _cues(turn)])
    return "\n".join(
        f"{number}\n{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}\n{cue.line}\n"
        for number, cue in enumerate(cues, start=1)
    )


def _sides(turn: TurnRecord) -> tuple[str, str]:
    return _line("User", turn.user_transcript), _line("Agent", turn.agent_response)


def _line(who: str, text: str) -> str:
    words = _LINE_BREAKS.sub(" ", text).strip()
    return f"{who}: {words}" if words else ""


def _cues(turn: TurnRecord) -> Iterator[Cue]:
    """The caller speaks from the turn's start, the agent up to its end.

    started                                     ended
      |-- caller_audio_s --|   ...   |-- agent_audio_s --|
    """
    caller_ms, agent_ms = round(turn.caller_audio_s * 1000), round(turn.agent_audio_s * 1000)
    started = turn.started_at_ms or 0
    ended = started + caller_ms + agent_ms if turn.ended_at_ms is None else turn.ended_at_ms
    user, agent = _sides(turn)
    agent_start = max(ended - agent_ms, started)
    if user:
        heard = started + caller_ms
        yield Cue(started, min(heard, agent_start) if agent else min(heard, ended), user)
    if agent:
        yield Cue(agent_start, ended, agent)


def _spread(cues: Sequence[Cue]) -> list[Cue]:
    """The cues apart: each starts a shortest cue after the one before, and ends by the next."""
    starts: list[int] = []
    for cue in cues:
        earliest = starts[-1] + _SHORTEST_CUE_MS if starts else 0
        starts.append(max(cue.start_ms, earliest))
    limits = [following for _, following in pairwise(starts)] + [None]
    return [
        Cue(start, _end(cue, start, limit), cue.line)
        for cue, start, limit in zip(cues, starts, limits, strict=bool(cues))
    ]


def _end(cue: Cue, start_ms: int, limit_ms: int | None) -> int:
    end_ms = max(cue.end_ms, start_ms + _SHORTEST_CUE_MS)
    return end_ms if limit_ms is None else min(end_ms, limit_ms)


def _clock(at_ms: int) -> str:
    seconds, milliseconds = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02},{milliseconds:03}"
