"""How well a route serves: its breaker, and how soon its answers begin. Pure.

    closed ── 3 failures in a row, or one that says "not now" ──▶ open ── its wait is over ──▶ trial
       ▲                                                            ▲                            │
       └───────────────── an answer ────────────────────────────────┴──── it failed, twice the wait

A trial is one request of one session; nobody else asks meanwhile, unless every route is open. One
whose process dies is forgotten after `TRIAL_S`. Times are the monotonic clock's, which the
processes of a machine share.
"""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from core.catalog import Quirk
from core.errors import ProviderBusy, ProviderDenied, ProviderError, ProviderRefused

FAILURES_TO_OPEN: Final = 3
WAIT_S: Final = 2.0
"""Of the first opening; each further one in a row doubles it."""
LONGEST_WAIT_S: Final = 60.0
DENIED_WAIT_S: Final = 60.0
LONGEST_DENIED_WAIT_S: Final = 600.0
"""Of a bad key or a spent account, which people have to mend."""
TRIAL_S: Final = 10.0
LEARNT_S: Final = 1800.0
"""For which is remembered what a host turned out to want; then it is asked as usual again."""

N_KEPT: Final = 64
"""First tokens that are remembered."""
N_ENOUGH: Final = 8
"""Fewer say nothing about the twentieth."""
PRIOR_S: Final = 1.0
GRACE_S: Final = 0.05
"""Hosts that always take about as long are not raced for a moment."""
SOONEST_S: Final = 0.4
LATEST_S: Final = 3.0

N_TO_COMPARE: Final = 5
N_RECENT: Final = 16
"""Of the first tokens, those that tell how soon a route's answers begin these days."""
TRY_EVERY_S: Final = 120.0
"""After which a route that could come first is measured anew."""


@dataclass(frozen=True, slots=True)
class RouteHealth:
    """What is known of a route. A new one is closed: it may be asked."""

    n_failures: int = 0
    n_openings: int = 0
    open_until: float = 0.0
    trial_until: float = 0.0
    first_tokens_s: tuple[float, ...] = ()
    quirks: frozenset[Quirk] = frozenset()
    quirks_until: float = 0.0
    measured_at: float = 0.0

    def quirks_at(self, at: float) -> frozenset[Quirk]:
        """What it has turned out to want."""
        return self.quirks if at < self.quirks_until else frozenset()

    def learnt(self, quirks: Iterable[Quirk], at: float) -> "RouteHealth":
        """It wants this as well."""
        known = self.quirks_at(at).union(quirks)
        return replace(self, quirks=known, quirks_until=at + LEARNT_S)

    def is_open(self, at: float) -> bool:
        """Whether to ask others first."""
        return self.n_openings > 0 and at < max(self.open_until, self.trial_until)

    @property
    def late_after_s(self) -> float:
        """The 95th percentile of the recent times to first token and a little, within reason."""
        if len(self.first_tokens_s) < N_ENOUGH:
            return PRIOR_S
        ranked = sorted(self.first_tokens_s)
        p95 = ranked[math.ceil(0.95 * len(ranked)) - 1]
        return min(max(p95 + GRACE_S, SOONEST_S), LATEST_S)

    @property
    def usual_s(self) -> float | None:
        """How soon its answers mostly begin; None where too few have."""
        if len(self.first_tokens_s) < N_TO_COMPARE:
            return None
        return statistics.median(self.first_tokens_s[-N_RECENT:])

    @property
    def due_at(self) -> float:
        """When to measure it anew. One that failed is left alone for as long behind its wait."""
        return max(self.measured_at + TRY_EVERY_S, self.open_until + TRY_EVERY_S, self.trial_until)

    def on_trial(self, at: float) -> "RouteHealth":
        """It is about to be asked for a measurement, which nobody else does meanwhile. Where it had
        failed, asking is a trial anyway."""
        return replace(self, trial_until=at + TRIAL_S) if self.n_openings == 0 else self

    def tried(self, at: float) -> "RouteHealth":
        """It is about to be asked: where it was open, as the trial."""
        if self.n_openings == 0 or self.is_open(at):
            return self
        return replace(self, trial_until=at + TRIAL_S)

    def began(self, first_token_s: float, at: float) -> "RouteHealth":
        """An answer began; it may still stall or break."""
        return replace(self, first_tokens_s=self._with(first_token_s), measured_at=at)

    def answered(self) -> "RouteHealth":
        """An answer was whole, or good until nobody wanted more; what was wrong is over."""
        return replace(self, n_failures=0, n_openings=0, open_until=0.0, trial_until=0.0)

    def was_outrun(self, elapsed_s: float, at: float) -> "RouteHealth":
        """Another route's answer came first. One that was late is a failure as well: a route that
        hangs would otherwise be asked, and waited for, at every turn."""
        if elapsed_s < self.late_after_s:
            return self
        known = replace(self, first_tokens_s=self._with(elapsed_s), measured_at=at)
        return known._counted(at)

    def failed(self, error: ProviderError, at: float) -> "RouteHealth":
        """A request failed. One that was refused for what it asks says nothing of the route."""
        if isinstance(error, ProviderDenied):
            longest_s = LONGEST_DENIED_WAIT_S
            return self._opened(at, min(DENIED_WAIT_S * 2**self.n_openings, longest_s))
        if isinstance(error, ProviderRefused):
            return self
        if isinstance(error, ProviderBusy) and error.wait_s is not None:
            return self._opened(at, min(max(error.wait_s, WAIT_S), LONGEST_WAIT_S))
        return self._counted(at)

    def _counted(self, at: float) -> "RouteHealth":
        known = replace(self, n_failures=min(self.n_failures + 1, FAILURES_TO_OPEN))
        if self.n_openings == 0 and known.n_failures < FAILURES_TO_OPEN:
            return known
        return known._opened(at, min(WAIT_S * 2**self.n_openings, LONGEST_WAIT_S))

    def _opened(self, at: float, wait_s: float) -> "RouteHealth":
        """Requests that were under way when it opened tell nothing new."""
        if self.n_openings > 0 and at < self.open_until:
            return self
        return replace(
            self,
            n_openings=min(self.n_openings + 1, 16),
            open_until=at + wait_s,
            trial_until=0.0,
        )

    def _with(self, first_token_s: float) -> tuple[float, ...]:
        return (*self.first_tokens_s, first_token_s)[-N_KEPT:]
