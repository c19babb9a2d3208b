"""One time that something failed: who was calling, what it took, what went wrong."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from benchmarks.chaos.guest import Guest
from benchmarks.chaos.heard import overlap_s, spans_of
from benchmarks.chaos.inbox import Inbox
from benchmarks.chaos.reckoning import reckon

_TOLD_S: Final = 20.0
_POLL_S: Final = 0.2


@dataclass
class Trial:
    """`took_ms`: what its fault measures, none where it did not come to that. `problems`: what
    must not be, by what it is called. `notes`: what else was seen. `left_active`: sessions that did
    not end."""

    number: int
    moment: str = ""
    took_ms: list[float] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)
    notes: dict[str, object] = field(default_factory=dict)
    guests: list[Guest] = field(default_factory=list)
    left_active: int = 0

    def took(self, seconds: float) -> None:
        """One figure."""
        self.took_ms.append(round(1000 * seconds, 1))

    def must(self, holds: bool, problem: str) -> None:
        """Note the problem where it does not hold."""
        self.problems[problem] += not holds

    def pick(self, *moments: str) -> str:
        """The moments in turn, so that each has its share of the trials."""
        self.moment = moments[self.number % len(moments)]
        return self.moment


@dataclass(frozen=True)
class Losses:
    """What is counted of one trial when its sessions are over."""

    turns_lost: int = 0
    words_lost: int = 0
    doubles: int = 0
    ends: tuple[int, ...] = ()
    left_active: int = 0


async def losses_of(trial: Trial, inbox: Inbox) -> Losses:
    """Of a trial whose sessions are over; also counts among its problems."""
    await _until_told(trial, inbox)
    turns_lost = words_lost = doubles = 0
    for guest in trial.guests:
        found = reckon(guest.said, await guest.api.turns(guest.session.id), guest.tried)
        turns_lost += found.turns_lost
        words_lost += found.words_lost
        trial.problems["unanswered question"] += found.unanswered
        trial.problems["words doubled"] += found.words_doubled
        if (both_s := overlap_s(guest.tracks)) > 0:
            doubles += 1
            trial.notes["heard at once"] = [round(both_s, 2), spans_of(guest.tracks)]
    return Losses(
        turns_lost=turns_lost,
        words_lost=words_lost + trial.problems["word never heard"],
        doubles=doubles + trial.problems["word heard twice"],
        ends=tuple(inbox.ends_of(guest.session.id) for guest in trial.guests),
        left_active=trial.left_active,
    )


async def _until_told(trial: Trial, inbox: Inbox) -> None:
    deadline = time.monotonic() + _TOLD_S
    while time.monotonic() < deadline:
        if all(inbox.ends_of(guest.session.id) for guest in trial.guests):
            return
        await asyncio.sleep(_POLL_S)
