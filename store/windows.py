"""Requests counted a minute at a time, each counter an unlogged row whose lock keeps it exact."""

from dataclasses import dataclass
from typing import Final

COUNT_MORE: Final = """
DO UPDATE SET
    started_at = CASE WHEN abs(extract(epoch FROM now() - w.started_at)) < 60
                      THEN w.started_at ELSE now() END,
    n_requests = CASE WHEN abs(extract(epoch FROM now() - w.started_at)) < 60
                      THEN w.n_requests + excluded.n_requests ELSE excluded.n_requests END
RETURNING n_requests,
          extract(epoch FROM w.started_at + interval '60 s' - now())::float8 AS reset_s"""
"""What an `INSERT INTO … AS w` does to the row that it meets. A minute that begins in the time to
come was counted by a clock that has been set back since."""


@dataclass(frozen=True, slots=True)
class RequestWindow:
    """Requests of the minute at hand, this one included; it ends in `reset_s`."""

    n_requests: int
    reset_s: float

    def before(self, n_later: int) -> "RequestWindow":
        """The same as one saw it after which so many were counted by the same statement."""
        return RequestWindow(self.n_requests - n_later, self.reset_s)
