"""What one reply does with tools, for those who let it, stop it and remember it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from pipeline.clock import now
from pipeline.judged import Judging
from pipeline.ports import Message, Outcome, Tool, ToolCall, ToolResult

END_CALL: Final = Tool(
    name="end_call",
    description=(
        "Hang up. Only when the caller has clearly said goodbye, asked to end the call, or needs "
        "nothing more. Say goodbye in the same answer; it is spoken to its end first. Never "
        "because of silence or an unclear question."
    ),
    parameters={"type": "object", "properties": {}},
)


@dataclass(slots=True)
class Called:
    """A call that was begun. `result` is None while, and for ever if, nothing came of it.

    `began_at` is known of those that this process made, `began_at_ms`, from the session's start, of
    those that another did. `is_cut`: there was more to arguments or result than is kept.
    """

    call: ToolCall
    result: str | None = None
    outcome: Outcome | None = None
    began_at: float | None = None
    began_at_ms: int | None = None
    duration_ms: int | None = None
    is_cut: bool = False

    @classmethod
    def begun(cls, call: ToolCall, tools: Sequence[Tool]) -> Self:
        """It is made now; of one that no tool can answer that is known at once."""
        is_known = any(tool.name == call.name for tool in tools)
        return cls(call, outcome=None if is_known else Outcome.UNKNOWN_TOOL, began_at=now())

    def end(self, result: ToolResult) -> None:
        """This came of it."""
        assert self.began_at is not None, "another process's calls are over"
        self.result, self.outcome = result.text, result.outcome
        self.duration_ms = round(1000 * (now() - self.began_at))


@dataclass(slots=True)
class ToolUse:
    """The calls of one reply, round by round.

    `may_run` is set while the reply has the floor and is not suspended: a tool has effects, so
    nothing is called for a turn that is not decided. `is_spoken` says that the voice was given
    words of the round at hand, `ends_call` that the reply is a farewell. `judging`: what the model
    says of the caller's words before it answers them.
    """

    may_run: asyncio.Event = field(default_factory=asyncio.Event)
    rounds: list[list[Called]] = field(default_factory=list)
    is_spoken: bool = False
    spent_s: float = 0.0
    ends_call: bool = False
    judging: Judging = field(default_factory=Judging)

    async def floor(self) -> None:
        """Wait until calls may be made."""
        while not self.may_run.is_set():  # it may have been suspended again before the waiter ran
            await self.may_run.wait()

    @property
    def n_calls(self) -> int:
        """Calls that were begun."""
        return sum(map(len, self.rounds))


def messages_of(called: Sequence[Called], results: Sequence[str], said: str = "") -> list[Message]:
    """A round as a model is told of it: what it said and called, then each call's result."""
    told = zip(called, results, strict=True)
    return [
        Message("assistant", said, calls=tuple(one.call for one in called)),
        *(Message("tool", result, call_id=one.call.id) for one, result in told),
    ]
