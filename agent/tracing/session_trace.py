"""A session's span while one job holds it, with a span of each of its turns.

The span of the request that created the session is its parent, so that one trace shows both; a
successor's is beside it, in the same trace.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from agent.holding.held import Held
from agent.holding.parting import Parting
from agent.tracing.turn_spans import Names, turn_span
from core.catalog import Model
from core.log import log_context
from core.spans import Attributes, OpenSpan, Traces
from pipeline.events import Event, StateChanged, TurnEnded
from store.records import EndReason, SessionRecord

FAILURES: Final = frozenset({EndReason.AGENT_ERROR, EndReason.START_FAILED})


@dataclass(slots=True)
class SessionTrace:
    """Of one session; without a span, as where nobody takes traces, all of it is nothing.

    `parent` is what a successor's span belongs to.
    """

    _span: OpenSpan | None
    _names: Names
    parent: str
    _held: Held | None = None
    _began_ns: int | None = None
    _n_turns: int = 0

    @classmethod
    @contextmanager
    def begun(
        cls,
        traces: Traces | None,
        record: SessionRecord,
        model: Model,
        parting: Parting,
        *,
        parent: str,
    ) -> Iterator["SessionTrace"]:
        """From now to the end of the block; `parting` tells what has come of it."""
        names = Names.by(record, model)
        if traces is None:
            yield cls(None, names, parent)
            return
        span = traces.begin("invoke_agent", _known(record, names), parent=parent)
        trace = cls(span, names, parent or span.traceparent)
        with log_context(trace_id=span.trace_id):
            try:
                yield trace
            finally:
                trace._end(span, parting)

    def hold(self, held: Held) -> None:
        """The session is the job's; its conversation may have begun elsewhere."""
        self._held = held

    def show(self, event: Event) -> None:
        """Tell a turn that is over."""
        if self._span is None:
            return
        match event:
            case StateChanged() if self._began_ns is None:
                self._began_ns = time.time_ns() - round(1e9 * self._elapsed_s)
            case TurnEnded() if self._began_ns is not None:
                self._n_turns += 1
                self._span.tell(turn_span(event, self._names, self._began_ns))

    @property
    def _elapsed_s(self) -> float:
        """How long the conversation goes on that begins now in this job."""
        return self._held.elapsed_s if self._held is not None and self._held.is_taken_up else 0.0

    def _end(self, span: OpenSpan, parting: Parting) -> None:
        reason = parting.end_reason
        told: dict[str, str | int] = {
            "vaarta.turns": self._n_turns,
            "vaarta.parting": parting.way.name.lower() if parting.way else "broken",
            **({} if reason is None else {"vaarta.end_reason": reason.value}),
        }
        failure = reason.value if reason in FAILURES else ""
        span.end(told, error=failure)


def _known(record: SessionRecord, names: Names) -> Attributes:
    agent = {} if record.bot_id is None else {"gen_ai.agent.id": str(record.bot_id)}
    return {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.provider.name": names.provider(),
        "gen_ai.conversation.id": names.session_id,
        "gen_ai.request.model": names.llm_model,
        "gen_ai.output.type": "speech",
        "vaarta.language": record.config["language"],
        **agent,
    }
