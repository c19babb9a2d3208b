"""How long callers have been without an agent, and what that calls for."""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from typing import Final

from store.reaping import Candidate
from store.records import SessionId


class Duty(Enum):
    """What is owed to a caller who is alone for too long."""

    SEND_AGENT = auto()
    GIVE_UP = auto()


class Absences:
    """Remembers since when each caller is seen alone; `clock` gives seconds.

    An agent that a worker has taken is only late, and one more would come later still: another is
    sent for at half the time after which the caller is given up, should that job be stuck.
    """

    def __init__(
        self, clock: Callable[[], float], *, send_after_s: float, give_up_after_s: float
    ) -> None:
        self._clock: Final = clock
        self._send_after_s: Final = send_after_s
        self._give_up_after_s: Final = give_up_after_s
        self._patience_s: Final = max(send_after_s, give_up_after_s / 2)
        self._alone_since: dict[SessionId, float] = {}

    def judge(self, alone: Iterable[Candidate]) -> Iterator[tuple[Candidate, Duty]]:
        """What to do for those who are alone at this look; all others are forgotten."""
        now = self._clock()
        seen = list(alone)
        before = self._alone_since
        self._alone_since = {one.id: before.get(one.id, now) for one in seen}
        for one in seen:
            alone_s = now - self._alone_since[one.id]
            if alone_s >= self._give_up_after_s:
                yield one, Duty.GIVE_UP
            elif alone_s >= (self._patience_s if one.is_taken else self._send_after_s):
                yield one, Duty.SEND_AGENT
