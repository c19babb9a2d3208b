"""Where a conversation goes on that another process has begun: what was left, and what is owed.

words that were not decided ──▶ a turn without an answer, unless their sound is heard again
a reply at hand             ──▶ its rest; asked for again where it was not made to its end
one that nobody heard       ──▶ made anew, for a caller whose connection was lost
nothing                     ──▶ one line, so that the caller knows; none when they noticed nothing
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.backchannel import is_backchannel
from pipeline.events import Ending
from pipeline.faults import FaultsJson
from pipeline.snapshot import AtHand, OpenTurn, Snapshot, Unheard

HARDLY_HEARD_S: Final = 0.3
"""Of a reply: it is begun anew."""


@dataclass(frozen=True, slots=True)
class PastTurn:
    """An exchange that is over, as the store has it; `tool_rounds` is what `TurnEnded` told."""

    id: str
    turn_index: int
    user_transcript: str
    agent_response: str
    tool_rounds: object = None


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """`elapsed_s` have passed since the session became active. `past` is all that is recorded, in
    order; the snapshot may be older than the last of it.

    `is_planned`: the holder handed over while nobody spoke. `sound_from_s`: the caller's sound from
    that moment of the session on will be heard, however long ago it was.
    """

    snapshot: Snapshot
    past: Sequence[PastTurn]
    elapsed_s: float
    is_planned: bool = False
    sound_from_s: float | None = None

    @property
    def turn_index(self) -> int:
        """Of the exchange that ends next."""
        return max([self.snapshot.next_index, *(turn.turn_index + 1 for turn in self.past)])

    @property
    def at_hand(self) -> AtHand | None:
        """The exchange whose reply had the floor, unless it is recorded."""
        exchange = self.snapshot.at_hand
        if exchange is None or self._is_recorded(exchange.id):
            return None
        if exchange.played_s >= HARDLY_HEARD_S:
            return exchange
        heard, before_calls = exchange.heard, exchange.before_calls
        return replace(
            exchange,
            heard="",
            played_s=0.0,
            rest=f"{heard} {exchange.rest}".strip(),
            before_calls=before_calls and f"{heard} {before_calls}".strip(),
        )

    @property
    def has_spoken(self) -> bool:
        """Whether the agent was ever heard."""
        return self.snapshot.has_spoken or any(turn.agent_response for turn in self.past)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing has happened yet, not even the greeting."""
        return self.turn_index == 0 and self.at_hand is None

    @property
    def heard_again(self) -> OpenTurn | None:
        """What the caller was saying, where its sound will be heard from its beginning."""
        turn, sound_from_s = self._open_turn, self.sound_from_s
        if turn is None or sound_from_s is None or 1000 * sound_from_s > turn.started_at_ms:
            return None
        return turn

    @property
    def last_words(self) -> OpenTurn | None:
        """What the caller was saying that nobody will hear again; no "mm-hm" under a reply."""
        turn = self._open_turn
        if turn is None or not turn.text or self.heard_again is not None:
            return None
        return None if self.at_hand is not None and is_backchannel(turn.text) else turn

    @property
    def unheard(self) -> Unheard | None:
        """What the caller waits for since before their connection was lost: unless something was
        recorded since, or they said more."""
        is_over = self._is_older or self.last_words is not None
        return None if is_over else self.snapshot.unheard

    @property
    def faults(self) -> FaultsJson:
        """What went wrong and is recorded nowhere."""
        return [] if self._is_older else self.snapshot.faults

    @property
    def _is_older(self) -> bool:
        """Whether an exchange ended after the snapshot was taken."""
        return any(turn.turn_index >= self.snapshot.next_index for turn in self.past)

    @property
    def farewell_heard(self) -> Ending | None:
        """How it ends at once: a farewell was heard to its end, and no words withdrew it."""
        exchange = self.snapshot.at_hand
        if self.snapshot.winding_down and exchange is not None and self._is_recorded(exchange.id):
            return self.snapshot.winding_down if exchange.leads_to is not None else None
        return None if self.last_words is not None else self.snapshot.parting

    @property
    def _open_turn(self) -> OpenTurn | None:
        turn = self.snapshot.open_turn
        return None if turn is None or self._is_recorded(turn.id) else turn

    def _is_recorded(self, exchange_id: str) -> bool:
        return any(turn.id == exchange_id for turn in self.past)
