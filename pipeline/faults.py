"""What went wrong in a conversation and how long it took to be right again, turn by turn.

Whoever notices a fault adds it; the turn that ends next takes all of them into its record. Reasons
are our own words, never a provider's text or a caller's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pipeline.clock import now
from pipeline.stored_json import Stored, storable

FaultsJson = list[dict[str, Any]]

MAX_FAULTS: Final = 32
"""Of one turn; more are counted."""
MAX_WORD_CHARS: Final = 200


class FaultKind(StrEnum):
    """What it was."""

    MODEL_FAILED = "model_failed"
    """A host of the model gave no answer, or broke it off."""
    MODEL_LATE = "model_late"
    """It was so late that another was asked beside it."""
    ANSWER_BROKEN = "answer_broken"
    """An answer, or its sound, broke off, or never came."""
    ANSWER_HELD = "answer_held"
    """It was held for a sound that was no speech, and went on."""
    VOICE_LOST = "voice_lost"
    """The voice's connection broke; another one said the rest."""
    RECOGNITION_LOST = "recognition_lost"
    """The recogniser's connection broke, or was mute."""
    PASSAGES_MISSED = "passages_missed"
    """The documents were not searched in time."""
    CALLER_AWAY = "caller_away"
    """The caller's connection was lost, and came back."""
    WORKER_LOST = "worker_lost"
    """The agent's worker was gone; another took the session up."""
    WORKER_CHANGED = "worker_changed"
    """It handed the session over."""
    MORE = "more"
    """There were more than are kept; the reason says how many."""


@dataclass(frozen=True, slots=True)
class _Fault:
    kind: FaultKind
    at: float
    lasted_s: float | None
    provider: str
    reason: str


class Faults:
    """Those that no turn has taken yet."""

    def __init__(self) -> None:
        self._before: FaultsJson = []
        self._own: list[_Fault] = []
        self._n_more = 0

    def add(
        self,
        kind: FaultKind,
        *,
        provider: str = "",
        reason: str = "",
        at: float | None = None,
        lasted_s: float | None = None,
    ) -> None:
        """One that began then, else now."""
        if len(self._before) + len(self._own) >= MAX_FAULTS:
            self._n_more += 1
            return
        at = now() if at is None else at
        self._own.append(_Fault(kind, at, lasted_s, provider, reason))

    def take_over(self, before: Sequence[dict[str, Any]]) -> None:
        """Those that another process has noticed, as `peek` told them."""
        self._before = list(before)

    def peek(self, began_at: float) -> FaultsJson:
        """All of them, in a conversation that began then."""
        told = [*self._before, *(_to_json(one, began_at) for one in self._own)]
        told.sort(key=lambda one: int(one["at_ms"]))
        if self._n_more:
            more = _Fault(FaultKind.MORE, now(), None, "", f"{self._n_more} more")
            told.append(_to_json(more, began_at))
        return told

    def take(self, began_at: float) -> FaultsJson:
        """What `peek` tells, once."""
        taken = self.peek(began_at)
        self._before, self._own, self._n_more = [], [], 0
        return taken


def faults_from_json(data: object) -> FaultsJson:
    """What can be understood of what `peek` told."""
    entries = data[: MAX_FAULTS + 1] if isinstance(data, list) else []
    read = [Stored.read(one) for one in entries]
    return [
        {
            "kind": one.text("kind"),
            "at_ms": one.whole("at_ms"),
            "duration_ms": one.whole("duration_ms") if one.values.get("duration_ms") else None,
            "provider": one.text("provider")[:MAX_WORD_CHARS] or None,
            "reason": one.text("reason")[:MAX_WORD_CHARS] or None,
        }
        for one in read
        if one.text("kind") in set(FaultKind)
    ]


def _to_json(fault: _Fault, began_at: float) -> dict[str, Any]:
    return {
        "kind": fault.kind.value,
        "at_ms": max(0, round(1000 * (fault.at - began_at))),
        "duration_ms": None if fault.lasted_s is None else round(1000 * fault.lasted_s),
        "provider": storable(fault.provider, MAX_WORD_CHARS) or None,
        "reason": storable(fault.reason, MAX_WORD_CHARS) or None,
    }
