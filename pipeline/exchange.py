"""One exchange while it lasts: what the caller said, the reply, and what is recorded of both."""

import uuid
from dataclasses import dataclass, field
from typing import Self

from pipeline.clock import now
from pipeline.events import AgentTranscribed, CallerTranscribed, Ending, TurnEnded
from pipeline.faults import FaultsJson
from pipeline.reply import Reply
from pipeline.rounds import rounds_to_json
from pipeline.served import Served
from pipeline.snapshot import AtHand, Unheard
from pipeline.spending import Discards, Spent, told_apart
from pipeline.timeline import CALLERS_MARKS


def new_id() -> str:
    """An id for an exchange, known from its first sound on."""
    return str(uuid.uuid4())


def caller_segment(exchange_id: str) -> str:
    """Id of the transcript segment of the caller's words."""
    return f"{exchange_id}-caller"


def agent_segment(exchange_id: str) -> str:
    """Id of the transcript segment of the reply."""
    return f"{exchange_id}-agent"


@dataclass(slots=True)
class Exchange:
    """A decided turn and its reply. `started_at` is when the caller, or else the agent, began.

    The caller's words are not announced as final before the reply can no longer be taken back.
    With `farewell_for` the reply is a farewell of ours: the conversation ends so once it was heard.
    `discards` were begun before this reply and thrown away. `heard_before` was heard of it, in
    `played_before_s`, while another process made it, which used `used_before` and was
    served by `served_before`.
    """

    caller_text: str
    reply: Reply
    started_at: float
    caller_audio_s: float = 0.0
    id: str = field(default_factory=new_id)
    discards: Discards = field(default_factory=Discards)
    is_announced: bool = False
    is_interrupted: bool = False
    played_s: float = 0.0
    shown: str = ""
    farewell_for: Ending | None = None
    heard_before: str = ""
    played_before_s: float = 0.0
    used_before: Spent = field(default_factory=Spent)
    served_before: Served = field(default_factory=Served)

    @classmethod
    def resumed(cls, left: AtHand, reply: Reply, began_at: float) -> Self:
        """An exchange that another process began, with what is still to be said."""
        known = {key: at for key, at in left.marks.items() if left.heard or key in CALLERS_MARKS}
        reply.timeline.take_over(known, began_at)
        return cls(
            left.caller_text,
            reply,
            started_at=min(now(), began_at + left.started_at_ms / 1000),
            caller_audio_s=left.caller_audio_s,
            id=left.id,
            discards=Discards(left.n_discarded, before=left.discarded),
            is_announced=left.is_announced,
            farewell_for=left.leads_to,
            heard_before=left.heard,
            played_before_s=left.played_s,
            used_before=left.used,
            served_before=left.served,
        )

    @property
    def heard(self) -> str:
        """The words of the reply that were heard."""
        return self._after_before(self.reply.heard(self.played_s))

    @property
    def heard_s(self) -> float:
        """Seconds of the reply that were heard."""
        return self.played_before_s + self.played_s

    def _after_before(self, words: str) -> str:
        return " ".join(filter(None, [self.heard_before, words]))

    @property
    def is_nothing(self) -> bool:
        """Whether neither side was heard, and nothing was done."""
        return not (self.caller_text or self.heard or self.reply.tools.rounds)

    @property
    def is_answered(self) -> bool:
        """Whether the reply has come to a sound of what the caller waits for."""
        has_nothing_more = bool(self.heard_before) and self.reply.failure is None
        return has_nothing_more or self.reply.is_answer

    @property
    def _used(self) -> Spent:
        return self.used_before + self.reply.account.used

    @property
    def _discarded(self) -> Spent:
        return self.discards.spent + self.reply.account.void

    @property
    def _served(self) -> Served:
        return self.reply.served.after(self.served_before)

    @property
    def leads_to(self) -> Ending | None:
        """How the conversation ends once the reply was heard to its end, None where it goes on."""
        return Ending.AGENT_CLOSED if self.reply.tools.ends_call else self.farewell_for

    def at_hand(self, played_s: float, began_at: float) -> AtHand:
        """What another process needs to go on with it, once `played_s` of its sound have left."""
        heard, rest = self.reply.divided(played_s)
        use = self.reply.tools
        return AtHand(
            id=self.id,
            caller_text=self.caller_text,
            started_at_ms=_offset_ms(self.started_at, began_at),
            caller_audio_s=self.caller_audio_s,
            n_discarded=self.discards.n,
            used=self._used,
            discarded=self._discarded,
            is_announced=self.is_announced,
            heard=self._after_before(heard),
            played_s=self.played_before_s + played_s,
            rest=rest,
            before_calls=self.reply.unheard_before_calls(played_s),
            is_whole=self.reply.is_whole,
            leads_to=self.leads_to,
            is_owed=self.reply.asks_model and not self.caller_text,
            rounds=rounds_to_json(use.rounds, began_at),
            tools_s=use.spent_s,
            marks=self.reply.timeline.marks(began_at),
            served=self._served,
        )

    def unheard(self) -> Unheard:
        """What is owed to a caller who heard nothing of it."""
        is_line = not self.caller_text and not self.reply.asks_model
        return Unheard(self.reply.line if is_line else "", self.farewell_for)

    def announcement(self) -> CallerTranscribed | None:
        """The caller's final words, once."""
        if self.is_announced or not self.caller_text:
            return None
        self.is_announced = True
        return CallerTranscribed(caller_segment(self.id), self.caller_text, is_final=True)

    def progress(self) -> AgentTranscribed | None:
        """The words heard so far, if there are new ones."""
        if self.heard == self.shown:
            return None
        self.shown = self.heard
        return AgentTranscribed(agent_segment(self.id), self.shown, is_final=False)

    def ending(
        self, *, turn_index: int, language: str, began_at: float, faults: FaultsJson
    ) -> TurnEnded:
        """The record of the exchange, which ends now. `faults` went wrong since the one before."""
        timeline = self.reply.timeline
        ended_at = timeline.ended_at or self.started_at
        is_heard = bool(self.heard or self.reply.tools.rounds)
        used, discarded = told_apart(self._used, self._discarded, is_heard=is_heard)
        return TurnEnded(
            id=self.id,
            turn_index=turn_index,
            user_transcript=self.caller_text,
            agent_response=self.heard,
            interrupted=self.is_interrupted,
            latencies=timeline.latencies(),
            moments=timeline.moments(began_at),
            language=language,
            started_at_ms=_offset_ms(self.started_at, began_at),
            ended_at_ms=_offset_ms(ended_at, began_at),
            caller_audio_s=self.caller_audio_s,
            agent_audio_s=self.heard_s,
            n_discarded=self.discards.n,
            used=used,
            discarded=discarded,
            tool_calls=self.reply.tools.n_calls,
            tools_ms=round(1000 * self.reply.tools.spent_s) or None,
            tool_rounds=rounds_to_json(self.reply.tools.rounds, began_at) or None,
            acknowledged_ms=timeline.acknowledged_ms,
            upstream=self._served.upstream,
            passages=self._served.passages_to_json() or None,
            faults=faults or None,
            marks=timeline.marks(began_at),
        )


def _offset_ms(at: float, began_at: float) -> int:
    return max(0, round(1000 * (at - began_at)))
