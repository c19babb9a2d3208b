"""The policies of a sweep: a grid over `Endpointing`, and silence alone as the baseline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any, Final

from pipeline.endpointing import Endpointing
from sandbox.scripted.punctuation import HABITS

GRID: Final[Mapping[str, Sequence[float]]] = {
    "min_delay_s": (0.2, 0.3, 0.4, 0.6),
    "max_delay_s": (0.6, 0.8, 1.0, 1.2, 1.6, 2.0),
}
"""Field of `Endpointing` → its values; all others stay at their defaults."""
SILENCE_ONLY_S: Final = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2)
TOLD_RIGHTLY: Final = (100, 90, 80)
"""How well a model may tell whether the caller has broken off: assumptions, none was measured."""
DEFAULT_SERIES: Final = "today's default"
SILENCE_SERIES: Final = "silence alone"


@dataclass(frozen=True)
class Policy:
    """`series`: the line of the curve it is a point of. `punctuation`: the recogniser's habit.
    `told_rightly`: of a hundred texts so many are judged rightly by the answering model, which is
    asked whether the caller has broken off; None where it is not."""

    series: str
    endpointing: Endpointing
    punctuation: str = "vendor"
    told_rightly: int | None = None

    @property
    def parameters(self) -> Mapping[str, float | int]:
        return asdict(self.endpointing)


def policies() -> Iterator[Policy]:
    """Today's default under each kind of finals first, then with a model that tells, then the
    baseline, then the grid."""
    yield Policy(DEFAULT_SERIES, Endpointing())
    for punctuation in ("never", "always"):
        yield Policy(f"{DEFAULT_SERIES}, full stops {punctuation}", Endpointing(), punctuation)
    for punctuation, percent in product(HABITS, TOLD_RIGHTLY):
        series = f"a model that tells, {percent} % rightly, full stops {punctuation}"
        yield Policy(series, Endpointing(), punctuation, percent)
    for delay_s in SILENCE_ONLY_S:
        yield Policy(SILENCE_SERIES, Endpointing(min_delay_s=delay_s, max_delay_s=delay_s))
    for values in product(*GRID.values()):
        bounds: dict[str, Any] = dict(zip(GRID, values, strict=True))
        if bounds["min_delay_s"] <= bounds["max_delay_s"]:
            yield Policy(f"min_delay {bounds['min_delay_s']:g} s", Endpointing(**bounds))
