"""The jobs that a worker is about to take, each from its offer until it is launched or refused.

offered ─ the gate ─▶ accepted ─▶ assigned by LiveKit ─▶ waits for a process ─▶ launched
            └─ refused                 └─ or never: then it is given up in 7.5 s
"""

from collections.abc import Iterator
from contextlib import contextmanager

from store.summons import Summons


class Intake:
    """By job. One that is assigned is the worker's own, and waits for nothing but a process."""

    def __init__(self) -> None:
        self._asked: dict[str, Summons] = {}
        self._assigned: set[str] = set()

    def __contains__(self, job_id: object) -> bool:
        return job_id in self._asked

    @contextmanager
    def asking(self, job_id: str, summons: Summons) -> Iterator[None]:
        """It is about to be taken for so long. LiveKit may offer one anew."""
        self._asked[job_id] = summons
        try:
            yield
        finally:
            self._asked.pop(job_id, None)
            self._assigned.discard(job_id)

    def assigned(self, job_id: str) -> None:
        """LiveKit has heard that it is taken."""
        if job_id in self._asked:
            self._assigned.add(job_id)

    def has_another(self, job_id: str, summons: Summons) -> bool:
        """Whether a job waits for a process to take the same seat of the session."""
        waiting = self.waiting.items()
        return any(one != job_id and its.identity == summons.identity for one, its in waiting)

    @property
    def waiting(self) -> dict[str, Summons]:
        """Those that wait for a process."""
        return {one: self._asked[one] for one in self._assigned}
