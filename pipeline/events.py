"""What a conversation tells the outside, in the order of happening."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pipeline.faults import FaultsJson
from pipeline.rounds import RoundsJson
from pipeline.spending import Spent
from pipeline.timeline import Latencies, Moments


class AgentState(StrEnum):
    """The agent's state, in LiveKit's words."""

    INITIALIZING = "initializing"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"


class Ending(StrEnum):
    """Why a conversation ended by itself."""

    MAX_DURATION = "max_duration"
    BUDGET_EXHAUSTED = "budget_exhausted"
    AGENT_CLOSED = "agent_closed"
    NO_INPUT = "no_input"
    AGENT_ERROR = "agent_error"
    START_FAILED = "start_failed"


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The agent listens, thinks or speaks now."""

    state: AgentState


@dataclass(frozen=True, slots=True)
class CallerTranscribed:
    """The caller's words so far; the same `segment_id` replaces earlier ones."""

    segment_id: str
    text: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class AgentTranscribed:
    """The agent's words heard so far; the same `segment_id` replaces earlier ones."""

    segment_id: str
    text: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """One exchange is over. Offsets are milliseconds since the session became active.

    `n_discarded` answers were begun for it and thrown away before the one that was given. What was
    asked of model and voice was `used` where the caller heard some of the answer, or a tool was
    called, else `discarded`, like all that was thrown away or outrun.
    `tools_ms` is how long the reply waited for tools, None where it did not; its first token and
    its first sound may have come before or after that. `tool_rounds` is what `rounds_to_json` made
    of its calls, None where there were none. `acknowledged_ms`: from the caller's last sound to the
    acknowledgement that preceded the reply, None where none did. `upstream` and `passages` are what
    `pipeline.served` tells of it as JSON, None where nothing served. `faults` are those of
    `pipeline.faults` since the turn before, None where there were none. `marks` are those of its
    timeline that were reached, in milliseconds since the session became active.
    """

    id: str
    turn_index: int
    user_transcript: str
    agent_response: str
    interrupted: bool
    latencies: Latencies
    moments: Moments
    language: str
    started_at_ms: int
    ended_at_ms: int
    caller_audio_s: float
    agent_audio_s: float
    n_discarded: int = 0
    used: Spent = field(default_factory=Spent)
    discarded: Spent = field(default_factory=Spent)
    tool_calls: int = 0
    tools_ms: int | None = None
    tool_rounds: RoundsJson | None = None
    acknowledged_ms: int | None = None
    upstream: dict[str, str | None] | None = None
    passages: list[dict[str, Any]] | None = None
    faults: FaultsJson | None = None
    marks: Mapping[str, int] = field(default_factory=dict)


Event = StateChanged | CallerTranscribed | AgentTranscribed | TurnEnded
