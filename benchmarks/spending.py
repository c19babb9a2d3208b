"""What turns asked of model and voice: for answers that were heard, and in vain.

Answers are begun before the caller has ended, requests are raced, and some of them nobody hears.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from cli.caller.turn import Turn

FIELDS: Final[Mapping[str, Sequence[str]]] = {
    "tokens": ("input_tokens", "output_tokens"),
    "characters": ("characters",),
}
"""What is counted, and the fields of a turn that it is the sum of, behind the fate."""

Spending = tuple[int, int]
"""Used and discarded."""


@dataclass(frozen=True)
class Waste:
    """Discarded over used: percentiles of the `n` turns that used something, and `overall` the
    sum of all turns over theirs."""

    n: int
    p50: float
    p95: float
    overall: float

    @classmethod
    def of(cls, turns: Sequence[Spending]) -> Self | None:
        """None where nothing was used: there is no ratio."""
        ratios = [discarded / used for used, discarded in turns if used]
        if not ratios:
            return None
        p50, p95 = np.percentile(ratios, (50, 95)).round(2).tolist()
        used, discarded = (sum(counts) for counts in zip(*turns, strict=True))
        return cls(len(ratios), p50, p95, round(discarded / used, 2))

    def __str__(self) -> str:
        return f"{self.p50:.2f} / {self.p95:.2f} ({self.n}), {self.overall:.2f} in all"


def spending_of(turns: Iterable[Turn]) -> dict[str, Spending]:
    """By kind, of all that one question brought; empty where a turn does not tell."""
    counted = list(turns)
    found = {}
    for kind, fields in FIELDS.items():
        used, discarded = (
            [getattr(turn, f"{fate}_{field}") for turn in counted for field in fields]
            for fate in ("used", "discarded")
        )
        if not counted or None in used or None in discarded:
            return {}
        found[kind] = sum(used), sum(discarded)
    return found
