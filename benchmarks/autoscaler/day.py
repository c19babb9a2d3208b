"""A day of an autoscaled fleet, event by event.

caller comes ─ place? ─▶ served ─▶ leaves          pod: begun ─cold start─▶ takes sessions
                └ waits ─▶ refused                      told to end ─drain─▶ hands over ─▶ gone
every 15 s the scaler reads a metric that is one scrape old; a zone may be lost with its pods
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from benchmarks.autoscaler.demand import DAY_S, Arrival
from benchmarks.autoscaler.fleet import Fleet, Pod, Session
from benchmarks.autoscaler.scaler import SYNC_S, Knobs, Scaler

MINUTE_S: Final = 60.0
AGAIN_S: Final = 10.0
"""`agent/holding/handover`: after one that found no successor."""


@dataclass(frozen=True)
class Platform:
    """What is not the scaler's. `cold_start_s`: from a pod wished for to one that takes sessions.
    `scrape_s`: how old the metric may be. `wait_s`: ADMISSION_WAIT_S. `evict_s`: until Kubernetes
    gives pods up whose node is gone, and only then makes others. `takeover_s`: until a session
    whose worker died is sent for, `patience_s`: until it is given up (AGENT_START_TIMEOUT_S)."""

    capacity: int = 8
    zones: int = 3
    cold_start_s: float = 60.0
    scrape_s: float = 15.0
    drain_s: float = 30.0
    wait_s: float = 2.0
    evict_s: float = 340.0
    takeover_s: float = 3.0
    patience_s: float = 15.0


@dataclass(frozen=True)
class ZoneLost:
    """A zone that is gone for a while."""

    zone: int
    at_s: float
    for_s: float


@dataclass(frozen=True, slots=True)
class Minute:
    """How it stood, and what was refused since the minute before."""

    at_s: float
    sessions: int
    places: int
    pods: int
    refused: int


@dataclass
class Outcome:
    """What became of a day. Every caller was served or refused; `lost` sessions were served and
    then cut off for want of a place elsewhere."""

    arrivals: int = 0
    served: int = 0
    refused: int = 0
    waits_s: list[float] = field(default_factory=list)
    moved: int = 0
    struck: int = 0
    lost: int = 0
    pod_s: float = 0.0
    session_s: float = 0.0
    minutes: list[Minute] = field(default_factory=list)

    @property
    def pod_hours(self) -> float:
        return self.pod_s / 3600

    @property
    def use(self) -> float:
        """Sessions a pod, over all of the day."""
        return self.session_s / self.pod_s if self.pod_s else 0.0


class Day:
    """One run: `run` it once."""

    def __init__(self, knobs: Knobs, platform: Platform, zone_lost: ZoneLost | None = None) -> None:
        self._platform = platform
        self._zone_lost = zone_lost
        self._scaler = Scaler(knobs)
        self._fleet = Fleet(platform.capacity, platform.zones)
        self._replicas = knobs.least
        self._n_gone = 0
        self._waiting: deque[tuple[float, Arrival]] = deque()
        self._struck: deque[tuple[float, Session]] = deque()
        self._scraped = 0
        self._n_refused_before = 0
        self._now = self._counted_until_s = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._n_events = 0
        self.outcome = Outcome()

    def run(self, arrivals: Iterable[Arrival]) -> Outcome:
        """The day, and what is left of it when nobody comes any more."""
        for _ in range(self._replicas):
            self._fleet.open(self._fleet.begin(0.0))
        self._every(SYNC_S, self._scale)
        self._every(self._platform.scrape_s, self._scrape)
        self._every(MINUTE_S, self._look)
        if (lost := self._zone_lost) is not None:
            self._at(lost.at_s, lambda: self._lose(lost))
        for arrival in arrivals:
            self._happen_until(arrival.at_s)
            self._come(arrival)
        self._happen_until(DAY_S + self._platform.patience_s)
        for _, _arrival in self._waiting:
            self.outcome.refused += 1
        return self.outcome

    # Time

    def _at(self, at_s: float, do: Callable[[], None]) -> None:
        self._n_events += 1
        heapq.heappush(self._events, (at_s, self._n_events, do))

    def _every(self, period_s: float, do: Callable[[], None]) -> None:
        def again() -> None:
            do()
            if self._now + period_s <= DAY_S:
                self._at(self._now + period_s, again)

        self._at(period_s, again)

    def _happen_until(self, at_s: float) -> None:
        while self._events and self._events[0][0] <= at_s:
            moment, _, do = heapq.heappop(self._events)
            self._pass_until(moment)
            do()
        self._pass_until(at_s)

    def _pass_until(self, at_s: float) -> None:
        passed_s, self._now = at_s - self._now, at_s
        self.outcome.pod_s += passed_s * self._fleet.n_pods
        self.outcome.session_s += passed_s * self._fleet.n_sessions

    # Callers

    def _come(self, arrival: Arrival) -> None:
        self.outcome.arrivals += 1
        if self._waiting or not self._serve(arrival):
            deadline_s = self._now + self._platform.wait_s
            self._waiting.append((deadline_s, arrival))
            self._at(deadline_s, self._refuse)

    def _serve(self, arrival: Arrival) -> bool:
        session = Session(self._now + arrival.stays_s)
        if not self._fleet.take(session):
            return False
        self.outcome.served += 1
        if (waited_s := self._now - arrival.at_s) > 0:
            self.outcome.waits_s.append(waited_s)
        self._at(session.ends_at_s, lambda: self._leave(session))
        return True

    def _refuse(self) -> None:
        while self._waiting and self._waiting[0][0] <= self._now:
            self._waiting.popleft()
            self.outcome.refused += 1

    def _leave(self, session: Session) -> None:
        pod = self._fleet.leave(session)
        if pod is None:
            return
        if pod.is_ending and not pod.sessions:
            self._fleet.remove(pod)
        self._fill()

    def _fill(self) -> None:
        """Places are free: first for those who were cut off, then for those who wait."""
        while self._struck and self._resume(self._struck[0][1]):
            self._struck.popleft()
        while self._waiting and self._serve(self._waiting[0][1]):
            self._waiting.popleft()

    def _resume(self, session: Session) -> bool:
        """Whether it needs to wait no longer: its caller may have left meanwhile."""
        return session.ends_at_s <= self._now or self._fleet.take(session)

    # Pods

    def _scrape(self) -> None:
        self._scraped = self._fleet.n_sessions

    def _scale(self) -> None:
        wanted = self._scaler.decide(self._now, self._scraped, self._replicas)
        if wanted > self._replicas:
            for _ in range(wanted - self._replicas):
                self._begin()
        else:
            # Those whose node is gone are ended first, of which nothing is left.
            n_gone = min(self._n_gone, self._replicas - wanted)
            self._n_gone -= n_gone
            for pod in self._fleet.victims(self._replicas - wanted - n_gone):
                self._end(pod)
        self._replicas = wanted

    def _begin(self) -> None:
        pod = self._fleet.begin(self._now)

        def open_it() -> None:
            self._fleet.open(pod)
            self._fill()

        self._at(self._now + self._platform.cold_start_s, open_it)

    def _end(self, pod: Pod) -> None:
        self._fleet.close(pod)
        pod.is_ending = True
        if not pod.sessions:
            self._fleet.remove(pod)
        else:
            self._at(self._now + self._platform.drain_s, lambda: self._hand_over(pod))

    def _hand_over(self, pod: Pod) -> None:
        if not self._fleet.has(pod):
            return
        self.outcome.moved += self._fleet.hand_over(pod)
        if pod.sessions:
            self._at(self._now + AGAIN_S, lambda: self._hand_over(pod))
        else:
            self._fleet.remove(pod)

    def _lose(self, lost: ZoneLost) -> None:
        platform, staying = self._platform, self._fleet.n_staying
        struck = [one for one in self._fleet.lose(lost.zone) if one.ends_at_s > self._now]
        self._n_gone += staying - self._fleet.n_staying
        self.outcome.struck += len(struck)
        self._at(self._now + platform.takeover_s, lambda: self._take_over(struck))
        self._at(self._now + lost.for_s, lambda: self._fleet.regain(lost.zone))

        self._at(self._now + platform.evict_s, self._replace)

    def _replace(self) -> None:
        n_gone, self._n_gone = self._n_gone, 0
        for _ in range(n_gone):
            self._begin()

    def _take_over(self, struck: list[Session]) -> None:
        deadline_s = self._now - self._platform.takeover_s + self._platform.patience_s
        self._struck.extend((deadline_s, session) for session in struck)
        self._at(deadline_s, self._give_up)
        self._fill()

    def _give_up(self) -> None:
        while self._struck and self._struck[0][0] <= self._now:
            _, session = self._struck.popleft()
            self.outcome.lost += session.ends_at_s > self._now

    def _look(self) -> None:
        refused = self.outcome.refused - self._n_refused_before
        self._n_refused_before = self.outcome.refused
        fleet = self._fleet
        minute = Minute(self._now, fleet.n_sessions, fleet.n_places, fleet.n_staying, refused)
        self.outcome.minutes.append(minute)
