"""Pods and the sessions that they hold. Who comes is given the pod with most places free."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain


@dataclass(eq=False, slots=True)
class Session:
    """One caller being served, until then."""

    ends_at_s: float


@dataclass(eq=False, slots=True)
class Pod:
    """One worker, in a zone. It `takes` sessions once it is ready and until it is to end."""

    number: int
    zone: int
    begun_at_s: float
    takes: bool = False
    is_ending: bool = False
    sessions: dict[Session, None] = field(default_factory=dict)


class Fleet:
    """All pods that run. Nothing here knows the time but what it is told."""

    def __init__(self, capacity: int, zones: int) -> None:
        self._capacity = capacity
        self._zones = list(range(zones))
        self._pods: dict[int, Pod] = {}
        self._by_load: list[dict[Pod, None]] = [{} for _ in range(capacity + 1)]
        self._where: dict[Session, Pod] = {}
        self._n_made = 0

    @property
    def n_pods(self) -> int:
        """All that are paid for."""
        return len(self._pods)

    @property
    def n_staying(self) -> int:
        """Those that are not to end."""
        return sum(not pod.is_ending for pod in self._pods.values())

    def has(self, pod: Pod) -> bool:
        """Whether it still runs."""
        return pod.number in self._pods

    @property
    def n_sessions(self) -> int:
        return len(self._where)

    @property
    def n_places(self) -> int:
        """Sessions that those pods hold at most which take some."""
        return self._capacity * sum(map(len, self._by_load))

    def begin(self, at_s: float) -> Pod:
        """Another pod, in the zone with the fewest."""
        in_zone = dict.fromkeys(self._zones, 0)
        for pod in self._pods.values():
            if pod.zone in in_zone:
                in_zone[pod.zone] += 1
        self._n_made += 1
        pod = Pod(self._n_made, min(in_zone, key=lambda zone: in_zone[zone]), at_s)
        self._pods[pod.number] = pod
        return pod

    def open(self, pod: Pod) -> None:
        """It takes sessions from now on, unless it is gone or to end."""
        if pod.number in self._pods and not pod.is_ending:
            pod.takes = True
            self._by_load[len(pod.sessions)][pod] = None

    def close(self, pod: Pod) -> None:
        """It takes no more; those that it has go on."""
        if pod.takes:
            pod.takes = False
            del self._by_load[len(pod.sessions)][pod]

    def remove(self, pod: Pod) -> list[Session]:
        """It is gone; the sessions that it held are nobody's."""
        self.close(pod)
        del self._pods[pod.number]
        for session in pod.sessions:
            del self._where[session]
        return list(pod.sessions)

    def victims(self, n: int) -> list[Pod]:
        """Those that a ReplicaSet ends first: what takes nothing yet, then the youngest."""
        staying = [pod for pod in self._pods.values() if not pod.is_ending]
        return sorted(staying, key=lambda pod: (pod.takes, -pod.begun_at_s, -pod.number))[:n]

    def lose(self, zone: int) -> Iterator[Session]:
        """A zone is gone with all its pods; sessions that were theirs."""
        self._zones.remove(zone)
        lost = [pod for pod in self._pods.values() if pod.zone == zone]
        return chain.from_iterable([self.remove(pod) for pod in lost])

    def regain(self, zone: int) -> None:
        """New pods may begin there again."""
        self._zones.append(zone)

    def take(self, session: Session) -> bool:
        """Give it a place; False where there is none."""
        for load in range(self._capacity):
            if self._by_load[load]:
                # The last: to find a dict's first, all that was deleted before it is passed by.
                pod, _ = self._by_load[load].popitem()
                pod.sessions[session] = None
                self._by_load[load + 1][pod] = None
                self._where[session] = pod
                return True
        return False

    def hand_over(self, pod: Pod) -> int:
        """Move to others what finds places there; how many did."""
        moved = 0
        for session in list(pod.sessions):
            if not self._has_place:
                break
            self.leave(session)
            self.take(session)
            moved += 1
        return moved

    def leave(self, session: Session) -> Pod | None:
        """It has ended, and its place is free; the pod that it had, None where it was nobody's."""
        pod = self._where.pop(session, None)
        if pod is None:
            return None
        if pod.takes:
            del self._by_load[len(pod.sessions)][pod]
        del pod.sessions[session]
        if pod.takes:
            self._by_load[len(pod.sessions)][pod] = None
        return pod

    @property
    def _has_place(self) -> bool:
        return any(self._by_load[: self._capacity])
