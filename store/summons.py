"""What a dispatch tells a job: which session it is sent for, and in whose place.

Written by whoever sends for an agent, API or holder; read by the job.
"""

import json
import uuid
from dataclasses import dataclass
from typing import Final, Self

from core.spans import known_traceparent
from store.records import SessionId

MAX_SEAT: Final = 9_999
"""No session lasts for so many agents."""
MAX_JOB_ID_CHARS: Final = 100
MAX_WAITS_S: Final = 60


@dataclass(frozen=True, slots=True)
class Summons:
    """The metadata of a dispatch.

    `seat` numbers the agent's identity in the room. With a `predecessor`, the job of that id still
    holds the session and hands it over as soon as this one is ready. `traceparent` is of the trace
    that the session belongs to, empty where there is none. With `waits_s` it was sent for by the
    create and waits so long for a caller who may not come; else the caller has made the room.
    """

    session_id: SessionId
    seat: int = 0
    predecessor: str | None = None
    traceparent: str = ""
    waits_s: int = 0

    @classmethod
    def read(cls, metadata: str) -> Self | None:
        """None where it names no session, or nobody's place in it."""
        try:
            told = json.loads(metadata)
            session_id = SessionId(uuid.UUID(told["session_id"]))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        seat, predecessor = told.get("seat", 0), told.get("predecessor")
        if type(seat) is not int or not 0 <= seat <= MAX_SEAT:
            return None
        if predecessor is not None and not _is_job_id(predecessor):
            return None
        waits_s = told.get("waits_s", 0)
        if type(waits_s) is not int or not 0 <= waits_s <= MAX_WAITS_S:
            return None
        traceparent = known_traceparent(told.get("traceparent"))
        return cls(session_id, seat, predecessor, traceparent, waits_s)

    def written(self) -> str:
        """As metadata."""
        told: dict[str, object] = {"session_id": str(self.session_id), "seat": self.seat}
        if self.predecessor is not None:
            told["predecessor"] = self.predecessor
        if self.traceparent:
            told["traceparent"] = self.traceparent
        if self.waits_s:
            told["waits_s"] = self.waits_s
        return json.dumps(told)

    @property
    def identity(self) -> str:
        """The agent's in the room: told from every other agent's of its session, and known to be
        one of them."""
        base = agent_identity(self.session_id)
        return f"{base}-{self.seat}" if self.seat else base


def _is_job_id(told: object) -> bool:
    return isinstance(told, str) and 0 < len(told) <= MAX_JOB_ID_CHARS and told.isprintable()


def agent_identity(session_id: SessionId) -> str:
    """How the identities of a session's agents begin; the first one's is just that."""
    return f"agent-{session_id}"
