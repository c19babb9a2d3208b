"""What a call came to, and what was found wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict

from cli.caller.session_api import Session
from cli.caller.turn import Turn


class ToolCall(BaseModel):
    """Of a turn: a call as the transcript holds it."""

    model_config = ConfigDict(frozen=True)

    name: str
    arguments: dict[str, Any] | str | None = None


class PlayedTurn(Turn):
    """A turn of the transcript, with what the checks need beside its latencies."""

    language: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True)
class Exchange:
    """One thing that was said and the turns that it brought; none where nothing was answered."""

    said: str
    turns: Sequence[int]


@dataclass(frozen=True)
class Played:
    """A call that was held. `problem`: why it broke off, None where it did not."""

    session: Session
    turns: Mapping[int, PlayedTurn]
    exchanges: Sequence[Exchange]
    problem: str | None = None

    @property
    def transcript(self) -> str:
        """Both sides as lines."""
        lines = []
        for _, turn in sorted(self.turns.items()):
            lines += [f"Caller: {turn.user_transcript}"] if turn.user_transcript else []
            lines += [f"Agent: {turn.agent_response}"] if turn.agent_response else []
        return "\n".join(lines)


@dataclass(frozen=True)
class Try:
    """One playing of a case. `failures`: a line each, in the words of the suite's file."""

    took_s: float
    failures: Sequence[str]
    session_id: str | None = None
    transcript: str = ""
    first_audio_ms: Sequence[int] = ()

    @property
    def is_right(self) -> bool:
        return not self.failures


@dataclass(frozen=True)
class CaseResult:
    """`needed`: tries that have to be right."""

    name: str
    needed: int
    tries: Sequence[Try] = field(default_factory=tuple)

    @property
    def n_right(self) -> int:
        return sum(one.is_right for one in self.tries)

    @property
    def is_green(self) -> bool:
        return self.n_right >= self.needed


@dataclass(frozen=True)
class SuiteResult:
    name: str
    cases: Sequence[CaseResult]

    @property
    def is_green(self) -> bool:
        return all(case.is_green for case in self.cases)
