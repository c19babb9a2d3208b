"""What was said in a session whose turns keep no words: remembered for as long as it lives.

It goes with what the job remembers of the conversation, so that a successor can go on with it, and
is gone from there with the session's end.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pipeline.events import TurnEnded
from pipeline.history import MAX_EXCHANGES, MAX_EXCHANGES_WITH_CALLS
from pipeline.resumption import PastTurn
from pipeline.snapshot import MAX_TEXT_CHARS
from pipeline.stored_json import Stored, storable


class Said:
    """The latest exchanges: as many as a model is told of."""

    def __init__(self, past: Iterable[PastTurn]) -> None:
        self._turns: Final = list(past)

    def add(self, event: TurnEnded) -> None:
        """Remember an exchange that is over."""
        words = event.user_transcript, event.agent_response
        self._turns.append(PastTurn(event.id, event.turn_index, *words, event.tool_rounds))
        del self._turns[:-MAX_EXCHANGES]

    def to_json(self) -> list[dict[str, Any]]:
        """What JSON can hold, of bounded size."""
        ages = range(len(self._turns), 0, -1)
        return [
            _to_json(turn, has_calls=age <= MAX_EXCHANGES_WITH_CALLS)
            for age, turn in zip(ages, self._turns, strict=True)
        ]


def said_in(memory: object) -> Mapping[str, PastTurn]:
    """The exchanges in what a job remembered, by their ids; nothing is raised."""
    kept = Stored.read(memory).values.get("said")
    turns = map(_turn_of, kept) if isinstance(kept, list) else ()
    return {turn.id: turn for turn in turns if turn is not None}


def _to_json(turn: PastTurn, *, has_calls: bool) -> dict[str, Any]:
    return {
        "id": turn.id,
        "turn_index": turn.turn_index,
        "caller": storable(turn.user_transcript, MAX_TEXT_CHARS),
        "agent": storable(turn.agent_response, MAX_TEXT_CHARS),
        "rounds": turn.tool_rounds if has_calls else None,
    }


def _turn_of(kept: object) -> PastTurn | None:
    stored = Stored.read(kept)
    turn_id = stored.uuid("id")
    if turn_id is None:
        return None
    return PastTurn(
        turn_id,
        stored.whole("turn_index"),
        stored.text("caller"),
        stored.text("agent"),
        stored.values.get("rounds"),
    )
