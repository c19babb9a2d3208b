"""What a job leaves behind of a conversation, and what its successor makes of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from agent.records.said import Said, said_in
from agent.records.till import Till
from core.spans import known_traceparent
from pipeline.resumption import PastTurn, ResumePoint
from pipeline.snapshot import Snapshot
from pipeline.spending import counts_of, told_apart
from store.holds import Belongings
from store.records import NewTurn, TurnId, TurnRecord


def belongings(
    snapshot: Snapshot,
    till: Till,
    language: str,
    *,
    said: Said | None = None,
    traceparent: str = "",
) -> Belongings:
    """All that another job needs to go on, and what is owed if none does. With `said`, turns have
    no words, and it goes with what is remembered, as does the `traceparent` of the session."""
    turn = _open_turn(snapshot, llm_model=till.model.id, language=language)
    memory = snapshot.to_json()
    if traceparent:
        memory["traceparent"] = traceparent
    if said is None:
        return Belongings(memory, turn, till.peek())
    memory["said"] = said.to_json()
    return Belongings(memory, turn and turn.without_words(), till.peek())


def traceparent_in(memory: dict[str, Any] | None) -> str:
    """What the last holder knew of the session's trace; empty: nothing."""
    return known_traceparent((memory or {}).get("traceparent"))


def past_of(memory: dict[str, Any] | None, turns: Sequence[TurnRecord]) -> Sequence[PastTurn]:
    """The exchanges that are stored, each with its words where `memory` has those."""
    said = said_in(memory)
    past = [
        PastTurn(
            str(turn.id),
            turn.turn_index,
            turn.user_transcript,
            turn.agent_response,
            turn.tool_rounds,
        )
        for turn in turns
    ]
    return [said.get(turn.id, turn) for turn in past]


def resume_point(
    memory: dict[str, Any] | None,
    turns: Sequence[TurnRecord],
    *,
    elapsed_s: float,
    is_planned: bool,
    sound_from_s: float | None = None,
) -> ResumePoint:
    """Where a session goes on whose last holder left `memory` and `turns`."""
    snapshot, past = Snapshot.from_json(memory), past_of(memory, turns)
    return ResumePoint(snapshot, past, elapsed_s, is_planned=is_planned, sound_from_s=sound_from_s)


def _open_turn(snapshot: Snapshot, *, llm_model: str, language: str) -> NewTurn | None:
    """The exchange at hand, else the caller's words so far, as a turn that ends here."""
    ended_at_ms = snapshot.taken_at_ms
    if (exchange := snapshot.at_hand) is not None:
        is_heard = bool(exchange.heard or exchange.rounds)
        spent = told_apart(exchange.used, exchange.discarded, is_heard=is_heard)
        return NewTurn(
            id=TurnId(UUID(exchange.id)),
            turn_index=snapshot.next_index,
            user_transcript=exchange.caller_text,
            agent_response=exchange.heard,
            interrupted=True,
            llm_model=llm_model,
            language=language,
            started_at_ms=min(exchange.started_at_ms, ended_at_ms),
            ended_at_ms=ended_at_ms,
            caller_audio_s=exchange.caller_audio_s,
            agent_audio_s=exchange.played_s,
            tool_rounds=list(exchange.rounds) or None,
            discarded_answers=exchange.n_discarded,
            upstream=exchange.served.upstream,
            passages=exchange.served.passages_to_json() or None,
            faults=snapshot.faults or None,
            **counts_of(*spent),
        )
    words = snapshot.open_turn
    if words is None or not words.text:
        return None
    return NewTurn(
        id=TurnId(UUID(words.id)),
        turn_index=snapshot.next_index,
        user_transcript=words.text,
        agent_response="",
        llm_model=llm_model,
        language=language,
        started_at_ms=min(words.started_at_ms, ended_at_ms),
        ended_at_ms=ended_at_ms,
        faults=snapshot.faults or None,
    )
