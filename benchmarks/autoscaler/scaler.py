"""How many pods Kubernetes wants, by the algorithm that it publishes.

KEDA hands `AverageValue` triggers to a HorizontalPodAutoscaler and does nothing itself between one
pod and many: its `pollingInterval` is for waking from none, `cooldownPeriod` for going to none
(keda.sh/docs, "ScaledObject specification"). Every 15 s the autoscaler

1. asks for ceil(metric / target) pods, unless the ratio to what there is is within a tolerance of 1
   (kubernetes/kubernetes, pkg/controller/podautoscaler/replica_calculator.go,
   `GetExternalPerPodMetricReplicas`);
2. takes of all that it asked for in a window the least on the way up, the most on the way down;
3. goes no further in a period than its policies let it (`calculateScaleUpLimitWithScalingRules`,
   `calculateScaleDownLimitWithBehaviors` in the same folder's horizontal.go; kubernetes.io/docs,
   "Horizontal Pod Autoscaling", "Configurable scaling behavior").
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

TOLERANCE: Final = 0.1
SYNC_S: Final = 15.0


@dataclass(frozen=True)
class Policy:
    """So many pods, or so many of a hundred, in a period."""

    kind: Literal["Pods", "Percent"]
    value: int
    period_s: float


@dataclass(frozen=True)
class Rules:
    """Of one direction; of several policies the one that lets it go furthest counts."""

    stabilisation_s: float
    policies: Sequence[Policy]


UP: Final = Rules(0.0, (Policy("Percent", 100, 15.0), Policy("Pods", 4, 15.0)))
DOWN: Final = Rules(600.0, (Policy("Percent", 5, 60.0), Policy("Pods", 1, 60.0)))
"""Those of deploy/helm/vaarta/values.yaml."""


@dataclass(frozen=True)
class Knobs:
    """What an operator sets. `target`: sessions a pod to aim at."""

    target: float
    least: int
    most: int
    up: Rules = UP
    down: Rules = DOWN


@dataclass
class Scaler:
    """One HorizontalPodAutoscaler."""

    knobs: Knobs
    _asked: deque[tuple[float, int]] = field(default_factory=deque)
    _changes: deque[tuple[float, int]] = field(default_factory=deque)

    def decide(self, at_s: float, metric: float, replicas: int) -> int:
        """How many pods there are to be from now on, of `replicas` that are not being ended."""
        wanted = self._stabilised(at_s, _wanted(metric, replicas, self.knobs.target), replicas)
        wanted = min(max(wanted, self.knobs.least), self.knobs.most)
        wanted = min(max(wanted, self._floor(at_s, replicas)), self._ceiling(at_s, replicas))
        if wanted != replicas:
            self._changes.append((at_s, wanted - replicas))
        return wanted

    def _stabilised(self, at_s: float, wanted: int, replicas: int) -> int:
        self._asked.append((at_s, wanted))
        up_s, down_s = self.knobs.up.stabilisation_s, self.knobs.down.stabilisation_s
        while self._asked[0][0] < at_s - max(up_s, down_s):
            self._asked.popleft()
        least = min(n for asked_at, n in self._asked if asked_at >= at_s - up_s)
        most = max(n for asked_at, n in self._asked if asked_at >= at_s - down_s)
        return min(max(replicas, least), most)

    def _ceiling(self, at_s: float, replicas: int) -> int:
        limits = [
            start + policy.value
            if policy.kind == "Pods"
            else math.ceil(start * (1 + policy.value / 100))
            for policy in self.knobs.up.policies
            for start in [self._at_start(at_s, policy, replicas)]
        ]
        return max(*limits, replicas)

    def _floor(self, at_s: float, replicas: int) -> int:
        limits = [
            start - policy.value
            if policy.kind == "Pods"
            else math.floor(start * (1 - policy.value / 100))
            for policy in self.knobs.down.policies
            for start in [self._at_start(at_s, policy, replicas)]
        ]
        return min(*limits, replicas)

    def _at_start(self, at_s: float, policy: Policy, replicas: int) -> int:
        """How many there were when the policy's period began."""
        policies = (*self.knobs.up.policies, *self.knobs.down.policies)
        longest_s = max(one.period_s for one in policies)
        while self._changes and self._changes[0][0] <= at_s - longest_s:
            self._changes.popleft()
        began_s = at_s - policy.period_s
        return replicas - sum(change for at, change in self._changes if at > began_s)


def _wanted(metric: float, replicas: int, target: float) -> int:
    if replicas and abs(1.0 - metric / (target * replicas)) <= TOLERANCE:
        return replicas
    return math.ceil(metric / target)
