"""What a dispatch tells a job: which session it is sent for, and in whose place."""

import json
import uuid
from dataclasses import dataclass
from typing import Self

from store.records import SessionId


@dataclass(frozen=True, slots=True)
class Summons:
    """The metadata of a dispatch.

    `seat` numbers the agent's identity in the room. With a `predecessor`, the job of that id still
    holds the session and hands it over as soon as this one is ready.
    """

    session_id: SessionId
    seat: int = 0
    predecessor: str | None = None

    @classmethod
    def read(cls, metadata: str) -> Self | None:
        """None where it names no session."""
        try:
            told = json.loads(metadata)
            session_id = SessionId(uuid.UUID(told["session_id"]))
            return cls(session_id, int(told.get("seat", 0)), told.get("predecessor"))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def written(self) -> str:
        """As metadata."""
        told = {"session_id": str(self.session_id), "seat": self.seat}
        if self.predecessor is not None:
            told["predecessor"] = self.predecessor
        return json.dumps(told)

    @property
    def identity(self) -> str:
        """The agent's in the room: told from every other agent's of its session, and known to be
        one of them."""
        base = agent_identity(self.session_id)
        return f"{base}-{self.seat}" if self.seat else base


def agent_identity(session_id: SessionId) -> str:
    """How the identities of a session's agents begin; the first one's is just that."""
    return f"agent-{session_id}"
