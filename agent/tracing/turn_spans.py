"""The record of a turn → spans of its stages.

    turn ─┬ recognition      the caller's first sound → final words
          ├ endpointing      their last sound → the decision
          ├ chat MODEL       request → last token, tools in between
          ├ execute_tool T   each tool that was run
          ├ voice            text → last byte
          └ playout          first sound → last sound

Names and attributes that begin with `gen_ai` are OpenTelemetry's conventions for generative AI
(github.com/open-telemetry/semantic-conventions-genai); others are ours. They hold figures, and
names from catalog and bot: a tool's only where it was run, as the model may write anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, Final, Self

from core.catalog import Model
from core.spans import Attributes, Kind, Span
from pipeline.events import TurnEnded
from pipeline.faults import FaultKind
from pipeline.ports import Outcome
from pipeline.spending import counts_of
from store.records import SessionRecord

MS: Final = 1_000_000
_NOT_RUN: Final = {Outcome.REFUSED, Outcome.UNKNOWN_TOOL}
_FIRST_CHUNK: Final = "gen_ai.response.time_to_first_chunk"
_WELL_KNOWN: Final = {"moonshot": "moonshot_ai"}
"""Our upstreams that the conventions know under another name."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a session is called, and what serves it; `upstream` is asked first."""

    session_id: str
    llm_model: str
    upstream: str
    stt_model: str
    tts_model: str

    @classmethod
    def by(cls, record: SessionRecord, model: Model) -> Self:
        """What the session's configuration names."""
        config = record.config
        upstream = model.routes[0].upstream if model.routes else ""
        return cls(str(record.id), model.id, upstream, config["stt_model"], config["tts_model"])

    def provider(self, answered_by: str | None = None) -> str:
        """Who answers, as the conventions call them."""
        upstream = answered_by or self.upstream
        return _WELL_KNOWN.get(upstream, upstream)


def turn_span(event: TurnEnded, names: Names, began_ns: int) -> Span:
    """A turn, of a session that became active then."""
    return _Turn(event, names, began_ns).span()


@dataclass(frozen=True, slots=True)
class _Turn:
    event: TurnEnded
    names: Names
    began_ns: int

    def span(self) -> Span:
        event = self.event
        told = {
            "index": event.turn_index,
            "language": event.language,
            "interrupted": event.interrupted,
            "caller_audio_s": event.caller_audio_s,
            "agent_audio_s": event.agent_audio_s,
            "discarded_answers": event.n_discarded,
            "faults": ",".join(fault["kind"] for fault in event.faults or []),
            **counts_of(event.used, event.discarded),
            **{name: ms for name, ms in asdict(event.latencies).items() if ms is not None},
        }
        return self._between(
            "turn",
            event.started_at_ms,
            event.ended_at_ms,
            {f"vaarta.turn.{name}": value for name, value in told.items()},
            error=FaultKind.ANSWER_BROKEN if self._is_broken else "",
            parts=tuple(self._parts()),
        )

    @property
    def _is_broken(self) -> bool:
        return any(one["kind"] == FaultKind.ANSWER_BROKEN for one in self.event.faults or [])

    def _parts(self) -> Iterator[Span]:
        event, marks, ended_ms = self.event, self.event.marks, self.event.ended_at_ms
        if (final_ms := marks.get("final_at")) is not None:
            model = {"vaarta.model": self.names.stt_model}
            yield self._asked("recognition", event.started_at_ms, final_ms, model)
        if (decided_ms := marks.get("decided_at")) is not None:
            yield self._between("endpointing", marks.get("speech_ended_at", decided_ms), decided_ms)
        if (requested_ms := marks.get("requested_at")) is not None:
            name = f"chat {self.names.llm_model}"
            yield self._asked(name, requested_ms, marks.get("last_token_at", ended_ms), self._chat)
        for called in chain.from_iterable(event.tool_rounds or []):
            if called.get("began_at_ms") is not None and called.get("outcome") not in _NOT_RUN:
                yield self._tool(called)
        if (voice_asked_ms := marks.get("voice_asked_at")) is not None:
            model = {"vaarta.model": self.names.tts_model}
            last_ms = marks.get("last_byte_at", ended_ms)
            yield self._asked("voice", voice_asked_ms, last_ms, model)
        if (first_audio_ms := marks.get("first_audio_at")) is not None:
            yield self._between("playout", first_audio_ms, ended_ms)

    def _tool(self, called: Mapping[str, Any]) -> Span:
        """What nobody waited for has no outcome, maybe as there is no such tool."""
        began_ms, outcome = called["began_at_ms"], called["outcome"]
        lasted_ms = called["duration_ms"]
        ended_ms = self.event.ended_at_ms if lasted_ms is None else began_ms + lasted_ms
        told = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.type": "function"}
        if outcome is None:
            return self._between("execute_tool", began_ms, ended_ms, told, error="cancelled")
        name = called["name"]
        return self._between(
            f"execute_tool {name}",
            began_ms,
            ended_ms,
            {**told, "gen_ai.tool.name": name},
            error="" if outcome == Outcome.SUCCEEDED else outcome,
        )

    @property
    def _chat(self) -> Attributes:
        event, names, upstream = self.event, self.names, self.event.upstream or {}
        first_ms = event.latencies.first_token_ms
        first_s = {} if first_ms is None else {_FIRST_CHUNK: first_ms / 1000}
        return {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": names.provider(upstream.get("llm")),
            "gen_ai.conversation.id": names.session_id,
            "gen_ai.request.model": names.llm_model,
            "gen_ai.response.model": upstream.get("llm_model") or names.llm_model,
            "gen_ai.request.stream": True,
            "gen_ai.usage.input_tokens": event.used.input_tokens,
            "gen_ai.usage.output_tokens": event.used.output_tokens,
            **first_s,
        }

    def _asked(self, name: str, began_ms: int, ended_ms: int, told: Attributes) -> Span:
        return self._between(name, began_ms, ended_ms, told, kind=Kind.CLIENT)

    def _between(
        self,
        name: str,
        began_ms: int,
        ended_ms: int,
        told: Attributes | None = None,
        *,
        kind: Kind = Kind.INTERNAL,
        error: str = "",
        parts: tuple[Span, ...] = (),
    ) -> Span:
        """What was made for an earlier moment than it was used at may end before it begins."""
        began_ns = self.began_ns + MS * began_ms
        ended_ns = max(began_ns, self.began_ns + MS * ended_ms)
        return Span(name, began_ns, ended_ns, told or {}, kind, error, parts)
